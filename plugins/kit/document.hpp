// Asking a JSON document for its members: absent or mistyped means "not given", never an error.
//
//   for (const json::object* node : objects_of(study, "nodes")) use(text_of(*node, "id"));
//   double mean = number_of(object_at(*node, "evidence.contrast"), "mean");
//
// References returned stay valid as long as the document does. Pure functions, any thread.
// Since 0.1.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "kit/json.hpp"

namespace aisci::kit {

inline const json::value* find_member(const json::object& object, std::string_view name) {
  return object.if_contains(json::string_view{name.data(), name.size()});
}

inline bool is_number(const json::value& value) { return value.is_int64() || value.is_uint64() || value.is_double(); }

inline double as_number(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return value.is_double() ? value.get_double() : std::nan("");
}

inline std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise = {}) {
  const json::value* value = find_member(object, name);
  if (!value || !value->is_string()) return std::string{otherwise};
  return {value->get_string().data(), value->get_string().size()};
}

inline double number_of(const json::object& object, std::string_view name, double otherwise = 0.0) {
  const json::value* value = find_member(object, name);
  return value && is_number(*value) ? as_number(*value) : otherwise;
}

inline bool flag_of(const json::object& object, std::string_view name, bool otherwise = false) {
  const json::value* value = find_member(object, name);
  return value && value->is_bool() ? value->get_bool() : otherwise;
}

// There, and not null.
inline bool has(const json::object& object, std::string_view name) {
  const json::value* value = find_member(object, name);
  return value && !value->is_null();
}

inline const json::object& object_of(const json::object& object, std::string_view name) {
  static const json::object kEmpty;
  const json::value* value = find_member(object, name);
  return value && value->is_object() ? value->get_object() : kEmpty;
}

inline const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array kEmpty;
  const json::value* value = find_member(object, name);
  return value && value->is_array() ? value->get_array() : kEmpty;
}

// A path of members: object_at(node, "evidence.contrast"); empty when a step is missing.
inline const json::object& object_at(const json::object& object, std::string_view path) {
  const json::object* here = &object;
  while (!path.empty()) {
    const auto dot = path.find('.');
    here = &object_of(*here, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return *here;
}

// The objects of an array member; other elements are skipped.
inline std::vector<const json::object*> objects_of(const json::object& object, std::string_view name) {
  std::vector<const json::object*> found;
  for (const auto& value : array_of(object, name))
    if (value.is_object()) found.push_back(&value.get_object());
  return found;
}

// The texts of an array member.
inline std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& value : array_of(object, name))
    if (value.is_string()) found.emplace_back(value.get_string().data(), value.get_string().size());
  return found;
}

// A level as it is written in names: "gelu", "100", "0.1". Numbers in their shortest form.
inline std::string level_name(const json::value& level) {
  if (level.is_string()) return {level.get_string().data(), level.get_string().size()};
  if (level.is_bool()) return level.get_bool() ? "true" : "false";
  if (!is_number(level)) return {};
  const double number = as_number(level);
  char buffer[40];
  const auto end = number == std::floor(number) && std::abs(number) < 1e15
                       ? std::to_chars(buffer, buffer + sizeof buffer, static_cast<long long>(number))
                       : std::to_chars(buffer, buffer + sizeof buffer, number);
  return {buffer, end.ptr};
}

// Whether facts of a kind are printed with a unit behind a space, which {{value:NAME|short}} leaves out.
inline bool has_unit(std::string_view kind) { return kind == "points" || kind == "amount" || kind == "change"; }

// "a, b and c"
inline std::string listed(const std::vector<std::string>& items, std::string_view last = " and ",
                          std::string_view between = ", ") {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? last : between;
    out += items[i];
  }
  return out;
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

inline std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

inline std::string uncapitalised(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

// A factor's title as a phrase: "the number of warm-up steps", but "weight decay", "label smoothing" and
// "normalisation", of which there is no second.
inline std::string with_article(const std::string& title) {
  const auto ends = [&](std::string_view ending) {
    return title.size() >= ending.size() && title.compare(title.size() - ending.size(), ending.size(), ending) == 0;
  };
  const bool mass = ends("ing") || ends("decay") || (ends("ation") && !ends("station"));
  return mass ? title : "the " + title;
}

// Without the full stop at its end.
inline std::string without_stop(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return text;
}

inline bool contains(const std::vector<std::string>& items, std::string_view item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

inline bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

// The first clause of a description, where it has no digit: "small networks" of "small networks, trained for ...".
inline std::string first_clause(const std::string& text) {
  const std::string part = text.substr(0, text.find_first_of(",(;"));
  return has_digit(part) ? std::string{} : without_stop(part);
}

// The same outside references: "confirm {{n18.name}}" has none, which prints "n18".
inline bool has_typed_digit(std::string_view text) {
  for (auto open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    if (has_digit(text.substr(0, open))) return true;
    const auto end = text.find("}}", open);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 2);
  }
  return has_digit(text);
}

}  // namespace aisci::kit
