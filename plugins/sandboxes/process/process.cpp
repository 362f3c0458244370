// The sandbox `process`: no isolation. A supervisor, a time limit on the whole process tree and output caps, nothing
// more: the program runs with the user's rights, files and network. It must be asked for by name.
#include "kit/process/run.hpp"

namespace {

using namespace aisci::plugin;

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& paths) {
  for (const auto& [from, to] : paths)
    if (text == from || text.rfind(from + "/", 0) == 0) return to + text.substr(from.size());
  return text;
}

class Session final : public aisci::kit::RunSession {
 public:
  using RunSession::RunSession;

 private:
  aisci::kit::Command command_for(const aisci::kit::Spec& spec) override {
    std::vector<std::pair<std::string, std::string>> paths{{"/job", spec.job.string()},
                                                           {"/results", spec.results.string()}};
    for (const auto& mount : spec.mounts) paths.emplace_back(mount.to, mount.from.string());
    aisci::kit::Command command = aisci::kit::command_of(spec);
    command.directory = replaced(spec.directory, paths);
    for (const auto& word : spec.argv) command.argv.push_back(replaced(word, paths));
    command.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + spec.results.string(), "TMPDIR=/tmp",
                           "LANG=C.UTF-8"};
    for (const auto& [name, value] : spec.environment)
      command.environment.push_back(name + "=" + replaced(value, paths));
    for (const auto& [from, to] : paths)
      command.environment.push_back((from == "/job"       ? "AISCI_JOB="
                                     : from == "/results" ? "AISCI_RESULTS="
                                                          : "AISCI_DATA=") +
                                    to);
    return command;
  }
};

class Process final : public Sandbox {
 public:
  static constexpr bool kConcurrent = true;

  explicit Process(const Setup& setup) {
    boost::system::error_code error;
    const json::value config = json::parse(setup.config_json, error);
    if (error || !config.is_object()) throw Error{Code::kInvalidArgument, "the configuration is not a JSON object"};
    if (const auto* names = config.get_object().if_contains("require"); names && names->is_string())
      required_ = names->get_string().c_str();
  }
  std::unique_ptr<SandboxSession> open(std::string_view limits, Call&) override {
    if (!required_.empty())
      throw Error{Code::kFailedPrecondition, "the sandbox `process` isolates nothing, and the layers " + required_ +
                                                 " were asked for: use --sandbox bubblewrap"};
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

AISCI_PLUGIN("org.aisci.sandbox-process", "0.1.0", AISCI_SANDBOX("process", Process))
