#include "manifest.hpp"

#include <regex>

#include "kit/document.hpp"

namespace aisci::design {
namespace {

using namespace kit;

bool is_of_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return is_number(value) && as_number(value) == std::floor(as_number(value));
  return type == "number" && is_number(value);
}

std::string named(std::string_view type) {
  if (type == "object") return "an object";
  if (type == "array") return "a list";
  if (type == "string") return "a text";
  return type == "integer" ? "a whole number" : "a number";
}

// `type` is one name or a list of them.
std::vector<std::string> types_of(const json::object& schema) {
  const std::string one = text_of(schema, "type");
  return one.empty() ? texts_of(schema, "type") : std::vector<std::string>{one};
}

bool has_type(const json::value& value, const json::object& schema) {
  const auto types = types_of(schema);
  return types.empty() ||
         std::any_of(types.begin(), types.end(), [&](const auto& type) { return is_of_type(value, type); });
}

// The keywords that template.schema.json uses.
class Checker {
 public:
  std::vector<std::string> run(const json::object& manifest, const json::object& schema) {
    check(manifest, schema, "");
    return std::move(problems_);
  }

 private:
  void wrong(const std::string& place, const json::value& value, const std::string& allowed) {
    std::string shown = json::serialize(value);
    if (constexpr std::size_t kLongest = 60; shown.size() > kLongest) shown = "another value";
    problems_.push_back("`" + place + "` is " + shown + "; it " + allowed);
  }

  void check(const json::value& value, const json::object& schema, const std::string& place) {
    if (const auto& either = objects_of(schema, "anyOf"); !either.empty() && types_of(schema).empty())
      return check_either(value, either, place);
    if (!has_type(value, schema)) {
      std::vector<std::string> names;
      for (const auto& type : types_of(schema)) names.push_back(named(type));
      return wrong(place, value, "must be " + listed(names, " or "));
    }
    if (const auto& allowed = array_of(schema, "enum");
        !allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      std::vector<std::string> names;
      for (const auto& one : allowed) names.push_back(json::serialize(one));
      return wrong(place, value, (names.size() == 1 ? "must be " : "may be ") + listed(names, " or "));
    }
    if (value.is_string()) check_text(value, schema, place);
    if (is_number(value)) check_number(value, schema, place);
    if (value.is_array()) check_list(value.get_array(), schema, place);
    if (value.is_object()) check_object(value.get_object(), schema, place);
  }

  // The alternatives differ in their types, so what is said is of the one that was meant.
  void check_either(const json::value& value, const std::vector<const json::object*>& either,
                    const std::string& place) {
    std::vector<std::string> names;
    for (const auto* schema : either) {
      if (has_type(value, *schema)) return check(value, *schema, place);
      for (const auto& type : types_of(*schema)) names.push_back(named(type));
    }
    wrong(place, value, "must be " + listed(names, " or "));
  }

  void check_text(const json::value& value, const json::object& schema, const std::string& place) {
    const std::string text{value.get_string().c_str(), value.get_string().size()};
    if (text.empty() && number_of(schema, "minLength") > 0) wrong(place, value, "must not be empty");
    const std::string pattern = text_of(schema, "pattern");
    if (!pattern.empty() && !std::regex_match(text, std::regex{pattern}))
      wrong(place, value, "must be " + text_of(schema, "description"));
  }

  void check_number(const json::value& value, const json::object& schema, const std::string& place) {
    const auto limit = [&](const char* name) { return level_name(schema.at(name)); };
    if (has(schema, "exclusiveMinimum") && as_number(value) <= number_of(schema, "exclusiveMinimum"))
      wrong(place, value, "must be above " + limit("exclusiveMinimum"));
    if (has(schema, "minimum") && as_number(value) < number_of(schema, "minimum"))
      wrong(place, value, "must be at least " + limit("minimum"));
    if (has(schema, "maximum") && as_number(value) > number_of(schema, "maximum"))
      wrong(place, value, "must be at most " + limit("maximum"));
  }

  void check_list(const json::array& list, const json::object& schema, const std::string& place) {
    if (static_cast<double>(list.size()) < number_of(schema, "minItems"))
      wrong(place, list, "needs " + level_name(schema.at("minItems")) + " or more");
    for (std::size_t i = 0; i < list.size(); ++i)
      check(list[i], object_of(schema, "items"), place + "[" + std::to_string(i) + "]");
  }

  void check_object(const json::object& object, const json::object& schema, const std::string& place) {
    const auto& members = object_of(schema, "properties");
    const auto& others = object_of(schema, "additionalProperties");
    const std::string prefix = place.empty() ? "" : place + ".";
    if (object.empty() && number_of(schema, "minProperties") > 0) wrong(place, object, "must not be empty");
    for (const auto& [name, value] : object) {
      const auto& known = object_of(members, name);
      if (known.empty() && others.empty() && !members.empty())
        unknown(std::string{name}, members, prefix);
      else if (!value.is_null())
        check(value, known.empty() ? others : known, prefix + std::string{name});
    }
    check_required(object, schema, place);
    const auto& either = objects_of(schema, "anyOf");
    if (!either.empty() &&
        std::none_of(either.begin(), either.end(), [&](const auto* one) { return missing_of(object, *one).empty(); }))
      check_required(object, *either.front(), place);
  }

  void unknown(const std::string& name, const json::object& members, const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& member : members) names.emplace_back(member.key());
    problems_.push_back("there is no member `" + prefix + name + "`; there are " + listed(names));
  }

  static std::vector<std::string> missing_of(const json::object& object, const json::object& schema) {
    std::vector<std::string> missing;
    for (const auto& name : texts_of(schema, "required"))
      if (!has(object, name)) missing.push_back(name);
    return missing;
  }

  void check_required(const json::object& object, const json::object& schema, const std::string& place) {
    for (const auto& name : missing_of(object, schema))
      problems_.push_back("`" + (place.empty() ? "" : place + ".") + name + "` is missing");
  }

  std::vector<std::string> problems_;
};

const json::object& schema_of_templates() {
  static const json::value kSchema = [] {
    const auto text = template_schema();
    return json::parse(json::string_view{text.data(), text.size()});
  }();
  return kSchema.get_object();
}

}  // namespace

std::vector<std::string> manifest_problems(const json::object& manifest) {
  return Checker{}.run(manifest, schema_of_templates());
}

std::vector<std::string> scoring_rules() {
  return texts_of(object_at(schema_of_templates(), "properties.metrics.additionalProperties.properties.scoring"),
                  "enum");
}

}  // namespace aisci::design
