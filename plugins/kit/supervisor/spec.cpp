#include "spec.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace aisci::supervisor {

void die(const std::string& why) {
  std::fprintf(stderr, "aisci-supervisor: %s\n", why.c_str());
  std::_Exit(127);
}

Spec read_spec(const char* path) {
  std::ifstream file{path};
  if (!file) die(std::string{"cannot read "} + path);
  Spec spec;
  std::string line;
  const auto read_list = [&](std::vector<std::string>& list, int count) {
    for (int i = 0; i < count && std::getline(file, line); ++i) list.push_back(line);
  };
  const std::pair<const char*, std::string*> texts[] = {
      {"results", &spec.results}, {"directory", &spec.directory}, {"filter", &spec.filter}};
  const std::pair<const char*, double*> numbers[] = {{"wall_seconds", &spec.wall_seconds},
                                                     {"memory_mb", &spec.memory_mb},
                                                     {"results_mb", &spec.results_mb},
                                                     {"output_mb", &spec.output_mb},
                                                     {"cpus", &spec.cpus}};
  const std::pair<const char*, bool*> flags[] = {
      {"drop", &spec.drop}, {"reserves", &spec.reserves}, {"wrapped", &spec.wrapped}};
  while (std::getline(file, line)) {
    const auto space = line.find(' ');
    const std::string name = line.substr(0, space), value = space == std::string::npos ? "" : line.substr(space + 1);
    if (name == "argv")
      read_list(spec.argv, std::atoi(value.c_str()));
    else if (name == "environment")
      read_list(spec.environment, std::atoi(value.c_str()));
    else if (name == "stage")
      spec.stages.emplace_back(value.substr(value.find(' ') + 1), value.substr(0, value.find(' ')));
    else if (name == "processes")
      spec.processes = std::atol(value.c_str());
    for (const auto& [known, text] : texts)
      if (name == known) *text = value;
    for (const auto& [known, number] : numbers)
      if (name == known) *number = std::atof(value.c_str());
    for (const auto& [known, flag] : flags)
      if (name == known) *flag = value == "1";
  }
  if (spec.argv.empty()) die("no program");
  return spec;
}

}  // namespace aisci::supervisor
