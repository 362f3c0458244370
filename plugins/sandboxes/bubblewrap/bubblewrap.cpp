// The sandbox `bubblewrap`: namespaces of their own for users, processes, network, IPC, host name and cgroups; a
// read-only system of named folders; no home, no network, no capability, a filter on system calls, limits, an empty
// environment. See docs/guide/sandboxes.md.
//
// Configuration: {"require": "memory,processes"}, layers that must hold; open() fails when one does not.
#include <unistd.h>

#include "arguments.hpp"
#include "filter.hpp"
#include "kit/process/run.hpp"
#include "layers.hpp"

namespace {

namespace fs = std::filesystem;
using namespace aisci::plugin;
using namespace aisci::sandboxes;

// Made once a process: it depends on nothing but the architecture.
const std::string& filter() {
  static const std::string program = filter_program();
  return program;
}

class Session final : public aisci::kit::RunSession {
 public:
  using RunSession::RunSession;

 private:
  aisci::kit::Command command_for(const aisci::kit::Spec& spec) override {
    aisci::kit::Command command = aisci::kit::command_of(spec);
    command.directory = "/";
    command.drop = ::geteuid() == 0;
    command.wrapped = true;
    command.filter = filter();
    command.environment = {"PATH=/usr/bin:/bin"};
    Arguments argv = isolation();
    append(argv, {"--seccomp", std::to_string(aisci::kit::kFilterDescriptor)});
    append(argv, system_view(spec.devices));
    const fs::path environment = environment_of(spec.argv[0]);
    if (!environment.empty()) bind(command, argv, "environment", environment, environment.string(), false);
    if (!spec.evaluator) append(argv, covered_labels(environment));
    bind(command, argv, "job", spec.job, "/job", false);
    bind(command, argv, "results", spec.results, "/results", true);
    int number = 0;
    for (const auto& mount : spec.mounts)
      bind(command, argv, "mount" + std::to_string(++number), mount.from, mount.to, mount.write);
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                      {"HOME", "/tmp"},
                                      {"TMPDIR", "/tmp"},
                                      {"LANG", "C.UTF-8"},
                                      {"AISCI_JOB", "/job"},
                                      {"AISCI_RESULTS", "/results"},
                                      {"AISCI_DATA", "/data"}})
      append(argv, {"--setenv", name, value});
    for (const auto& [name, value] : spec.environment) append(argv, {"--setenv", name, value});
    append(argv, {"--remount-ro", "/", "--chdir", spec.directory.empty() ? "/results" : spec.directory, "--"});
    append(argv, process_limit(spec.processes));
    append(argv, spec.argv);
    command.argv = std::move(argv);
    if (command.drop && ::chown(spec.results.c_str(), 65534, 65534) != 0)
      throw Error{Code::kPermissionDenied, "cannot hand " + spec.results.string() + " to the sandbox's user"};
    return command;
  }

  // As root the folders are staged where an unprivileged user reaches them (aisci-supervisor).
  static void bind(aisci::kit::Command& command, Arguments& argv, const std::string& name, const fs::path& from,
                   const std::string& to, bool write) {
    std::error_code error;
    if (!fs::exists(from, error)) throw Error{Code::kNotFound, from.string() + " does not exist"};
    if (command.drop) command.stages.emplace_back(from.string(), name);
    append(argv, {write ? "--bind" : "--ro-bind", command.drop ? "/mnt/" + name : from.string(), to});
  }
};

class Bubblewrap final : public Sandbox {
 public:
  static constexpr bool kConcurrent = true;

  explicit Bubblewrap(const Setup& setup) {
    boost::system::error_code error;
    const json::value config = json::parse(setup.config_json, error);
    if (error || !config.is_object()) throw Error{Code::kInvalidArgument, "the configuration is not a JSON object"};
    if (const auto* names = config.get_object().if_contains("require"); names && names->is_string())
      required_ = names->get_string().c_str();
  }
  std::unique_ptr<SandboxSession> open(std::string_view limits, Call& call) override {
    if (!why_not().empty()) throw Error{Code::kFailedPrecondition, why_not()};
    call.report("layers", layers_json());
    require(required_);
    return std::make_unique<Session>(aisci::kit::read_limits(limits));
  }
  std::unique_ptr<SandboxSession> attach(std::string_view run_id, Call&) override {
    if (aisci::kit::find_run(run_id) == aisci::kit::RunState::kUnknown)
      throw Error{Code::kNotFound, "no run in " + std::string{run_id}};
    return std::make_unique<Session>();
  }

 private:
  std::string required_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.sandbox-bubblewrap", "0.1.0", AISCI_SANDBOX("bubblewrap", Bubblewrap))
