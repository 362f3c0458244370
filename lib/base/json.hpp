// JSON inside the library: Boost.JSON under a short name, and the few questions that every
// reader of documents asks. No public header includes this.
#pragma once

#include <aisci/status.hpp>
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace aisci {

namespace json = boost::json;

// Parses one JSON text; the failure names what was being read: "plan.json: syntax error at byte 17".
Result<json::value> parse_json(std::string_view text, std::string_view what);

// The same, when an object is expected.
Result<json::object> parse_json_object(std::string_view text, std::string_view what);

// One text for one value, whatever order it was built in: members sorted by name, numbers in
// shortest form, no white space. What is hashed is always this.
std::string canonical(const json::value& value);

// For people: two-space indentation, members in their own order, a newline at the end.
std::string pretty(const json::value& value);

// A member, or null when it is absent; never throws.
const json::value& member(const json::object& object, std::string_view name);
// A path of members: at(document, "evidence.contrast.mean"); null when any step is absent.
const json::value& at(const json::value& document, std::string_view path);

// A member as a type, or the given value when it is absent or of another type.
std::string text_of(const json::object& object, std::string_view name, std::string_view otherwise = {});
double number_of(const json::object& object, std::string_view name, double otherwise = 0.0);
std::int64_t integer_of(const json::object& object, std::string_view name, std::int64_t otherwise = 0);
bool flag_of(const json::object& object, std::string_view name, bool otherwise = false);
const json::object& object_of(const json::object& object, std::string_view name);  // {} when absent
const json::array& array_of(const json::object& object, std::string_view name);    // [] when absent
// The texts of an array member; anything else in it is skipped.
std::vector<std::string> texts_of(const json::object& object, std::string_view name);

// Any JSON number as a double; NaN for another kind of value.
double as_number(const json::value& value);

}  // namespace aisci
