// The suite of sandboxes: two programs of a moment.
#include "base/json.hpp"
#include "host/conformance_bench.hpp"

#include <filesystem>

#include <stdlib.h>

namespace aisci {
namespace {

using host::Bench;

// A folder of the host for one run, readable by whatever user a sandbox runs programs as.
class RunFolder {
 public:
  RunFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "aisci-check-XXXXXX").string();
    if (::mkdtemp(name.data())) path_ = name;
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms{0755}, ignored);
    for (const char* each : {"job", "results"}) std::filesystem::create_directory(path_ / each, ignored);
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  std::string id() const { return path_.string(); }
  std::string spec(const char* script) const {
    return json::serialize(json::object{{"argv", {"sh", "-c", script}},
                                        {"folder", path_.string()},
                                        {"job", (path_ / "job").string()},
                                        {"results", (path_ / "results").string()},
                                        {"wall_seconds", 20},
                                        {"memory_mb", 512}});
  }

 private:
  std::filesystem::path path_;
};

struct Run {
  std::string token, output, errors;
  Exit exit;
};

Sink append(std::string& text) {
  return [&text](std::string_view more) {
    text += more;
    return Status{};
  };
}

bool start(Bench& bench, SandboxSession& session, const RunFolder& folder, const char* script, Run& run) {
  return bench.succeeds("S1", std::string{"started sh -c '"} + script + "'", [&](const CallContext& call) -> Status {
    AISCI_ASSIGN_OR_RETURN(run.token, session.start(folder.spec(script), folder.id(), call));
    return {};
  });
}

bool wait(Bench& bench, SandboxSession& session, Run& run) {
  return bench.succeeds("S2", "waited for it", [&](const CallContext& call) -> Status {
    AISCI_ASSIGN_OR_RETURN(run.exit, session.wait(run.token, append(run.output), append(run.errors), {}, call));
    return {};
  });
}

void check_runs(Bench& bench, SandboxSession& session) {
  const RunFolder first, second;
  Run run;
  if (start(bench, session, first, "echo out; echo err >&2; exit 3", run) && wait(bench, session, run)) {
    bench.expect("S2", "ran a program that exits with 3", "code 3, no signal",
                 run.exit.code == 3 && run.exit.signal == 0,
                 "code " + std::to_string(run.exit.code) + ", signal " + std::to_string(run.exit.signal));
    bench.expect("S3", "ran a program that writes", "out and err, each on its stream",
                 run.output == "out\n" && run.errors == "err\n", run.output + " / " + run.errors);
  }
  Run endless;
  if (!start(bench, session, second, "sleep 100", endless)) return;
  if (!bench.succeeds("S4", "killed a program that sleeps", [&](const CallContext& call) {
        return session.kill(endless.token, std::chrono::seconds{1}, call);
      }))
    return;
  if (wait(bench, session, endless))
    bench.expect("S4", "killed a program that sleeps", "an exit that says so", endless.exit.killed,
                 "code " + std::to_string(endless.exit.code));
}

}  // namespace

void check_component(Sandbox& component, const std::string& name, ConformanceReport& report) {
  Bench bench{report, name};
  std::unique_ptr<SandboxSession> session;
  if (bench.succeeds("S1", "opened a session", [&](const CallContext& call) -> Status {
        AISCI_ASSIGN_OR_RETURN(session, component.open(R"({"wall_seconds":30})", call));
        return {};
      }))
    check_runs(bench, *session);
  session.reset();
  Status outcome;
  const auto attach = [&](const CallContext& call) {
    return component.attach("/aisci-check/no-such-run", call).status();
  };
  if (bench.sound("looked for a run that never was", attach, outcome))
    bench.expect("S5", "looked for a run that never was", "NOT_FOUND", outcome.code() == StatusCode::kNotFound,
                 outcome.to_string());
  bench.succeeds("S6", "asked for left-over runs",
                 [&](const CallContext& call) { return component.leftovers(call).status(); });
}

}  // namespace aisci
