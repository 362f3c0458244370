#include "runtime/environment.hpp"

#include <unistd.h>
#include <aisci/options.hpp>

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace aisci {
namespace {

constexpr std::size_t kNear = 2;
constexpr std::string_view kPrefix = "AISCI_";

// --llm as AISCI_LLM.
std::string variable_like(const std::string& flag) {
  std::string out{kPrefix};
  for (const char c : flag.substr(2))
    out += static_cast<char>(c == '-' ? '_' : c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out;
}

// The option's variable that was meant; "" for one that means no option or sets one.
std::string meant(const std::string& variable) {
  std::vector<std::string> known;
  for (const auto& row : option_table()) known.push_back(row.environment);
  if (std::find(known.begin(), known.end(), variable) != known.end()) return {};
  for (const auto& row : option_table())
    if (variable == variable_like(row.flag)) return row.environment;
  const std::string near = nearest(variable, known);
  return near.empty() || edit_distance(variable, near) > kNear ? std::string{} : near;
}

}  // namespace

Status check_environment() {
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view whole{*entry};
    if (whole.rfind(kPrefix, 0) != 0) continue;
    const std::string variable{whole.substr(0, whole.find('='))};
    if (const std::string option = meant(variable); !option.empty())
      return invalid_argument("the environment sets " + variable + ", which is no option; did you mean " + option +
                              "?");
  }
  return {};
}

}  // namespace aisci
