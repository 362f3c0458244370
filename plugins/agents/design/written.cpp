#include "written.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "assembly.hpp"
#include "details.hpp"
#include "kit/document.hpp"
#include "manifest.hpp"

namespace aisci::design {
namespace {

using namespace kit;

constexpr const char* kPrepare = "prepare.py";
constexpr const char* kExperiment = "experiment.py";
constexpr const char* kModule = "aisci_experiment";  // what experiments import, and the host adds
constexpr std::size_t kLongestFile = 256u << 10;
constexpr std::size_t kLongestText = 300;
constexpr double kLongestTrial = 3600;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// Collects what is wrong while the manifest is made.
class Check {
 public:
  explicit Check(std::vector<std::string>& problems) : problems_{problems} {}

  void wrong(const std::string& what) { problems_.push_back(what); }

  // A text that will be printed among references: a digit in it would be a number that nothing printed.
  std::string printed(const json::object& holder, const char* member, const std::string& place) {
    const std::string text = text_of(holder, member);
    label(text, place + "." + member);
    if (has_digit(text)) wrong(place + "." + member + " has a digit; write numbers as words: \"" + text + "\"");
    return text;
  }

  void label(const std::string& text, const std::string& place) {
    if (text.size() > kLongestText) wrong(place + " is longer than " + std::to_string(kLongestText) + " characters");
    if (text.find_first_of("{}") != std::string::npos) wrong(place + " has braces: \"" + text + "\"");
  }

 private:
  std::vector<std::string>& problems_;
};

// Copies the members named that are there.
json::object only(const json::object& from, std::initializer_list<std::string_view> members) {
  json::object out;
  for (const auto name : members)
    if (const json::value* value = find_member(from, name)) out[json::string_view{name.data(), name.size()}] = *value;
  return out;
}

json::object metrics_of(const json::object& given, Check& check) {
  json::object metrics;
  for (const auto& [key, value] : object_of(given, "metrics")) {
    const std::string name{key}, place = "metrics." + name;
    if (!value.is_object() || !is_name(name)) {
      check.wrong(place + ": a metric's name is a small letter, then small letters, digits and '_'");
      continue;
    }
    json::object metric = only(value.get_object(), {"title", "direction", "unit", "smallest_effect",
                                                    "smallest_effect_reason", "scored_by", "scoring", "chance"});
    (void)check.printed(metric, "title", place);
    (void)check.printed(metric, "unit", place);
    (void)check.printed(metric, "smallest_effect_reason", place);
    if (number_of(metric, "smallest_effect") <= 0) check.wrong(place + " needs a smallest_effect above zero");
    if (text_of(metric, "scored_by") == "host" && !contains(scoring_rules(), text_of(metric, "scoring", name)))
      check.wrong(place + " is scored_by the host, and `scoring` is none of " + listed(scoring_rules(), " or "));
    metrics[name] = std::move(metric);
  }
  if (!metrics.contains(text_of(given, "metric")))
    check.wrong("`metric` is \"" + text_of(given, "metric") + "\", which is none of `metrics`");
  return metrics;
}

json::object factor_of(const json::object& given, const std::string& place, Check& check) {
  json::object factor = only(given, {"title", "kind", "default", "levels", "role", "expects"});
  (void)check.printed(factor, "title", place);
  std::set<std::string> names, ids;
  json::object labels;
  for (const auto& level : array_of(factor, "levels")) {
    const std::string name = level_name(level);
    if (!names.insert(name).second) check.wrong(place + " has the level \"" + name + "\" twice");
    if (!ids.insert(arm_id(level)).second || arm_id(level).empty() || name.size() > 40)
      check.wrong(place + ": the level \"" + name +
                  "\" makes no name of its own: at most 40 letters, digits, '_' or '-'");
    const std::string label = text_of(object_of(given, "labels"), name);
    check.label(label, place + ".labels." + name);
    if (!label.empty()) labels[name] = label;
    if (label.empty() && level.is_string()) labels[name] = replaced(name, "_", " ");
  }
  if (names.size() < 2) check.wrong(place + " needs two levels or more");
  const json::value* usual = find_member(factor, "default");
  if (!usual || names.count(level_name(*usual)) == 0) check.wrong(place + ": its `default` is none of its levels");
  factor["labels"] = std::move(labels);
  factor["words"] = json::array{};
  return factor;
}

json::object factors_of(const json::object& given, Check& check) {
  json::object factors;
  std::set<std::string> roles;
  for (const auto& [key, value] : object_of(given, "factors")) {
    const std::string name{key}, place = "factors." + name;
    if (!value.is_object() || !is_name(name)) {
      check.wrong(place + ": a factor's name is a small letter, then small letters, digits and '_'");
      continue;
    }
    json::object factor = factor_of(value.get_object(), place, check);
    // One factor a role; a second one has none.
    if (const std::string role = text_of(factor, "role"); !role.empty() && !roles.insert(role).second)
      factor.erase("role");
    factors[name] = std::move(factor);
  }
  if (factors.empty()) check.wrong("`factors` is empty: there is nothing to vary");
  return factors;
}

// What a paper says of how the trials come about. What is wrong with it is said of the whole manifest.
json::array details_of(const json::object& given, Check& check) {
  json::array details;
  for (const auto& value : array_of(given, "details")) {
    const auto detail =
        value.is_object() ? only(value.get_object(), {"text", "applies_to", "metrics"}) : json::object{};
    if (text_of(detail, "text").size() > kLongestText)
      check.wrong("details[" + std::to_string(details.size()) + "] is longer than " + std::to_string(kLongestText) +
                  " characters");
    details.emplace_back(detail);
  }
  return details;
}

json::object code_of(const json::object& given, Check& check) {
  json::object code;
  for (const auto& [key, value] : given) {
    const std::string file{key};
    const bool python = file.size() > 3 && file.substr(file.size() - 3) == ".py";
    if (!python || !is_name(file.substr(0, file.size() - 3)) || file == std::string{kModule} + ".py") {
      check.wrong("code." + file + ": a file's name is small letters, digits and '_', then .py, and not " + kModule +
                  ".py");
    } else if (!value.is_string() || value.get_string().size() > kLongestFile) {
      check.wrong("code." + file + " is no text of at most " + std::to_string(kLongestFile) + " characters");
    } else {
      code[file] = value;
    }
  }
  for (const char* file : {kPrepare, kExperiment})
    if (text_of(code, file).empty()) check.wrong(std::string{"`code` has no "} + file);
  if (code.contains(kExperiment) && text_of(code, kExperiment).find(kModule) == std::string::npos)
    check.wrong(std::string{kExperiment} + " does not import " + kModule + ", which tells it what to run");
  return code;
}

json::array files_without(const json::object& code, std::string_view left_out) {
  json::array files;
  for (const auto& entry : code)
    if (std::string_view{entry.key()} != left_out) files.emplace_back(entry.key());
  return files;
}

}  // namespace

Written written_template(const json::object& answer) {
  Written out;
  Check check{out.problems};
  const auto& given = object_of(answer, "template");
  out.code = code_of(object_of(answer, "code"), check);
  json::object dataset = only(object_of(given, "dataset"), {"title", "split_rule"});
  for (const char* member : {"title", "split_rule"}) (void)check.printed(dataset, member, "dataset");
  json::object terms =
      only(object_of(given, "terms"), {"subject", "subjects", "example", "examples", "trained", "block"});
  for (const auto& entry : terms) (void)check.printed(terms, entry.key_c_str(), "terms");
  json::object limits = only(object_of(given, "limits"), {"memory_mb", "wall_seconds_per_trial", "gpus"});
  if (number_of(limits, "wall_seconds_per_trial") > kLongestTrial)
    check.wrong("limits.wall_seconds_per_trial is more than an hour");
  limits["threads"] = 1;
  json::object cost = only(object_of(given, "cost"), {"seconds_per_trial", "seconds_per_process"});
  if (!has(cost, "seconds_per_process")) cost["seconds_per_process"] = 1.0;
  out.manifest = {{"$schema", "aisci/template/1"},
                  {"name", kFree},
                  {"version", "1"},
                  {"title", check.printed(given, "title", "template")},
                  {"experiment_type", kFree},
                  {"words", json::array{kFree}},
                  {"terms", std::move(terms)},
                  {"dataset", std::move(dataset)},
                  {"population", check.printed(given, "population", "template")},
                  {"metric", text_of(given, "metric")},
                  {"metrics", metrics_of(given, check)},
                  {"factors", factors_of(given, check)},
                  {"details", details_of(given, check)},
                  {"cost", std::move(cost)},
                  {"limits", std::move(limits)},
                  {"program", json::array{"python3", std::string{"/job/"} + kExperiment}},
                  {"files", files_without(out.code, kPrepare)},
                  {"prepare", json::array{"python3", std::string{"/job/"} + kPrepare}},
                  {"prepare_files", files_without(out.code, kExperiment)}};
  for (const auto& problem : detail_problems(out.manifest)) check.wrong(problem);
  if (out.problems.empty()) out.problems = manifest_problems(out.manifest);
  return out;
}

}  // namespace aisci::design
