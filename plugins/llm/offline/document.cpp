#include "document.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace aisci::offline {
namespace {

const json::value* find(const json::object& object, std::string_view name) {
  return object.if_contains(json::string_view{name.data(), name.size()});
}

}  // namespace

std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise) {
  const json::value* value = find(object, name);
  if (!value || !value->is_string()) return std::string{otherwise};
  return {value->get_string().data(), value->get_string().size()};
}

double number_of(const json::object& object, std::string_view name, double otherwise) {
  const json::value* value = find(object, name);
  return value && is_number(*value) ? as_number(*value) : otherwise;
}

bool flag_of(const json::object& object, std::string_view name, bool otherwise) {
  const json::value* value = find(object, name);
  return value && value->is_bool() ? value->get_bool() : otherwise;
}

bool has(const json::object& object, std::string_view name) {
  const json::value* value = find(object, name);
  return value && !value->is_null();
}

const json::object& object_of(const json::object& object, std::string_view name) {
  static const json::object kEmpty;
  const json::value* value = find(object, name);
  return value && value->is_object() ? value->get_object() : kEmpty;
}

const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array kEmpty;
  const json::value* value = find(object, name);
  return value && value->is_array() ? value->get_array() : kEmpty;
}

const json::object& object_at(const json::object& object, std::string_view path) {
  const json::object* here = &object;
  while (!path.empty()) {
    const auto dot = path.find('.');
    here = &object_of(*here, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return *here;
}

std::vector<const json::object*> objects_of(const json::object& object, std::string_view name) {
  std::vector<const json::object*> found;
  for (const auto& value : array_of(object, name))
    if (value.is_object()) found.push_back(&value.get_object());
  return found;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& value : array_of(object, name))
    if (value.is_string()) found.emplace_back(value.get_string().data(), value.get_string().size());
  return found;
}

bool is_number(const json::value& value) { return value.is_int64() || value.is_uint64() || value.is_double(); }

double as_number(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return value.is_double() ? value.get_double() : std::nan("");
}

std::string level_name(const json::value& level) {
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

std::string listed(const std::vector<std::string>& items, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? std::string{last} : std::string{", "};
    out += items[i];
  }
  return out;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string without_stop(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  return text;
}

bool contains(const std::vector<std::string>& items, std::string_view item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

}  // namespace aisci::offline
