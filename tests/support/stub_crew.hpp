// A crew that answers every task from fixed documents and whose programs "run" by writing their results: the flow of a
// study without plugins or processes, for tests and benchmarks.
//
//   testing::StubCrew stubs;
//   Flow{folder, "Does A beat B?", options, stubs.crew, recorder, control}.run();
#pragma once

#include <gtest/gtest.h>
#include <aisci/random.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "base/files.hpp"
#include "research/flow.hpp"

namespace aisci::testing {

inline json::object parse(const char* text) { return parse_json_object(text, "fixture").value(); }

inline const char* const kTemplate =
    R"({"name": "toy", "title": "Toy", "metric": "accuracy", "metrics": {"accuracy": {"title": "accuracy", "smallest_effect": 0.02, "scored_by": "program", "chance": 0.1}},
  "dataset": {"splits": {"train": 1}}, "factors": {"f": {"title": "factor", "kind": "categorical", "levels": ["a", "b"], "default": "a", "labels": {"a": "A", "b": "B"}}}})";

// How the scores of stub programs come about: on the logit scale around `base`, with a spread for each trial and, for
// arm a, an advantage that may depend on the hypothesis (their variants count from 0).
struct StubWorld {
  double base = 0.8;
  double spread = 0.0625;                                                   // about 0.01 on the scale of the score
  std::function<double(int variant)> advantage = [](int) { return 0.34; };  // about 0.05 of the score
  // Plans ask whether the advantage of a is larger at a low level than at a high one. It exists at the low level alone.
  bool interaction = false;
  double smallest_effect = 0.02;
};

struct StubCrew {
  StubWorld world;
  std::atomic<int> runs{0};
  std::atomic<int> cancel_after{1 << 20};
  FlowControl* control = nullptr;
  // How long the nth run takes; by default they end in any order.
  std::function<std::chrono::milliseconds(int)> duration = [](int n) {
    return std::chrono::milliseconds{1 + Random{static_cast<std::uint64_t>(n)}.below(8)};
  };
  Crew crew;

  StubCrew() {
    crew.act = [this](std::string_view task, const json::object& input) { return act(task, input); };
    crew.search = [](const std::string&, int) {
      return Result<std::vector<json::object>>{std::vector<json::object>{}};
    };
    crew.run = [this](const RunRequest& request, const std::function<void(std::string_view)>&,
                      const std::atomic<bool>& cancelled) { return run(request, cancelled); };
    crew.evaluate = [](const NodeMetrics& node) {
      return Result<NodeScore>{NodeScore{node.metrics.at("significance"), {"impact"}}};
    };
    crew.render = [](const json::object& paper) {
      return Result<std::vector<json::object>>{
          std::vector<json::object>{{{"file", "paper.tex"}, {"text", plain_text(paper)}},
                                    {{"build", json::object{{"steps", json::array{}}, {"output", "paper.pdf"}}}}}};
    };
  }

  Result<json::object> act(std::string_view task, const json::object& input) {
    if (task == "design.catalogue") return json::object{{"templates", json::array{parse(kTemplate)}}};
    if (task == "ideation.scope")
      return parse(R"({"answerable": true, "template": "toy", "restated": "toy", "queries": []})");
    if (task == "design.prepare") return parse(R"({"program": ["prepare"], "code": {}})");
    if (task == "ideation.hypotheses" || task == "ideation.refine") {
      json::array list;
      const int have = static_cast<int>(array_of(input, "tried").size());
      for (int i = 0; i < 5; ++i)
        list.push_back(json::object{{"statement", "A beats B"},
                                    {"factor", "f"},
                                    {"treatment", "a"},
                                    {"baseline", "b"},
                                    {"context", json::object{{"variant", have + i}}},
                                    {"novelty", 0.5}});
      return json::object{{"hypotheses", std::move(list)}};
    }
    if (task == "design.plan") {
      return json::object{{"plan", plan_for(object_of(object_of(input, "hypothesis"), "context"))},
                          {"code", json::object{}}};
    }
    if (task == "analysis.findings")
      return parse(
          R"({"findings": [{"id": "k1", "kind": "claim", "subject": "c1", "weight": 1, "text": "{{verdict:c1}}"}], "storyline": [], "next": ["more"]})");
    if (task == "analysis.figures") return parse(R"({"figures": []})");
    if (task == "writing.paper")
      return parse(
          R"({"title": "T", "abstract": "It is {{verdict:c1}} at {{c1.contrast.mean}}.", "sections": [], "appendix": [], "citations": []})");
    if (task == "writing.revise")
      return json::object{{"paper", object_of(input, "paper")}, {"responses", json::array{}}};
    if (task == "review.review") return parse(R"({"summary": "fine", "overall": 6})");
    if (task == "review.meta") return parse(R"({"summary": "fine", "points": []})");
    return unimplemented(std::string{task});
  }

  json::object plan_for(const json::object& context) const {
    const auto arm = [&](const char* id, const char* level, const char* at) {
      return json::object{
          {"id", id},
          {"label", id},
          {"config", json::object{{"f", level}, {"at", at}, {"variant", integer_of(context, "variant")}}}};
    };
    auto plan = parse(
        R"({"title": "A against B", "metric": "accuracy", "baseline": "b", "blocks": 5, "program": ["experiment"]})");
    plan["smallest_effect"] = world.smallest_effect;
    if (world.interaction) {
      plan["arms"] = json::array{arm("a", "a", "low"), arm("b", "b", "low"), arm("a-high", "a", "high"),
                                 arm("b-high", "b", "high")};
      plan["contrast"] = parse(
          R"({"kind": "interaction", "scale": "logit", "weights": {"a": 1, "b": -1, "a-high": -1, "b-high": 1}, "predicted_sign": 1})");
    } else {
      plan["arms"] = json::array{arm("a", "a", "low"), arm("b", "b", "low")};
      plan["contrast"] = parse(R"({"weights": {"a": 1, "b": -1}, "predicted_sign": 1})");
    }
    return plan;
  }

  double score(const json::object& trial) const {
    const auto& config = object_of(trial, "config");
    const std::string arm = text_of(trial, "arm");
    std::uint64_t label = 0;
    for (const char c : arm) label = 257 * label + static_cast<unsigned char>(c);
    const auto seed = static_cast<std::uint64_t>(integer_of(trial, "seed"));
    const bool favoured = text_of(config, "f") == "a" && text_of(config, "at") == "low";
    const double logit = std::log(world.base / (1 - world.base)) +
                         (favoured ? world.advantage(static_cast<int>(integer_of(config, "variant"))) : 0.0) +
                         world.spread * Random{seed}.fork(label).normal();
    return 1 / (1 + std::exp(-logit));
  }

  Result<RunOutcome> run(const RunRequest& request, const std::atomic<bool>& cancelled) {
    if (++runs > cancel_after && control) control->cancelled = true;
    if (cancelled) return aisci::cancelled("stopped");
    if (request.program[0] == "prepare") {
      for (const char* file : {"public/x", "confirmation/x", "labels/x"})
        EXPECT_TRUE(write_file(request.folder / "results" / file, "x").ok());
    } else if (request.program[0] == "/bin/sh") {
      EXPECT_TRUE(write_file(request.folder / "results" / "paper.pdf", "not a real one").ok());
      EXPECT_TRUE(write_file(request.folder / "results" / "paper.log", "nor is its log").ok());
    } else {
      const auto config =
          parse_json_object(read_file(request.folder / "job" / "config.json").value(), "config").value();
      std::this_thread::sleep_for(duration(runs));
      for (const auto& value : array_of(config, "trials")) {
        json::object trial = value.as_object();
        const std::string id = text_of(trial, "id");
        trial["trial"] = id;
        trial["metrics"] = json::object{{"accuracy", score(trial)}};
        trial["curves"] = json::object{{"train_loss", json::array{json::array{1, score(trial)}}}};
        EXPECT_TRUE(
            write_file(request.folder / "results" / id / "metrics.json", json::serialize(trial), Durability::kBuffered)
                .ok());
      }
    }
    return RunOutcome{};
  }
};

}  // namespace aisci::testing
