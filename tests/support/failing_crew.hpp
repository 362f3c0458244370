// A crew whose experiments fail the way a test says, until what ails them was mended.
//
//   testing::FailingCrew stubs;
//   stubs.fails = [](const testing::Attempt& run) { return run.number("batch_size") > 8 ? "memory" : ""; };
//   study.run(stubs);
#pragma once

#include "support/stub_crew.hpp"

namespace aisci::testing {

// One run of an experiment, as its program sees it.
struct Attempt {
  const RunRequest& request;
  json::object config;  // of its first trial
  std::string code;     // of experiment.py
  int experiment_runs;  // of this experiment so far, this one not counted

  double number(std::string_view name) const { return number_of(config, name, 0); }
};

struct FailingCrew : StubCrew {
  // The class of its failure, or "" for a run that does well.
  std::function<std::string(const Attempt&)> fails = [](const Attempt&) { return std::string{}; };
  std::function<Result<json::object>(const json::object& input)> repair = [](const json::object&) {
    return Result<json::object>{unimplemented("no rules")};
  };
  std::map<std::string, int> runs_of;
  std::mutex guard;

  FailingCrew() {
    crew.act = [this](std::string_view task, const json::object& input) -> Result<json::object> {
      if (task == "design.repair") return repair(input);
      auto output = act(task, input);
      if (task != "design.plan" || !output.ok()) return output;
      auto& plan = (*output)["plan"].as_object();
      plan["recipe"] = json::object{{"steps", 160}};
      for (auto& arm : plan["arms"].as_array()) arm.as_object()["config"].as_object()["batch_size"] = 32;
      (*output)["code"] = json::object{{"experiment.py", "as designed"}};
      return output;
    };
    crew.run = [this](const RunRequest& request, const std::function<void(std::string_view)>&,
                      const std::atomic<bool>& cancelled) -> Result<RunOutcome> {
      const std::string failure = request.program[0] == "experiment" ? failure_of(request) : "";
      if (failure.empty()) return run(request, cancelled);
      return ended_by(failure, request);
    };
  }

 private:
  std::string failure_of(const RunRequest& request) {
    const std::lock_guard lock{guard};
    const auto config = parse_json_object(read_file(request.folder / "job/config.json").value(), "config").value();
    const auto& first = array_of(config, "trials")[0].as_object();
    const auto code = read_file(request.folder / "job/experiment.py");
    return fails({request, object_of(first, "config"), code.ok() ? *code : "", runs_of[request.id.substr(0, 2)]++});
  }

  static RunOutcome ended_by(const std::string& failure, const RunRequest& request) {
    RunOutcome outcome;
    outcome.log_tail = "it failed: " + failure;
    outcome.timed_out = failure == "timeout";
    outcome.out_of_memory = failure == "memory";
    outcome.lost = failure == "lost";
    if (failure == "interrupted") outcome.signal = 9;
    if (failure == "code" || failure == "data") outcome.exit_code = 1;
    if (failure == "data") {
      EXPECT_TRUE(write_file(request.folder / "results/t001/error.json", R"({"class": "corrupt_data"})").ok());
    }
    return outcome;
  }
};

}  // namespace aisci::testing
