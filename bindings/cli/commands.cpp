// The commands that look and do not run: verify, doctor, config.

#include <cstdint>
#include <cstdio>

#include "cli.hpp"

namespace aisci::cli {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out;
}

Result<std::string> trusted_plugins(const RunArguments& arguments) {
  auto loaded = load_options(arguments.flags, arguments.config);
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
    std::printf("{\"schema\":\"aisci/verify/1\",\"ok\":%s,\"problems\":[", report->problems.empty() ? "true" : "false");
    for (std::size_t i = 0; i < report->problems.size(); ++i) {
      const auto& problem = report->problems[i];
      std::printf("%s{\"place\":\"%s\",\"expected\":\"%s\",\"found\":\"%s\"}", i ? "," : "",
                  escaped(problem.place).c_str(), escaped(problem.expected).c_str(), escaped(problem.found).c_str());
    }
    std::printf("]}\n");
  } else {
    for (const auto& check : report->checks) std::printf("checked  %s\n", check.c_str());
    for (const auto& problem : report->problems)
      std::printf("PROBLEM  %s\n         expected %s\n         found    %s\n", problem.place.c_str(),
                  problem.expected.c_str(), problem.found.c_str());
    std::printf(report->problems.empty() ? "%s holds.\n" : "%s does NOT hold.\n", folder.c_str());
  }
  return report->problems.empty() ? kDone : kFailed;
}

int recover(const RunArguments& arguments, const std::string& from) {
  const auto recovered = recover_study(from, arguments.folder);
  if (!recovered.ok()) return fail(recovered.status());
  if (recovered->damage.empty())
    std::printf("The ledger of %s is whole.\n", from.c_str());
  else
    std::printf("Damaged %s\n", recovered->damage.c_str());
  std::printf("%jd events are in %s.\nGo on with it: aisci resume %s\n", static_cast<std::intmax_t>(recovered->events),
              arguments.folder.c_str(), arguments.folder.c_str());
  return kDone;
}

int print_checks(std::FILE* to, const std::vector<Check>& checks, bool all) {
  bool missing = false, degraded = false;
  for (const auto& check : checks) {
    missing |= !check.ok && check.required;
    degraded |= !check.ok && !check.required;
    if (check.ok && !all) continue;
    std::fprintf(to, "%-8s %-28s %s\n",
                 check.ok         ? "ok"
                 : check.required ? "MISSING"
                                  : "degraded",
                 check.name.c_str(), check.detail.c_str());
    if (!check.ok && !check.remedy.empty()) std::fprintf(to, "         %-28s -> %s\n", "", check.remedy.c_str());
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
      std::printf("%-26s %-36s %s\n", row.name.c_str(), value.empty() ? "(unset)" : value.c_str(),
                  loaded->origin.at(row.name).c_str());
  }
  if (!origin) std::printf("%s", to_toml(loaded->options).c_str());
  return kDone;
}

}  // namespace aisci::cli
