// A whole study by the shipped plugins whose programs are simulated: agents, provider, search, statistics, claims and
// paper are the real ones, and scores are drawn from a world that the test chooses. Seconds instead of minutes.
//
//   testing::SimulatedWorld world;
//   world.effect = 0.4;                                     // of each factor's levels, on the logit scale
//   const auto bundle = testing::simulate("Does GELU beat ReLU in Vision Transformers?", 7, world);
//   bundle.reviewed      // what a reviewer of the draft gets: study document, paper, text
//
// The plugins of the build tree must have been built.
#pragma once

#include <gtest/gtest.h>
#include <aisci/random.hpp>

#include <cmath>
#include <cstring>
#include <map>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "research/figure_data.hpp"
#include "research/flow.hpp"
#include "research/model_access.hpp"
#include "research/plugin_crew.hpp"
#include "support/folder.hpp"

namespace aisci::testing {

// Scores on the logit scale: base, an effect for each level of each factor, block and trial noise.
struct SimulatedWorld {
  double base = 1.5;
  double effect = 0.3;       // spread of the levels' effects
  double interaction = 0.0;  // spread of the effects of pairs of levels
  double block = 0.2;        // shared by the arms of a block
  double noise = 0.1;        // of a trial alone
};

struct SimulatedStudy {
  json::object reviewed;  // input of review.review for the draft
  json::object meta;      // answer of review.meta
  json::array responses;  // of the revision
  json::object revised;   // input of review.review after it
  StudyResult result;
  std::vector<Finding> findings;  // of a verification, when one was asked for
};

inline double drawn(const std::string& name, std::uint64_t seed) { return Random{seed_of(name, seed)}.normal(); }

inline double simulated_accuracy(const SimulatedWorld& world, const json::object& config, std::uint64_t seed,
                                 std::uint64_t world_seed) {
  double logit = world.base;
  std::vector<std::string> levels;
  for (const auto& entry : config) levels.push_back(std::string{entry.key()} + "=" + json::serialize(entry.value()));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    logit += world.effect * drawn(levels[i], world_seed);
    for (std::size_t k = i + 1; world.interaction > 0 && k < levels.size(); ++k)
      logit += world.interaction * drawn(levels[i] + levels[k], world_seed);
  }
  logit += world.block * drawn("block", seed) + world.noise * drawn(json::serialize(config), seed);
  return 1 / (1 + std::exp(-logit));
}

// The programs of a study, by what they are: preparation, experiments, figures, the paper's build.
class SimulatedPrograms {
 public:
  SimulatedPrograms(SimulatedWorld world, std::uint64_t seed) : world_{world}, seed_{seed} {}

  Result<RunOutcome> operator()(const RunRequest& request) const {
    const auto results = request.folder / "results";
    if (request.id == "data") {
      for (const char* split : {"validation", "confirmation"}) {
        json::array labels;
        for (int i = 0; i < kEvaluated; ++i) labels.push_back(i % kClasses);
        AISCI_RETURN_IF_ERROR(write_file(results / "labels" / (std::string{split} + ".json"),
                                         json::serialize(json::object{{"labels", labels}})));
      }
      AISCI_RETURN_IF_ERROR(write_file(results / "public" / "x", "x"));
      AISCI_RETURN_IF_ERROR(write_file(results / "confirmation" / "x", "x"));
    } else if (request.id == "figures") {
      AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(request.folder / "job" / "figures.json"));
      AISCI_ASSIGN_OR_RETURN(const json::object figures, parse_json_object(text, "figures.json"));
      for (const auto& figure : array_of(figures, "figures"))
        for (const auto& [ending, drawn] :
             {std::pair{".pdf", std::string{"drawn"}}, {".png", "drawn"}, {".csv", table_text(figure.as_object())}})
          AISCI_RETURN_IF_ERROR(write_file(results / (text_of(figure.as_object(), "id") + ending), drawn));
    } else if (request.program[0] == "/bin/sh") {
      for (const char* name : {"paper.pdf", "rebuttal.pdf"}) AISCI_RETURN_IF_ERROR(write_file(results / name, "built"));
    } else {
      return experiment(request);
    }
    return RunOutcome{};
  }

 private:
  static constexpr int kEvaluated = 450, kClasses = 10;

  Result<RunOutcome> experiment(const RunRequest& request) const {
    AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(request.folder / "job" / "config.json"));
    AISCI_ASSIGN_OR_RETURN(const json::object config, parse_json_object(text, "config.json"));
    for (const auto& value : array_of(config, "trials")) {
      json::object trial = value.as_object();
      const std::string id = text_of(trial, "id");
      const auto seed = static_cast<std::uint64_t>(integer_of(trial, "seed"));
      const double accuracy = simulated_accuracy(world_, object_of(trial, "config"), seed, seed_);
      const int right = static_cast<int>(std::lround(accuracy * kEvaluated));
      const int shift = static_cast<int>(seed % kEvaluated);
      json::array labels;
      for (int i = 0; i < kEvaluated; ++i) labels.push_back(((i + shift) % kEvaluated < right ? i : i + 1) % kClasses);
      trial["$schema"] = "aisci/trial/1";
      trial["trial"] = id;
      trial["metrics"] =
          json::object{{"train_loss", 2 - accuracy + 1e-9 * static_cast<double>(seed)}, {"train_accuracy", accuracy}};
      json::array curve;
      for (int step = 1; step <= 4; ++step)
        curve.push_back(json::array{40 * step, 2.3 - accuracy * step / 3 + 1e-9 * static_cast<double>(seed)});
      trial["curves"] = json::object{{"train_loss", std::move(curve)}};
      trial["predictions"] = json::object{{"split", text_of(config, "evaluate")}, {"labels", std::move(labels)}};
      trial["diverged"] = false;
      AISCI_RETURN_IF_ERROR(
          write_file(request.folder / "results" / id / "metrics.json", json::serialize(trial), Durability::kBuffered));
    }
    return RunOutcome{};
  }

  SimulatedWorld world_;
  std::uint64_t seed_;
};

// What the crew's agents are asked on the way to a finished study; `change` may replace an answer.
using AnswerChange = std::function<void(std::string_view task, const json::object& input, json::object& answer)>;

struct SimulatedBudget {
  int experiments = 8;
  double confirmation_share = 0.34;
  bool verified = false;  // run the flow once more over the ledger, as a verification does
  std::string value_function = "novelty_significance_feasibility";
  std::string value_weights;
  std::shared_ptr<LLMProvider> model;  // answers in place of offline, as the provider "scripted"
};

inline SimulatedStudy simulate(const std::string& question, std::uint64_t seed, const SimulatedWorld& world,
                               const std::filesystem::path& folder, const SimulatedBudget& budget = {},
                               const AnswerChange& change = {}) {
  SimulatedStudy out;
  Options options;
  options.seed = seed;
  options.max_experiments = budget.experiments;
  options.confirmation_share = budget.confirmation_share;
  options.parallel_experiments = 2;
  options.sandbox = "process";
  options.plugins = "";
  auto ledger = Ledger::open_for_writing(folder / "study.db").value();
  options.value_function = budget.value_function;
  options.value_weights = budget.value_weights;
  auto registry = open_registry(options).value();
  if (budget.model) {
    options.llm_provider = "scripted";
    EXPECT_TRUE(registry->register_component<LLMProvider>(options.llm_provider, budget.model).ok());
  }
  auto tasks = make_model_tasks(options, *registry, *ledger).value();
  Crew crew = make_crew(options, registry, *tasks, "/usr/bin/python3", {*ledger, true, {}}).value();
  crew.run = [programs = SimulatedPrograms{world, seed}](const RunRequest& request, const auto&, const auto&) {
    return programs(request);
  };
  crew.missing_packages = Crew{}.missing_packages;  // no program runs
  crew.act = [&, act = crew.act](std::string_view task, const json::object& input) {
    auto answer = act(task, input);
    if (answer.ok() && change) change(task, input, *answer);
    if (task == "review.review") (array_of(input, "responses").empty() ? out.reviewed : out.revised) = input;
    if (task == "review.meta" && answer.ok()) out.meta = *answer;
    if (task == "writing.revise" && answer.ok()) out.responses = array_of(*answer, "responses");
    return answer;
  };
  Recorder recorder{*ledger, Recorder::Listener{}};
  FlowControl control;
  auto result = Flow{folder, question, options, crew, recorder, control}.run();
  EXPECT_TRUE(result.ok()) << question << ", seed " << seed << ": " << result.status().to_string();
  if (result.ok()) out.result = std::move(*result);
  if (!budget.verified) return out;
  Recorder again{*ledger, out.findings};
  const auto ended = Flow{folder, question, options, crew, again, control}.run();
  EXPECT_TRUE(ended.ok()) << ended.status().to_string();
  return out;
}

inline SimulatedStudy simulate(const std::string& question, std::uint64_t seed, const SimulatedWorld& world = {}) {
  const Folder folder{Folder::in_memory()};
  return simulate(question, seed, world, folder.path());
}

}  // namespace aisci::testing
