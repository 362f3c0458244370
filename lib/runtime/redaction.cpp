#include "runtime/redaction.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

extern char** environ;

namespace aisci {
namespace {

constexpr std::size_t kShortest = 8;
constexpr std::string_view kEndings[] = {"_KEY", "_TOKEN", "_SECRET", "_PASSWORD"};

bool is_secret(std::string_view name) {
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
    return name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending;
  });
}

}  // namespace

Redaction Redaction::of_environment() {
  Redaction redaction;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_secret(text.substr(0, equals))) continue;
    const std::string value = trim(text.substr(equals + 1));
    if (value.size() >= kShortest && value.find_first_not_of("0123456789.") != std::string::npos)
      redaction.secrets_.emplace_back(value, std::string{text.substr(0, equals)});
  }
  std::sort(redaction.secrets_.begin(), redaction.secrets_.end(),
            [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return redaction;
}

std::string Redaction::operator()(std::string text) const {
  for (const auto& [value, name] : secrets_)
    if (text.find(value) != std::string::npos) text = replace_all(std::move(text), value, "[value of " + name + "]");
  return text;
}

}  // namespace aisci
