// Whole studies whose value functions ask a model: simulated programs, the shipped plugins, and a model that answers as
// offline does, judgements as the test says.
#include <aisci/version.h>

#include <atomic>
#include <functional>
#include <set>

#include "support/simulated_study.hpp"

namespace aisci {
namespace {

constexpr const char* kQuestion = "Does GELU beat ReLU in Vision Transformers?";

class ScriptedModel final : public LLMProvider {
 public:
  // A judgement: the nth, and its task and input.
  using Judge = std::function<Result<std::string>(int n, const std::string& task, const json::object& input)>;

  explicit ScriptedModel(Judge judge) : judge_{std::move(judge)} {
    EXPECT_TRUE(registry_.load_folder(Registry::shipped_folder()).ok());
    offline_ = registry_.create_llm_provider("offline").value();
  }

  Status complete(std::string_view request, const Sink& deltas, const Sink& response,
                  const CallContext& call) override {
    ++calls;
    const json::object question = json::parse(request).as_object();
    const json::object& task = object_of(question, "task");
    const std::string name = text_of(task, "name");
    if (name == "analysis.findings" && !next.empty()) {
      const Sink longer = [&](std::string_view text) {
        json::object answered = json::parse(text).as_object();
        answered["output"].as_object()["next"].as_array().emplace_back(next);
        return response(json::serialize(answered));
      };
      return offline_->complete(request, deltas, longer, call);
    }
    if (!name.starts_with("value.")) return offline_->complete(request, deltas, response, call);
    AISCI_ASSIGN_OR_RETURN(const std::string answer, judge_(judged++, name, object_of(task, "input")));
    return response(json::serialize(json::object{{"text", answer}, {"model", "scripted-1"}, {"finish", "stop"}}));
  }

  int calls = 0, judged = 0;
  std::string next;  // a step that its findings end with

 private:
  Judge judge_;
  Registry registry_;
  std::shared_ptr<LLMProvider> offline_;
};

ScriptedModel::Judge always(int score) {
  return [score](int, const std::string&, const json::object&) {
    return Result<std::string>{R"({"why": "So it is.", "score": )" + std::to_string(score) + "}"};
  };
}

testing::SimulatedStudy study_in(const testing::Folder& folder, const std::string& function,
                                 const std::shared_ptr<LLMProvider>& model) {
  testing::SimulatedBudget budget;
  budget.value_function = function;
  budget.model = model;
  return testing::simulate(kQuestion, 3, {}, folder.path(), budget);
}

std::vector<Event> events_of(const testing::Folder& folder, const std::string& type) {
  std::vector<Event> found;
  for (auto& event : Ledger::open_for_reading(folder.path() / "study.db").value()->events().value())
    if (event.type == type) found.push_back(std::move(event));
  return found;
}

// The scores of the nodes, as the ledger has them.
std::vector<json::object> scores_of(const testing::Folder& folder) {
  std::vector<json::object> scores;
  for (const auto& event : events_of(folder, "node.evaluated"))
    if (!object_of(event.body, "score").empty()) scores.push_back(object_of(event.body, "score"));
  return scores;
}

bool names(const json::object& score, const char* part) {
  for (const auto& name : array_of(score, "not_assessed"))
    if (name == part) return true;
  return false;
}

TEST(JudgedStudy, EachNodesImpactIsJudgedOnceAndIsInTheLedger) {
  const testing::Folder folder{testing::Folder::in_memory()};
  const auto model = std::make_shared<ScriptedModel>(always(4));
  const auto study = study_in(folder, "novelty_significance_feasibility", model);
  const auto scores = scores_of(folder);
  ASSERT_GE(scores.size(), 4u);
  for (const auto& score : scores) {
    const json::object& parts = object_of(score, "parts");
    EXPECT_EQ(number_of(parts, "impact"), 0.75);
    EXPECT_FALSE(names(score, "impact"));
    EXPECT_GT(number_of(score, "stddev"), 0);
    EXPECT_LT(number_of(score, "stddev"), 0.4);
    EXPECT_NEAR(number_of(score, "value"),
                0.3 * number_of(parts, "novelty") + 0.4 * number_of(parts, "significance") +
                    0.1 * number_of(parts, "feasibility") + 0.2 * 0.75,
                1e-9);
  }
  for (const auto& event : events_of(folder, "node.evaluated"))
    EXPECT_EQ(json::serialize(array_of(event.body, "judgements")),
              R"([{"score":4E0,"task":"value.impact","why":"So it is."}])");
  EXPECT_TRUE(array_of(study.reviewed, "not_assessed").empty());
  std::set<std::string> judged;
  int answered = 0;
  for (const auto& event : events_of(folder, "model.answered"))
    if (text_of(event.body, "task") == "value.impact") ++answered, judged.insert(text_of(event.body, "answer"));
  EXPECT_EQ(answered, model->judged);
  EXPECT_LE(answered, static_cast<int>(scores.size())) << "a replicate costs nothing";
  EXPECT_EQ(judged.size(), 1u);

  // The study once more over its ledger: every answer is there.
  const auto other = std::make_shared<ScriptedModel>(always(1));
  (void)study_in(folder, "novelty_significance_feasibility", other);
  EXPECT_EQ(other->calls, 0);
}

TEST(JudgedStudy, AJudgementChangesTheNodeItIsAbout) {
  const testing::Folder high{testing::Folder::in_memory()}, low{testing::Folder::in_memory()};
  (void)study_in(high, "novelty_significance_feasibility", std::make_shared<ScriptedModel>(always(5)));
  (void)study_in(low, "novelty_significance_feasibility", std::make_shared<ScriptedModel>(always(1)));
  EXPECT_NEAR(number_of(scores_of(high)[0], "value") - number_of(scores_of(low)[0], "value"), 0.2, 1e-9);
}

TEST(JudgedStudy, AMissingJudgementEndsNothingAndStaysMissing) {
  const testing::Folder folder{testing::Folder::in_memory()};
  // The second is refused, whatever is asked.
  const auto model = std::make_shared<ScriptedModel>([](int n, const std::string&, const json::object&) {
    if (n == 1) return Result<std::string>{permission_denied("not about this one")};
    return Result<std::string>{std::string{R"({"why": "So it is.", "score": 3})"}};
  });
  const auto study = study_in(folder, "novelty_significance_feasibility", model);
  const auto scores = scores_of(folder);
  ASSERT_GE(scores.size(), 3u);
  EXPECT_FALSE(names(scores[0], "impact"));
  EXPECT_TRUE(names(scores[1], "impact"));
  EXPECT_FALSE(object_of(scores[1], "parts").contains("impact"));
  EXPECT_FALSE(names(scores[2], "impact"));
  EXPECT_EQ(json::serialize(array_of(study.reviewed, "not_assessed")), R"(["impact"])");
  EXPECT_EQ(study.result.state, StudyState::kCompleted);
  ASSERT_EQ(events_of(folder, "model.unanswered").size(), 1u);

  // The model would answer now; the node's value stands.
  const auto back = std::make_shared<ScriptedModel>(always(5));
  (void)study_in(folder, "novelty_significance_feasibility", back);
  EXPECT_EQ(back->calls, 0);
}

// Where a judgement is all that weighs, a node without one fails and says why; it stays so.
TEST(JudgedStudy, ANodeWithoutAnyPartOfItsValueFailsAlone) {
  const testing::Folder folder{testing::Folder::in_memory()};
  testing::SimulatedBudget budget;
  budget.value_weights = "impact=1,novelty=0,significance=0,feasibility=0";
  const auto model = std::make_shared<ScriptedModel>([](int n, const std::string&, const json::object&) {
    if (n == 1) return Result<std::string>{permission_denied("not about this one")};
    return Result<std::string>{std::string{R"({"why": "So it is.", "score": 3})"}};
  });
  budget.model = model;
  const auto study = testing::simulate(kQuestion, 3, {}, folder.path(), budget);
  EXPECT_EQ(study.result.state, StudyState::kCompleted);
  int failed = 0;
  for (const auto& event : events_of(folder, "node.evaluated")) {
    if (text_of(event.body, "state") != "failed") continue;
    ++failed;
    EXPECT_NE(text_of(event.body, "failure").find("could not assess impact"), std::string::npos)
        << text_of(event.body, "failure");
  }
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(events_of(folder, "model.unanswered").size(), 1u);
  EXPECT_GE(scores_of(folder).size(), 2u);
  const auto back = std::make_shared<ScriptedModel>(always(5));
  budget.model = back;
  (void)testing::simulate(kQuestion, 3, {}, folder.path(), budget);
  EXPECT_EQ(back->calls, 0);
}

TEST(JudgedStudy, WeightsThatLeaveNoValueAreRefusedAtTheStart) {
  const auto refusal = [](const std::string& weights) {
    const testing::Folder folder{testing::Folder::in_memory()};
    Options options;
    options.sandbox = "process";
    options.value_weights = weights;
    auto ledger = Ledger::open_for_writing(folder.path() / "study.db").value();
    auto registry = open_registry(options).value();
    auto tasks = make_model_tasks(options, *registry, *ledger).value();
    const auto crew = make_crew(options, registry, *tasks, "/usr/bin/python3", {*ledger, true, {}});
    EXPECT_EQ(crew.status().code(), StatusCode::kInvalidArgument) << weights;
    return crew.status().message();
  };
  EXPECT_NE(refusal("impact=1,novelty=0,significance=0,feasibility=0").find("choose one (--llm openai"),
            std::string::npos);
  for (const char* bad : {"novelty=nan", "novelty=inf", "novelty=-1", "novelty=1e999", "novelty", "=1x"})
    EXPECT_NE(refusal(bad).find("NAME=NUMBER"), std::string::npos) << bad;
  EXPECT_NE(refusal("novelty=1, novelty=2").find("names novelty twice"), std::string::npos);
  EXPECT_NE(refusal("novelty=1e308,significance=1e308").find("from 1e-300 to 1e300"), std::string::npos);
  EXPECT_NE(refusal("novelty=0,significance=0,feasibility=0,impact=0").find("above 0"), std::string::npos);
}

TEST(JudgedStudy, OfflineNobodyIsAskedForAJudgement) {
  for (const std::string function : {"novelty_significance_feasibility", "reproducibility"}) {
    const testing::Folder folder{testing::Folder::in_memory()};
    const auto study = study_in(folder, function, nullptr);
    for (const auto& event : Ledger::open_for_reading(folder.path() / "study.db").value()->events().value()) {
      EXPECT_FALSE(event.key.starts_with("value.")) << event.type << " " << event.key;
      EXPECT_NE(event.type, "model.unanswered");
    }
    EXPECT_EQ(json::serialize(array_of(study.reviewed, "not_assessed")),
              function == "reproducibility" ? R"(["code_quality"])" : R"(["impact"])");
  }
}

// What ideation answered is in the ledger, whether it was taken up or not.
TEST(JudgedStudy, EveryHypothesisThatWasProposedIsCounted) {
  const testing::Folder folder{testing::Folder::in_memory()};
  const auto study = study_in(folder, "novelty_significance_feasibility", nullptr);
  const auto ledger = Ledger::open_for_reading(folder.path() / "study.db").value();
  std::set<std::string> proposed, taken_up, first;
  for (const auto& event : ledger->events().value()) {
    if (event.type == "hypotheses.proposed")
      for (const auto& statement : array_of(event.body, "statements")) first.insert(statement.as_string().c_str());
    if (event.type == "node.created") taken_up.insert(text_of(object_of(event.body, "hypothesis"), "statement"));
    if (event.type != "model.answered" || !text_of(event.body, "task").starts_with("ideation.")) continue;
    const json::object answer = json::parse(ledger->get(text_of(event.body, "answer")).value()).as_object();
    for (const auto& hypothesis : array_of(answer, "hypotheses"))
      proposed.insert(text_of(hypothesis.as_object(), "statement"));
  }
  EXPECT_GT(proposed.size(), taken_up.size());
  for (const auto& node : array_of(study.reviewed, "nodes"))
    EXPECT_EQ(flag_of(node.as_object(), "proposed_first"),
              first.count(text_of(object_of(node.as_object(), "hypothesis"), "statement")) == 1);
  EXPECT_EQ(number_of(object_of(object_of(study.reviewed, "facts"), "study.proposed"), "value"),
            static_cast<double>(proposed.size()));
  EXPECT_NE(json::serialize(study.reviewed).find("Of {{study.proposed}} hypotheses that were proposed"),
            std::string::npos);
  EXPECT_EQ(text_of(object_of(object_of(study.reviewed, "facts"), "study.aisci"), "text"), AISCI_VERSION_STRING);
  EXPECT_NE(json::serialize(study.reviewed).find("The study was begun with aisci {{study.aisci}}."), std::string::npos);
}

// Whoever embeds a study reads its next steps as a reader of the paper does, without references.
TEST(JudgedStudy, NextStepsReachTheResultAndTheSummaryInWords) {
  const testing::Folder folder{testing::Folder::in_memory()};
  const auto model = std::make_shared<ScriptedModel>(always(3));
  model->next = "Put {{n1.name}} to a test of its own.";
  const auto study = study_in(folder, "novelty_significance_feasibility", model);
  const std::string said = "Put n1 to a test of its own.";
  ASSERT_FALSE(study.result.next.empty());
  EXPECT_EQ(study.result.next.back(), said);
  const json::object summary = json::parse(read_file(folder.path() / "summary.json").value()).as_object();
  EXPECT_EQ(array_of(summary, "next").back(), json::value(said));
}

TEST(JudgedStudy, ReproducibilitySteersByItsOwnParts) {
  const testing::Folder folder{testing::Folder::in_memory()};
  std::set<std::string> codes;
  const auto model = std::make_shared<ScriptedModel>(
      [&](int, const std::string& task, const json::object& input) -> Result<std::string> {
        EXPECT_EQ(task, "value.code");
        EXPECT_FALSE(array_of(object_of(input, "plan"), "arms").empty());
        codes.insert(text_of(input, "code"));
        return std::string{R"({"why": "It is clear.", "score": 3})"};
      });
  const auto study = study_in(folder, "reproducibility", model);
  EXPECT_EQ(study.result.state, StudyState::kCompleted);
  for (const auto& code : codes) EXPECT_NE(code.find("# experiment.py\n"), std::string::npos);
  const auto scores = scores_of(folder);
  ASSERT_GE(scores.size(), 4u);
  for (const auto& score : scores) {
    const json::object& parts = object_of(score, "parts");
    EXPECT_EQ(parts.size(), 4u) << json::serialize(parts);
    EXPECT_EQ(number_of(parts, "code_quality"), 0.5);
    EXPECT_GE(number_of(parts, "reproducibility"), 0.5);
    EXPECT_NEAR(number_of(score, "value"),
                0.3 * number_of(parts, "novelty") + 0.3 * number_of(parts, "significance") +
                    0.2 * number_of(parts, "reproducibility") + 0.2 * 0.5,
                1e-9);
  }
}

}  // namespace
}  // namespace aisci
