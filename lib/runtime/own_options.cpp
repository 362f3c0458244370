#include "runtime/own_options.hpp"

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"

namespace aisci {
namespace {

struct Own {
  std::string_view name;
  std::vector<std::string_view> harmless;  // none: any value is, as all that it can do is to ask for more
};

const std::vector<Own>& table() {
  static const std::vector<Own> own{{"llm_base_url", {""}},
                                    {"sandbox", {"bubblewrap"}},
                                    {"require_layers", {}},
                                    {"literature", {""}},
                                    {"literature_store", {"", "none"}},
                                    {"plugins", {""}},
                                    {"isolation", {"auto", "process"}}};
  return own;
}

const Own* find(std::string_view name) {
  for (const auto& own : table())
    if (own.name == name) return &own;
  return nullptr;
}

std::vector<std::string> places(const std::string& list) {
  std::vector<std::string> paths;
  for (const auto& path : split(list, ':'))
    if (!path.empty()) paths.push_back(std::filesystem::absolute(path).lexically_normal().string());
  return paths;
}

std::string one_line(std::string_view text) {
  constexpr std::size_t kLongest = 4096;
  std::string line = printable(text, kLongest);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

}  // namespace

const std::vector<std::string>& own_options() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& own : table()) list.emplace_back(own.name);
    return list;
  }();
  return names;
}

bool is_own(std::string_view name) { return find(name) != nullptr; }

bool is_harmless(std::string_view name, std::string_view value) {
  const Own* own = find(name);
  return !own || own->harmless.empty() ||
         std::find(own->harmless.begin(), own->harmless.end(), value) != own->harmless.end();
}

bool mean_the_same(std::string_view name, const std::string& one, const std::string& other) {
  if (one == other) return true;
  return (name == "literature" || name == "plugins") && places(one) == places(other);
}

std::string as_text(const Options& options, const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const auto& name : names) parts.push_back(name + " = \"" + one_line(get_option(options, name)) + "\"");
  return join(parts, ", ");
}

std::string as_flags(const Options& options, const std::vector<std::string>& names) {
  std::string flags;
  for (const auto& row : option_table()) {
    if (std::find(names.begin(), names.end(), row.name) == names.end()) continue;
    const std::string value = get_option(options, row.name);
    flags += " " + row.flag + (value.rfind('-', 0) == 0 ? "=" : " ") + shell_word(value);
  }
  return flags;
}

std::string shell_word(const std::string& word) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  return "'" + replace_all(one_line(word), "'", "'\\''") + "'";
}

}  // namespace aisci
