// aisci-supervisor: runs one program and leaves a record of how it ended, whatever becomes of aisci.
//
//   aisci-supervisor RUN_FOLDER SPEC_FILE
//
// It runs in a session of its own and is the subreaper of everything the program starts, so a program that forks twice
// and calls setsid is still found and ended; where control groups can be made, the program is in one. In RUN_FOLDER it
// writes supervisor.json when it starts, output.log and errors.log while the program runs, and completion.json, synced
// and renamed, when everything has ended.
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>

#include "kit/containment/processes.hpp"
#include "program.hpp"
#include "watch.hpp"

namespace {

namespace fs = std::filesystem;
using namespace aisci::supervisor;
using aisci::kit::ControlGroup;

volatile sig_atomic_t asked_to_end = 0;
void on_terminate(int) { asked_to_end = 1; }

// Renamed into its place, so that a reader sees a whole record or none; synced when it must outlive the machine's
// power.
void write_record(const fs::path& path, const std::string& text, bool synced) {
  const fs::path part = path.string() + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  const bool whole =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && (!synced || ::fsync(fd) == 0);
  ::close(fd);
  if (!whole || ::rename(part.c_str(), path.c_str()) != 0 || !synced) return;
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

std::string started_record(const ControlGroup& group) {
  std::string text =
      "{\"pid\":" + std::to_string(::getpid()) + ",\"started\":" + std::to_string(aisci::kit::start_time(::getpid()));
  for (const auto& [name, controller] : {std::pair{"memory", ControlGroup::kMemory},
                                         {"processes", ControlGroup::kProcesses},
                                         {"cpu", ControlGroup::kCpu}})
    text += std::string{",\"group_"} + name + "\":" + std::to_string(group.version(controller));
  return text + "}\n";
}

// The completion record's text. The group is gone before it is written: when a run has ended, nothing of it is left.
std::string run(const Spec& spec, const fs::path& folder) {
  ControlGroup group =
      ControlGroup::make(ControlGroup::name_for(::getpid()), {spec.memory_mb, spec.processes, spec.cpus});
  group.sweep();
  Stream streams[2];
  int pipes[2][2], go[2];
  const char* names[] = {"output.log", "errors.log"};
  for (int i = 0; i < 2; ++i) {
    if (::pipe2(pipes[i], O_CLOEXEC) != 0) die("no pipe");
    streams[i].from = pipes[i][0];
    streams[i].to = ::open((folder / names[i]).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    streams[i].left = spec.output_mb * 1048576;
  }
  if (::pipe2(go, O_CLOEXEC) != 0) die("no pipe");
  const bool bounded = group.has(ControlGroup::kMemory);
  const pid_t program = ::fork();
  if (program < 0) die("cannot fork");
  if (program == 0) {
    ::close(go[1]);
    become_program(spec, pipes[0][1], pipes[1][1], go[0], bounded);
  }
  group.add(program);
  write_record(folder / "supervisor.json", started_record(group), false);  // a process does not outlive the power
  if (::write(go[1], "g", 1) != 1) die("the program cannot be started");
  for (const int fd : {pipes[0][1], pipes[1][1], go[0], go[1]}) ::close(fd);
  return record_of(spec, watch(spec, program, streams, group, asked_to_end));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) die("usage: aisci-supervisor RUN_FOLDER SPEC_FILE");
  const fs::path folder = argv[1];
  const Spec spec = read_spec(argv[2]);
  struct sigaction action {};
  action.sa_handler = on_terminate;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaction(signal, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const std::string record = run(spec, folder);
  write_record(folder / "completion.json", record, true);
  return 0;
}
