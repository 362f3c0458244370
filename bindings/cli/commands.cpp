// The commands that look and do not run: verify, doctor, config.

#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "cli.hpp"

namespace aisci::cli {

Result<LoadedOptions> trusted_options(const RunArguments& arguments, const std::set<std::string>& used) {
  auto loaded = load_own_options(arguments.flags, arguments.config);
  const std::string project = "aisci.toml";
  std::error_code error;
  if (!loaded.ok() || !arguments.config.empty() || !std::filesystem::is_regular_file(project, error)) return loaded;
  std::string left_out;
  if (const auto there = load_own_options({}, project); there.ok())
    for (const auto& name : used)
      if (there->origin.at(name) == project && loaded->origin.at(name) != "flag")
        left_out += (left_out.empty() ? "" : ", ") + name;
  if (!left_out.empty())
    say(stderr,
        "aisci: ./aisci.toml sets %s, which does not count here: the file may have come with the study. If it "
        "is yours: --config aisci.toml\n",
        left_out.c_str());
  return loaded;
}

Result<std::string> trusted_plugins(const RunArguments& arguments) {
  auto loaded = trusted_options(arguments, {"plugins"});
  if (!loaded.ok()) return loaded.status();
  return loaded->options.plugins;
}

int verify(const RunArguments& arguments) {
  const std::string& folder = arguments.folder;
  const auto plugins = trusted_plugins(arguments);
  if (!plugins.ok()) return fail(plugins.status());
  const auto report = verify_study(folder, *plugins);
  if (!report.ok()) return fail(report.status());
  if (arguments.json) {
    say(stdout, "{\"schema\":\"aisci/verify/1\",\"ok\":%s,\"problems\":[", report->problems.empty() ? "true" : "false");
    for (std::size_t i = 0; i < report->problems.size(); ++i) {
      const auto& problem = report->problems[i];
      say(stdout, "%s{\"place\":\"%s\",\"expected\":\"%s\",\"found\":\"%s\"}", i ? "," : "",
          escaped(problem.place).c_str(), escaped(problem.expected).c_str(), escaped(problem.found).c_str());
    }
    say(stdout, "]}\n");
  } else {
    for (const auto& check : report->checks) say(stdout, "checked  %s\n", check.c_str());
    for (const auto& problem : report->problems)
      say(stdout, "PROBLEM  %s\n         expected %s\n         found    %s\n", problem.place.c_str(),
          problem.expected.c_str(), problem.found.c_str());
    say(stdout, report->problems.empty() ? "%s holds.\n" : "%s does NOT hold.\n", folder.c_str());
  }
  return report->problems.empty() ? kDone : kFailed;
}

int recover(const RunArguments& arguments, const std::string& from) {
  const auto recovered = recover_study(from, arguments.folder);
  if (!recovered.ok()) return fail(recovered.status());
  if (recovered->damage.empty())
    say(stdout, "The ledger of %s is whole.\n", from.c_str());
  else
    say(stdout, "Damaged %s\n", recovered->damage.c_str());
  say(stdout, "%jd events are in %s.\nGo on with it: aisci resume %s\n", static_cast<std::intmax_t>(recovered->events),
      arguments.folder.c_str(), arguments.folder.c_str());
  return kDone;
}

int print_checks(std::FILE* to, const std::vector<Check>& checks, bool all) {
  bool missing = false, degraded = false;
  for (const auto& check : checks) {
    missing |= !check.ok && check.required;
    degraded |= !check.ok && !check.required;
    if (check.ok && !all) continue;
    say(to, "%-8s %-28s %s\n",
        check.ok         ? "ok"
        : check.required ? "MISSING"
                         : "degraded",
        check.name.c_str(), check.detail.c_str());
    if (!check.ok && !check.remedy.empty()) say(to, "         %-28s -> %s\n", "", check.remedy.c_str());
  }
  return missing ? kMissing : degraded ? kDegraded : kDone;
}

int doctor(const RunArguments& arguments) {
  const auto loaded = load_options(arguments.flags, arguments.config);
  if (!loaded.ok()) {
    fail(loaded.status());
    return kUsage;
  }
  return print_checks(stdout, diagnose(loaded->options), true);
}

int show_config(const RunArguments& arguments, bool origin) {
  const auto loaded = load_options(arguments.flags, arguments.config);
  if (!loaded.ok()) {
    fail(loaded.status());
    return kUsage;
  }
  for (const auto& row : option_table()) {
    const std::string value = get_option(loaded->options, row.name);
    if (origin)
      say(stdout, "%-26s %-36s %s\n", row.name.c_str(), value.empty() ? "(unset)" : value.c_str(),
          loaded->origin.at(row.name).c_str());
  }
  if (!origin) say(stdout, "%s", to_toml(loaded->options).c_str());
  return kDone;
}

}  // namespace aisci::cli
