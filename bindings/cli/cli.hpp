// The command line's parts. stdout is data, stderr is progress; every command returns its exit code.
#pragma once

#include <aisci/inspect.hpp>
#include <aisci/scientist.hpp>

#include <cstdio>
#include <map>
#include <set>
#include <string>

namespace CLI {
class App;
}

namespace aisci::cli {

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kBudget = 3, kCancelledRun = 4, kMissing = 5, kDegraded = 6 };

struct RunArguments {
  std::string question;
  std::string folder;
  std::string config;                        // --config
  std::map<std::string, std::string> flags;  // option name -> text
  bool json = false;
  bool quiet = false;
};

int run(const RunArguments& arguments);
int resume(const RunArguments& arguments);
int recover(const RunArguments& arguments, const std::string& from);
int show(const std::string& folder, bool json);
int explain(const RunArguments& arguments, const std::string& number);
int verify(const RunArguments& arguments);
int doctor(const RunArguments& arguments);
int show_config(const RunArguments& arguments, bool origin);

// The commands below `plugin`: list, manifest, check, new.
void add_plugin_commands(CLI::App& app, RunArguments& arguments, int& code);
// The commands below `template`: list, new.
void add_template_commands(CLI::App& app, int& code);
// bundle and reproduce.
void add_bundle_commands(CLI::App& app, RunArguments& arguments, int& code);
// compare-policies.
void add_comparison_command(CLI::App& app, RunArguments& arguments, int& code);
// The commands below `lit`: add, list, search.
void add_lit_commands(CLI::App& app, RunArguments& arguments, int& code);
// Options of a study as flags of a command, all or the named ones. A value goes into arguments.flags only when its flag
// is given.
void add_option_flags(CLI::App& command, RunArguments& arguments, const std::set<std::string>& names = {});

// What commands go by that read a study which may be a stranger's: flags, environment and the user's own configuration.
// An ./aisci.toml may have come with the study: of the options that are `used`, those that it sets are left out, which
// stderr says.
Result<LoadedOptions> trusted_options(const RunArguments& arguments, const std::set<std::string>& used);
// Of those the folders of further plugins.
Result<std::string> trusted_plugins(const RunArguments& arguments);

// Prints as printf does, and nothing that a terminal acts on: a study's texts, the names of files and what errors quote
// of both may be a stranger's.
void say(std::FILE* to, const char* format, ...) __attribute__((format(printf, 2, 3)));
// Prints JSON to stdout; what say() leaves out is escaped there.
void say_json(const std::string& json);
// The text between quotation marks in JSON.
std::string escaped(const std::string& text);

// The first SIGINT, SIGTERM or SIGHUP sets interrupted(), the second gives a study 1.5 s to end what it runs and then
// ends the program, the third ends it at once; SIGPIPE is a failed write.
void catch_signals();
bool interrupted();

// What this machine has and lacks, a line a check; what is well only with `all`. Gives the exit code that says so.
int print_checks(std::FILE* to, const std::vector<Check>& checks, bool all);

// Says a failure on stderr and gives its exit code.
int fail(const Status& status);

}  // namespace aisci::cli
