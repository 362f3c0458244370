#include "base/json.hpp"

#include <algorithm>
#include <boost/json/src.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace aisci {
namespace {

const json::value& null_value() {
  static const json::value value;
  return value;
}

void write_canonical(const json::value& value, std::string& out) {
  if (const auto* object = value.if_object()) {
    std::vector<std::string_view> names;
    for (const auto& entry : *object) names.emplace_back(entry.key().data(), entry.key().size());
    std::sort(names.begin(), names.end());
    out += '{';
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i) out += ',';
      out += json::serialize(json::string_view{names[i].data(), names[i].size()});
      out += ':';
      write_canonical(object->at({names[i].data(), names[i].size()}), out);
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i) out += ',';
      write_canonical((*array)[i], out);
    }
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

// The shortest decimal that reads back the same, as a person writes it: 0.05, 1.0.
std::string pretty_number(double number) {
  if (!std::isfinite(number)) return "null";
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  std::string out{digits, end};
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

std::string pretty_plain(const json::value& value) {
  return value.is_double() ? pretty_number(value.get_double()) : json::serialize(value);
}

void write_pretty(const json::value& value, std::string& out, std::size_t depth) {
  const auto indent = [&](std::size_t levels) { out.append(2 * levels, ' '); };
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += "{\n";
    std::size_t i = 0;
    for (const auto& entry : *object) {
      indent(depth + 1);
      out += json::serialize(entry.key()) + ": ";
      write_pretty(entry.value(), out, depth + 1);
      out += ++i < object->size() ? ",\n" : "\n";
    }
    indent(depth);
    out += '}';
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    const bool flat = std::all_of(array->begin(), array->end(), [](const json::value& v) { return v.is_primitive(); });
    if (flat) {
      out += '[';
      for (std::size_t i = 0; i < array->size(); ++i) out += (i ? ", " : "") + pretty_plain((*array)[i]);
      out += ']';
      return;
    }
    out += "[\n";
    for (std::size_t i = 0; i < array->size(); ++i) {
      indent(depth + 1);
      write_pretty((*array)[i], out, depth + 1);
      out += i + 1 < array->size() ? ",\n" : "\n";
    }
    indent(depth);
    out += ']';
  } else {
    out += pretty_plain(value);
  }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  json::stream_parser parser;
  const std::size_t used = parser.write_some(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (!error && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return invalid_argument(std::string{what} + ": not JSON: text after the value at byte " + std::to_string(used));
  }
  if (error) {
    return invalid_argument(std::string{what} + ": not JSON: " + error.message() + " at byte " + std::to_string(used));
  }
  return parser.release();
}

Result<json::object> parse_json_object(std::string_view text, std::string_view what) {
  AISCI_ASSIGN_OR_RETURN(json::value value, parse_json(text, what));
  if (!value.is_object()) return invalid_argument(std::string{what} + ": a JSON object was expected");
  return std::move(value.as_object());
}

std::string canonical(const json::value& value) {
  std::string out;
  write_canonical(value, out);
  return out;
}

std::string pretty(const json::value& value) {
  std::string out;
  write_pretty(value, out, 0);
  return out + '\n';
}

const json::value& member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains({name.data(), name.size()});
  return value ? *value : null_value();
}

const json::value& at(const json::value& document, std::string_view path) {
  const json::value* value = &document;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    const auto* object = value->if_object();
    if (!object) return null_value();
    value = &member(*object, name);
  }
  return *value;
}

std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise) {
  const auto& value = member(object, name);
  return value.is_string() ? std::string{value.get_string().c_str(), value.get_string().size()}
                           : std::string{otherwise};
}

double as_number(const json::value& value) {
  if (value.is_double()) return value.get_double();
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return std::numeric_limits<double>::quiet_NaN();
}

double number_of(const json::object& object, std::string_view name, double otherwise) {
  const double value = as_number(member(object, name));
  return std::isnan(value) ? otherwise : value;
}

std::int64_t integer_of(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const auto& value = member(object, name);
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64()) return static_cast<std::int64_t>(value.get_uint64());
  if (value.is_double() && std::abs(value.get_double()) < 9e15) return static_cast<std::int64_t>(value.get_double());
  return otherwise;
}

bool flag_of(const json::object& object, std::string_view name, bool otherwise) {
  const auto& value = member(object, name);
  return value.is_bool() ? value.get_bool() : otherwise;
}

const json::object& object_of(const json::object& object, std::string_view name) {
  static const json::object empty;
  const auto& value = member(object, name);
  return value.is_object() ? value.get_object() : empty;
}

const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array empty;
  const auto& value = member(object, name);
  return value.is_array() ? value.get_array() : empty;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
  std::vector<std::string> list;
  for (const auto& value : array_of(object, name))
    if (value.is_string()) list.emplace_back(value.get_string().c_str());
  return list;
}

}  // namespace aisci
