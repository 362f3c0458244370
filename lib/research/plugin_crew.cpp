#include "research/plugin_crew.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "research/host_services.hpp"
#include "research/judgements.hpp"
#include "research/library.hpp"
#include "research/model_access.hpp"
#include "research/packages.hpp"
#include "research/study_gpus.hpp"
#include "runtime/gpu_leases.hpp"
#include "runtime/gpu_sandbox.hpp"

namespace aisci {
namespace fs = std::filesystem;
namespace {

constexpr const char* kRoles[] = {"ideation", "design", "analysis", "writing", "review"};
constexpr std::size_t kLogTail = 2000;

// "novelty=0.5,significance=0.5" as the value function's configuration.
Result<std::string> weights_config(const std::string& text) {
  json::object weights;
  if (text.empty()) return std::string{"{}"};
  for (const auto& part : split(text, ',')) {
    const auto equals = part.find('=');
    const auto weight = equals == std::string::npos ? std::nullopt : parsed_number(trim(part.substr(equals + 1)));
    if (!weight || *weight < 0)
      return invalid_argument("value_weights: \"" + part + "\" is not NAME=NUMBER with a number of at least 0");
    const std::string name = trim(part.substr(0, equals));
    if (weights.contains(name))
      return invalid_argument("value_weights names " + name + " twice; give each part one weight");
    weights[name] = *weight;
  }
  return json::serialize(json::object{{"weights", std::move(weights)}});
}

// Collects a stream line by line and keeps its tail.
class Lines {
 public:
  explicit Lines(std::function<void(std::string_view)> line) : line_{std::move(line)} {}
  Status operator()(std::string_view bytes) {
    tail_ += bytes;
    if (tail_.size() > 2 * kLogTail) tail_.erase(0, tail_.size() - kLogTail);
    if (!line_) return {};
    open_ += bytes;
    std::size_t begin = 0;
    for (auto end = open_.find('\n'); end != std::string::npos; end = open_.find('\n', begin)) {
      line_(std::string_view{open_}.substr(begin, end - begin));
      begin = end + 1;
    }
    open_.erase(0, begin);
    if (open_.size() > (1u << 20)) open_.clear();  // a line without end is nobody's message
    return {};
  }
  std::string tail() const {
    return printable(
        tail_.size() > kLogTail ? std::string_view{tail_}.substr(tail_.size() - kLogTail) : std::string_view{tail_},
        kLogTail);
  }

 private:
  std::function<void(std::string_view)> line_;
  std::string open_, tail_;
};

json::object spec_of(const RunRequest& request, const fs::path& python) {
  json::array argv;
  // "python3" means the experiments' interpreter, wherever set-up put it.
  for (const auto& word : request.program)
    argv.push_back(json::string{argv.empty() && word == "python3" ? python.string() : word});
  json::array mounts;
  if (!request.data.empty())
    mounts.push_back(json::object{{"from", fs::absolute(request.data).string()}, {"to", "/data"}, {"write", false}});
  // The environment's own folder, and PyTorch's thread pools kept to one: a trial's threads are part of its recipe.
  json::object environment{{"OMP_NUM_THREADS", "1"},  {"MKL_NUM_THREADS", "1"},         {"OPENBLAS_NUM_THREADS", "1"},
                           {"MPLBACKEND", "Agg"},     {"PYTHONDONTWRITEBYTECODE", "1"}, {"PYTHONHASHSEED", "0"},
                           {"SOURCE_DATE_EPOCH", "0"}};
  for (const auto& [name, value] : request.environment) environment[name] = value;
  return {{"folder", fs::absolute(request.folder).string()},
          {"argv", std::move(argv)},
          {"environment", std::move(environment)},
          {"mounts", std::move(mounts)},
          {"job", fs::absolute(request.folder / "job").string()},
          {"results", fs::absolute(request.folder / "results").string()},
          {"directory", "/results"},
          {"wall_seconds", request.wall_seconds},
          {"memory_mb", request.memory_mb},
          {"results_mb", request.results_mb},
          {"gpus", request.gpus},
          {"evaluator", request.evaluator}};
}

// What one of `slots` runs at once may use of this machine: an equal share, of the memory all but an eighth.
std::string limits_of(int slots) {
  const auto memory_mb =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
  const double processors = std::max(1u, std::thread::hardware_concurrency());
  return json::serialize(json::object{{"memory_mb", std::max(256.0, memory_mb * 7 / 8 / slots)},
                                      {"cpus", std::max(1.0, processors / slots)},
                                      {"processes", std::max(64, 1024 / slots)}});
}

std::string gpus_told(std::string_view report) {
  const auto list = parse_json(report, "the GPUs of a run");
  std::vector<std::string> names;
  for (const auto& gpu : list.ok() && list->is_array() ? list->get_array() : json::array{})
    if (gpu.is_object()) names.push_back(text_of(gpu.get_object(), "name") + " " + text_of(gpu.get_object(), "uuid"));
  return join(names, " and ");
}

// Where runs take place, and who hears what becomes of them.
struct Place {
  std::shared_ptr<Sandbox> sandbox;
  std::string limits;
  fs::path python;
  decltype(CrewWorld::tell) tell;
};

Result<RunOutcome> run_in(const Place& place, const RunRequest& request,
                          const std::function<void(std::string_view)>& line, const std::atomic<bool>& cancelled) {
  CallContext call;
  call.cancelled = [&cancelled] { return cancelled.load(); };
  if (place.tell) {
    call.on_progress = [&](double, std::string_view note) {
      place.tell("log", "sandbox", request.id + " " + std::string{note});
    };
    call.on_report = [&](std::string_view key, std::string_view text) {
      if (key == "gpus") place.tell("log", "sandbox", request.id + " has " + gpus_told(text));
    };
  }
  const std::string run_id = fs::absolute(request.folder).string();
  std::string token = run_id;
  auto session = place.sandbox->attach(run_id, call);
  if (!session.ok()) {
    session = place.sandbox->open(place.limits, call);
    if (!session.ok()) return session.status();
    AISCI_ASSIGN_OR_RETURN(token, (*session)->start(json::serialize(spec_of(request, place.python)), run_id, call));
  }
  Lines output{line}, errors{{}};
  json::object record;
  const Sink keep = [&](std::string_view text) -> Status {
    if (auto event = parse_json_object(text, "an event of the sandbox"); event.ok()) record = std::move(*event);
    return {};
  };
  auto ended = (*session)->wait(token, std::ref(output), std::ref(errors), keep, call);
  if (!ended.ok()) {
    if (cancelled) {
      (void)(*session)->kill(token, std::chrono::seconds{1}, {});
      (void)(*session)->wait(token, {}, {}, {}, {});  // nothing of ours is left running
    }
    return ended.status();
  }
  RunOutcome outcome;
  outcome.exit_code = ended->code;
  outcome.signal = ended->signal;
  outcome.timed_out = ended->timed_out;
  outcome.out_of_memory = ended->out_of_memory;
  // The supervisor ends a run whose results outgrow their limit, and one that it is asked to end.
  outcome.limited = ended->killed && (!record.contains("killed") || flag_of(record, "overgrown"));
  outcome.stopped = ended->killed && !outcome.limited;
  outcome.lost = ended->lost;
  outcome.crowded = !ended->succeeded() && integer_of(record, "refused_processes") > 0;
  outcome.wall_seconds = std::chrono::duration<double>(ended->wall).count();
  if (!ended->succeeded()) outcome.log_tail = trim(errors.tail().empty() ? output.tail() : errors.tail());
  return outcome;
}

class Agents {
 public:
  static Result<std::shared_ptr<Agents>> create(Registry& registry, const HostServices& services) {
    auto agents = std::make_shared<Agents>();
    for (const char* role : kRoles) {
      AISCI_ASSIGN_OR_RETURN(auto agent, registry.create_agent(role, "{}", services));
      agents->by_role_[role] = std::move(agent);
    }
    return agents;
  }
  Result<json::object> act(std::string_view task, const json::object& input) const {
    const auto agent = by_role_.find(std::string{task.substr(0, task.find('.'))});
    if (agent == by_role_.end()) return not_found("no agent has the task " + std::string{task});
    AISCI_ASSIGN_OR_RETURN(const std::string text, agent->second->act(task, json::serialize(input), {}));
    return parse_json_object(text, "the output of " + std::string{task});
  }

 private:
  std::map<std::string, std::shared_ptr<Agent>> by_role_;
};

Result<NodeScore> evaluate_with(ValueFunction& function, const NodeMetrics& node) {
  NodeView view;
  view.id = std::strtoull(node.id.c_str() + 1, nullptr, 10);
  view.parent = node.parent.empty() ? 0 : std::strtoull(node.parent.c_str() + 1, nullptr, 10);
  view.depth = static_cast<std::uint32_t>(node.depth);
  view.visits = static_cast<std::uint64_t>(node.visits);
  for (const auto& [name, value] : node.metrics) view.metrics.push_back({name, value});
  view.blob = [&node](std::string_view name) -> Result<std::string_view> {
    const auto document = node.documents.find(std::string{name});
    if (document == node.documents.end()) return not_found("a node has no document " + std::string{name});
    return std::string_view{document->second};
  };
  NodeScore out;
  CallContext call;
  call.on_report = [&](std::string_view key, std::string_view text) {
    if (key != "score") return;
    const auto report = parse_json_object(text, "the value function's report");
    if (!report.ok()) return;
    for (const auto& [name, value] : object_of(*report, "parts"))
      if (value.is_number()) out.parts[std::string{name}] = value.to_number<double>();
    for (const auto& [name, value] : object_of(*report, "weights"))
      if (value.is_number()) out.weights[std::string{name}] = value.to_number<double>();
    for (auto& part : texts_of(*report, "not_assessed")) out.not_assessed.push_back(std::move(part));
  };
  Score score;
  AISCI_RETURN_IF_ERROR(function.evaluate({&view, 1}, {&score, 1}, call));
  if (score.code != StatusCode::kOk) {
    const std::string missing = join(out.not_assessed, ", ");
    return Status{score.code, "the value function gave node " + node.id + " no value" +
                                  (missing.empty() ? ""
                                                   : ": it could not assess " + missing +
                                                         "; give another part a weight too (--value-weights)")};
  }
  if (!(score.value >= 0 && score.value <= 1))
    return invalid_argument("the value function's value of " + node.id + " is not between 0 and 1");
  if (score.stddev && !(*score.stddev >= 0 && std::isfinite(*score.stddev)))
    return invalid_argument("the value function's standard deviation of " + node.id + " is not a number of at least 0");
  out.value = score.value;
  out.stddev = score.stddev;
  return out;
}

Result<std::vector<json::object>> collect(const std::function<Status(const Sink&)>& produce, const std::string& what) {
  std::vector<json::object> documents;
  const Sink sink = [&](std::string_view text) -> Status {
    AISCI_ASSIGN_OR_RETURN(json::object document, parse_json_object(text, what));
    documents.push_back(std::move(document));
    return {};
  };
  AISCI_RETURN_IF_ERROR(produce(sink));
  return documents;
}

}  // namespace

std::string sandbox_config(const Options& options) {
  return json::serialize(json::object{{"require", options.require_layers}});
}

Result<fs::path> experiment_python() {
  if (const char* given = std::getenv("AISCI_PYTHON"); given && *given) {
    std::error_code error;
    if (!fs::exists(given, error))
      return not_found("AISCI_PYTHON names " + std::string{given} + ", which does not exist");
    return fs::path{given};
  }
  std::vector<fs::path> roots{"/opt/aisci/environments"};
  if (const char* given = std::getenv("AISCI_ENVIRONMENTS"); given && *given) roots.insert(roots.begin(), given);
  if (const char* home = std::getenv("XDG_DATA_HOME"); home && *home)
    roots.push_back(fs::path{home} / "aisci/environments");
  else if (const char* user = std::getenv("HOME"); user && *user)
    roots.push_back(fs::path{user} / ".local/share/aisci/environments");
  for (const auto& root : roots) {
    fs::path newest;
    fs::file_time_type newest_time{};
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{root, error}) {
      const auto mark = entry.path() / "complete";
      if (!fs::exists(mark, error)) continue;
      const auto time = fs::last_write_time(mark, error);
      if (newest.empty() || time > newest_time) {
        newest = entry.path();
        newest_time = time;
      }
    }
    if (!newest.empty()) return newest / "bin/python3";
  }
  return not_found(
      "there is no Python environment for experiments: run  bash setup.sh  in aisci's source folder, or set "
      "AISCI_PYTHON to an interpreter with torch, scikit-learn and matplotlib");
}

Result<std::shared_ptr<Registry>> open_registry(const Options& options, std::shared_ptr<Registry> given) {
  auto registry = given ? std::move(given) : std::make_shared<Registry>();
  Trust trust;
  AISCI_ASSIGN_OR_RETURN(trust.isolation, parse_isolation(options.isolation));
  const auto loaded = registry->load_folder(Registry::shipped_folder(), trust);
  if (!loaded.ok()) return loaded.with_context("the shipped plugins");
  if (!options.plugins.empty())
    for (const auto& folder : split(options.plugins, ':')) AISCI_RETURN_IF_ERROR(registry->load_folder(folder, trust));
  return registry;
}

Result<Crew> make_crew(const Options& options, const std::shared_ptr<Registry>& registry, ModelTasks& tasks,
                       const fs::path& python, const CrewWorld& world) {
  const auto experiments_left = std::make_shared<std::atomic<int>>(options.max_experiments);
  StudyServices study{options, world.ledger, tasks, *registry, world.recording, world.tell, experiments_left, {}};
  study.model_task = [&tasks](const ModelTaskRequest& request, const CallContext& call) -> Result<std::string> {
    if (call.was_cancelled()) return cancelled("the agent's call was cancelled");
    ModelRequest parsed;
    parsed.name = std::string{request.name};
    AISCI_ASSIGN_OR_RETURN(parsed.input, parse_json(request.input_json, "the input of " + parsed.name));
    AISCI_ASSIGN_OR_RETURN(parsed.messages, parse_json(request.messages_json, "the messages of " + parsed.name));
    AISCI_ASSIGN_OR_RETURN(parsed.schema, parse_json(request.schema_json.empty() ? "{}" : request.schema_json,
                                                     "the schema of " + parsed.name));
    return tasks.run(parsed);
  };
  const HostServices services = study_services(study);
  Crew crew;
  crew.model_budget = [&tasks](double share) { return tasks.used_beyond(share); };
  crew.substitutions = [&tasks] { return tasks.substitutions(); };
  AISCI_ASSIGN_OR_RETURN(auto agents, Agents::create(*registry, services));
  crew.act = [agents](std::string_view task, const json::object& input) { return agents->act(task, input); };

  AISCI_ASSIGN_OR_RETURN(auto search, literature_search(options, *registry, [tell = world.tell](const auto& problem) {
                           if (tell) tell("log", "literature", "warning: " + problem);
                         }));
  crew.search = std::move(search);

  AISCI_ASSIGN_OR_RETURN(auto sandbox, registry->create_sandbox(options.sandbox, sandbox_config(options)));
  const auto find = [options, python]() -> Result<std::vector<Gpu>> {
    AISCI_ASSIGN_OR_RETURN(StudyGpus found, study_gpus(options, python));
    return std::move(found.gpus);
  };
  crew.run = [place = Place{with_gpus(std::move(sandbox), find, GpuLeases::shared_folder()),
                            limits_of(slots_of(options)), python, world.tell}](
                 const RunRequest& request, const std::function<void(std::string_view)>& line,
                 const std::atomic<bool>& cancelled) { return run_in(place, request, line, cancelled); };

  crew.missing_packages = [python](const json::object& packages) { return missing_packages(python, packages); };

  AISCI_ASSIGN_OR_RETURN(const std::string weights, weights_config(options.value_weights));
  // `offline` answers aisci's own tasks and no other: a value function that asks a model has none there, and says so
  // now.
  HostServices of_value = services;
  const auto judgements = std::make_shared<Judgements>(world.ledger, world.recording, services.model_task);
  of_value.model_task = [judgements](const auto& request, const auto& call) { return judgements->ask(request, call); };
  if (options.llm_provider == kOffline) of_value.model_task = nullptr;
  AISCI_ASSIGN_OR_RETURN(auto value, registry->create_value_function(options.value_function, weights, of_value));
  crew.evaluate = [value, experiments_left, judgements](const NodeMetrics& node) -> Result<NodeScore> {
    *experiments_left = node.experiments_left;
    // A value function has no memory: when its process was lost, the new one can be asked the same.
    Result<NodeScore> score = evaluate_with(*value, node);
    for (int again = 0; again < 3 && score.status().code() == StatusCode::kUnavailable; ++again) {
      judgements->forget();
      score = evaluate_with(*value, node);
    }
    // A node that failed for want of a judgement failed for good, as one that has its value without.
    if (score.status().code() == StatusCode::kFailedPrecondition) AISCI_RETURN_IF_ERROR(judgements->settle());
    if (!score.ok()) {
      judgements->forget();
      return score;
    }
    AISCI_RETURN_IF_ERROR(judgements->settle());
    score->judgements = judgements->given();
    return score;
  };

  AISCI_ASSIGN_OR_RETURN(
      auto writer,
      registry->create_writer("latex", json::serialize(json::object{{"format", options.format}}), services));
  crew.render = [writer](const json::object& paper) {
    return collect([&](const Sink& sink) { return writer->render(json::serialize(paper), "{}", sink, {}); },
                   "the writer's output");
  };
  crew.check = [writer](const json::object& paper) -> Result<json::object> {
    AISCI_ASSIGN_OR_RETURN(const std::string report, writer->check(json::serialize(paper), {}));
    return parse_json_object(report, "the writer's report");
  };

  const fs::path module = Registry::shipped_folder().parent_path().parent_path() / "python" / kExperimentModule;
  AISCI_ASSIGN_OR_RETURN(crew.experiment_module, read_file(module));

  crew.description = {{"llm_provider", options.llm_provider},
                      {"model", options.model},
                      {"sandbox", options.sandbox},
                      {"value_function", options.value_function},
                      {"retriever", "local"},
                      {"writer", "latex"},
                      {"format", options.format}};
  return crew;
}

}  // namespace aisci
