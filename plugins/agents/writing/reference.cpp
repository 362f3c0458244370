#include "reference.hpp"

#include "kit/document.hpp"

namespace aisci::writing {
namespace {

using namespace kit;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

bool stop_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  return (c == '.' || c == '!' || c == '?' || c == '\n') &&
         (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n');
}

// "Figure 2": numbered in the order in which the paper places them.
std::string numbered(const Part& part, const json::object& paper) {
  int number = 0;
  for (const char* list : {"sections", "appendix"})
    for (const auto* section : objects_of(paper, list))
      for (const auto* block : objects_of(*section, "blocks")) {
        if (text_of(*block, "type") != part.kind) continue;
        ++number;
        if (text_of(*block, "id") == part.target)
          return (part.kind == "figure" ? "Figure " : "Table ") + std::to_string(number);
      }
  return {};
}

std::string without_sign(std::string text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.erase(0, 1);
  return text;
}

}  // namespace

std::vector<std::string> Part::keys() const {
  std::vector<std::string> keys;
  for (auto key : split(target, ',')) {
    key.erase(0, key.find_first_not_of(' '));
    keys.push_back(std::move(key));
  }
  return keys;
}

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  while (!text.empty()) {
    const auto begin = text.find("{{");
    if (begin != 0) parts.push_back({std::string{text.substr(0, begin)}, {}, {}, {}, false});
    if (begin == std::string_view::npos) break;
    const auto end = text.find("}}", begin);
    if (end == std::string_view::npos) {
      parts.push_back({std::string{text.substr(begin)}, "broken", {}, {}, true});
      break;
    }
    Part part{std::string{text.substr(begin + 2, end - begin - 2)}, "value", {}, {}, false};
    const auto colon = part.text.find(':');
    if (colon != std::string::npos) part.kind = part.text.substr(0, colon);
    part.options = split(colon == std::string::npos ? part.text : part.text.substr(colon + 1), '|');
    part.target = part.options.front();
    part.options.erase(part.options.begin());
    parts.push_back(std::move(part));
    text.remove_prefix(end + 2);
  }
  return parts;
}

std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> sentences{""};
  for (std::size_t i = 0; i < text.size(); ++i) {
    sentences.back() += text[i];
    if (stop_at(text, i)) sentences.emplace_back();
  }
  if (sentences.back().empty()) sentences.pop_back();
  return sentences;
}

std::size_t end_of_sentence(std::string_view literal) {
  for (std::size_t i = literal.size(); i > 0; --i)
    if (stop_at(literal, i - 1)) return i;
  return 0;
}

std::set<std::string> blocks_of(const json::object& paper, std::string_view type) {
  std::set<std::string> ids;
  for (const char* list : {"sections", "appendix"})
    for (const auto* section : objects_of(paper, list))
      for (const auto* block : objects_of(*section, "blocks"))
        if (text_of(*block, "type") == type) ids.insert(text_of(*block, "id"));
  return ids;
}

std::string shown(const Part& part, const json::object& paper, const json::object& study) {
  const auto fact = [&](const std::string& name) -> const json::object& {
    return object_of(object_of(study, "facts"), name);
  };
  if (part.kind == "arm") return text_of(object_of(study, "arms"), part.target);
  if (part.kind == "label") return text_of(object_of(study, "labels"), part.target);
  if (part.kind == "level") return text_of(fact("level." + part.target), "text");
  if (part.kind == "text") return text_of(fact(part.target), "text");
  if (part.kind == "cite") return "[" + listed(part.keys(), ", ") + "]";
  if (part.kind == "figure" || part.kind == "table") return numbered(part, paper);
  if (part.kind == "direction")
    return part.options.size() == 2 ? part.options[number_of(fact(part.target), "value") >= 0 ? 0 : 1] : std::string{};
  if (part.kind == "verdict") {
    for (const auto* claim : objects_of(study, "claims"))
      if (text_of(*claim, "id") == part.target) return text_of(*claim, "verdict");
    return {};
  }
  if (part.kind == "math") return part.text.substr(part.text.find(':') + 1);
  if (part.kind != "value") return {};
  const std::string text = text_of(fact(part.target), "text");
  if (part.options.empty()) return text;
  if (part.options[0] == "short")
    return has_unit(text_of(fact(part.target), "kind")) ? text.substr(0, text.find(' ')) : text;
  return without_sign(text);
}

}  // namespace aisci::writing
