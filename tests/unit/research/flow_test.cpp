// The flow with a crew of stubs: no plugin, no process, milliseconds.
#include "research/flow.hpp"

#include <aisci/random.hpp>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "base/files.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

json::object parse(const char* text) { return parse_json_object(text, "fixture").value(); }

const char* kTemplate = R"({"name": "toy", "title": "Toy", "metric": "accuracy", "metrics": {"accuracy": {"title": "accuracy", "smallest_effect": 0.02, "scored_by": "program", "chance": 0.1}},
  "dataset": {"splits": {"train": 1}}, "factors": {"f": {"title": "factor", "kind": "categorical", "levels": ["a", "b"], "default": "a", "labels": {"a": "A", "b": "B"}}}})";

// Answers every task from fixed documents; programs "run" by writing their results.
struct Stubs {
  std::atomic<int> runs{0};
  std::atomic<int> cancel_after{1 << 20};
  FlowControl* control = nullptr;
  Crew crew;

  Stubs() {
    crew.act = [this](std::string_view task, const json::object& input) { return act(task, input); };
    crew.search = [](const std::string&, int) { return Result<std::vector<json::object>>{std::vector<json::object>{}}; };
    crew.run = [this](const RunRequest& request, const std::function<void(std::string_view)>&, const std::atomic<bool>& cancelled) { return run(request, cancelled); };
    crew.evaluate = [](const NodeMetrics& node) { return Result<NodeScore>{NodeScore{node.metrics.at("significance"), {"impact"}}}; };
    crew.render = [](const json::object& paper) {
      return Result<std::vector<json::object>>{std::vector<json::object>{{{"file", "paper.tex"}, {"text", plain_text(paper)}}, {{"build", json::object{{"steps", json::array{}}, {"output", "paper.pdf"}}}}}};
    };
  }

  Result<json::object> act(std::string_view task, const json::object& input) {
    if (task == "design.catalogue") return json::object{{"templates", json::array{parse(kTemplate)}}};
    if (task == "ideation.scope") return parse(R"({"answerable": true, "template": "toy", "restated": "toy", "queries": []})");
    if (task == "design.prepare") return parse(R"({"program": ["prepare"], "code": {}})");
    if (task == "ideation.hypotheses" || task == "ideation.refine") {
      json::array list;
      const int have = static_cast<int>(array_of(input, "tried").size());
      for (int i = 0; i < 5; ++i) list.push_back(json::object{{"statement", "A beats B"}, {"factor", "f"}, {"treatment", "a"}, {"baseline", "b"}, {"context", json::object{{"variant", have + i}}}, {"novelty", 0.5}});
      return json::object{{"hypotheses", std::move(list)}};
    }
    if (task == "design.plan") {
      auto plan = parse(R"({"title": "A against B", "metric": "accuracy", "arms": [{"id": "a", "label": "A", "config": {"f": "a"}}, {"id": "b", "label": "B", "config": {"f": "b"}}], "baseline": "b",
        "contrast": {"weights": {"a": 1, "b": -1}, "predicted_sign": 1}, "blocks": 5, "smallest_effect": 0.02, "program": ["experiment"]})");
      return json::object{{"plan", std::move(plan)}, {"code", json::object{}}};
    }
    if (task == "analysis.findings") return parse(R"({"findings": [{"id": "k1", "kind": "claim", "subject": "c1", "weight": 1, "text": "{{verdict:c1}}"}], "storyline": [], "next": ["more"]})");
    if (task == "analysis.figures") return parse(R"({"figures": []})");
    if (task == "writing.paper") return parse(R"({"title": "T", "abstract": "It is {{verdict:c1}} at {{c1.contrast.mean}}.", "sections": [], "appendix": [], "citations": []})");
    if (task == "writing.revise") return json::object{{"paper", object_of(input, "paper")}, {"responses", json::array{}}};
    if (task == "review.review") return parse(R"({"summary": "fine", "overall": 6})");
    if (task == "review.meta") return parse(R"({"summary": "fine", "points": []})");
    return unimplemented(std::string{task});
  }

  Result<RunOutcome> run(const RunRequest& request, const std::atomic<bool>& cancelled) {
    if (++runs > cancel_after && control) control->cancelled = true;
    if (cancelled) return aisci::cancelled("stopped");
    if (request.program[0] == "prepare") {
      for (const char* file : {"public/x", "confirmation/x", "labels/x"}) EXPECT_TRUE(write_file(request.folder / "results" / file, "x").ok());
    } else if (request.program[0] == "/bin/sh") {
      EXPECT_TRUE(write_file(request.folder / "results" / "paper.pdf", "not a real one").ok());
    } else {
      const auto config = parse_json_object(read_file(request.folder / "job" / "config.json").value(), "config").value();
      std::this_thread::sleep_for(std::chrono::milliseconds{1 + Random{static_cast<std::uint64_t>(runs)}.below(8)});  // experiments end in any order
      for (const auto& value : array_of(config, "trials")) {
        json::object trial = value.as_object();
        const auto seed = static_cast<std::uint64_t>(integer_of(trial, "seed"));
        const double score = 0.8 + (text_of(trial, "arm") == "a" ? 0.05 : 0.0) + 0.01 * Random{seed}.fork(text_of(trial, "arm") == "a").normal();
        const std::string id = text_of(trial, "id");
        trial["trial"] = id;
        trial["metrics"] = json::object{{"accuracy", score}};
        trial["curves"] = json::object{{"train_loss", json::array{json::array{1, score}}}};
        EXPECT_TRUE(write_file(request.folder / "results" / id / "metrics.json", json::serialize(trial)).ok());
      }
    }
    return RunOutcome{};
  }
};

struct Study {
  testing::Folder folder;
  Options options;
  Study() {
    options.seed = 5;
    options.max_experiments = 6;
    options.policy = "ucb1";
    options.parallel_experiments = 2;
  }
  Result<StudyResult> run(Stubs& stubs) {
    auto ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
    Recorder recorder{*ledger, Recorder::Listener{}};
    FlowControl control;
    stubs.control = &control;
    return Flow{folder.path(), "Does A beat B?", options, stubs.crew, recorder, control}.run();
  }
  // Everything that was recorded, without what is volatile: times and hashes, how runs ended.
  std::string story() const {
    std::vector<std::string> lines;
    const auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
    for (const auto& event : ledger->events().value())
      if (event.type != "run.ended" && event.type != "paper.rendered" && event.type.find(".started") == std::string::npos) lines.push_back(event.type + " " + event.key + " " + event.text);
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
  }
  std::vector<Finding> verify(Stubs& stubs) {
    auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
    std::vector<Finding> findings;
    Recorder recorder{*ledger, findings};
    FlowControl control;
    const auto result = Flow{folder.path(), "Does A beat B?", options, stubs.crew, recorder, control}.run();
    if (!result.ok()) findings.push_back({"flow", "to run", result.status().message()});
    return findings;
  }
};

TEST(Flow, RunsFromQuestionToReviewedPaper) {
  Study study;
  Stubs stubs;
  const auto result = study.run(stubs);
  ASSERT_TRUE(result.ok()) << result.status().to_string();
  EXPECT_EQ(result->ended_by, "max_experiments");
  ASSERT_EQ(result->paper.verdicts.size(), 1u);
  EXPECT_EQ(result->paper.verdicts[0].verdict, "supported");
  EXPECT_NEAR(result->paper.verdicts[0].effect, 0.05, 0.02);
  EXPECT_EQ(result->paper.findings, std::vector<std::string>{"supported"});
  EXPECT_TRUE(std::filesystem::exists(study.folder.path() / "tree.html"));
  EXPECT_TRUE(study.verify(stubs).empty());
}

TEST(Flow, SameSeedSameStoryAtAnySpeed) {
  Study a, b;
  Stubs stubs_a, stubs_b;
  stubs_b.runs = 1000;  // other sleeps
  ASSERT_TRUE(a.run(stubs_a).ok());
  ASSERT_TRUE(b.run(stubs_b).ok());
  EXPECT_TRUE(a.story() == b.story());
}

TEST(Flow, CancelledAtAnyRunItResumesToTheSameStory) {
  Study whole;
  Stubs undisturbed;
  ASSERT_TRUE(whole.run(undisturbed).ok());
  for (int after = 0; after < undisturbed.runs; ++after) {
    Study study;
    Stubs stubs;
    stubs.cancel_after = after;
    EXPECT_EQ(study.run(stubs).status().code(), StatusCode::kCancelled) << after;
    stubs.cancel_after = 1 << 20;
    const auto resumed = study.run(stubs);
    ASSERT_TRUE(resumed.ok()) << after << ": " << resumed.status().to_string();
    EXPECT_TRUE(study.story() == whole.story()) << "cancelled at run " << after;
  }
}

TEST(Flow, ResumingACompletedStudyRunsNothing) {
  Study study;
  Stubs stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const int runs = stubs.runs;
  ASSERT_TRUE(study.run(stubs).ok());
  EXPECT_EQ(stubs.runs, runs);
}

TEST(Flow, ChangedRawFileIsFoundWithItsPlace) {
  Study study;
  Stubs stubs;
  ASSERT_TRUE(study.run(stubs).ok());
  const auto file = study.folder.path() / "experiments/n1/trials/t001/metrics.json";
  auto document = parse_json_object(read_file(file).value(), "trial").value();
  document["metrics"].as_object()["accuracy"] = 0.99;
  ASSERT_TRUE(write_file(file, json::serialize(document)).ok());
  const auto findings = study.verify(stubs);
  ASSERT_FALSE(findings.empty());
  EXPECT_NE(findings[0].place.find("experiments/n1/trials/t001/metrics.json"), std::string::npos);
}

TEST(Flow, QuestionWithoutTemplateIsRefusedBeforeAnyRun) {
  Study study;
  Stubs stubs;
  auto act = stubs.crew.act;
  stubs.crew.act = [act](std::string_view task, const json::object& input) {
    if (task == "ideation.scope") return Result<json::object>{parse(R"({"answerable": false, "reason": "about proteins", "can_study": ["images"]})")};
    return act(task, input);
  };
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kNotFound);
  EXPECT_NE(result.status().message().find("images"), std::string::npos);
  EXPECT_EQ(stubs.runs, 0);
}

TEST(Flow, ExperimentsThatFailAreNodesThatFailAndTheStudySaysWhy) {
  Study study;
  Stubs stubs;
  auto run = stubs.crew.run;
  stubs.crew.run = [run](const RunRequest& request, const std::function<void(std::string_view)>& line, const std::atomic<bool>& cancelled) {
    if (request.program[0] != "experiment") return run(request, line, cancelled);
    RunOutcome outcome;
    outcome.exit_code = 1;
    outcome.log_tail = "boom";
    return Result<RunOutcome>{outcome};
  };
  const auto result = study.run(stubs);
  EXPECT_EQ(result.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(result.status().message().find("boom"), std::string::npos);
}

}  // namespace
}  // namespace aisci
