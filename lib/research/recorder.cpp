#include "research/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace aisci {
namespace {

bool equal_numbers(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-12 * std::max({1.0, std::abs(a), std::abs(b)});
}

// What is about runs and not about the study. An experiment that began is one of the study's.
bool may_be_left(const Event& event, const std::set<std::pair<std::string, std::string>>& used) {
  constexpr std::string_view kStarted = ".started";
  static const std::set<std::string_view> kOfRuns{"run.ended", "run.repeated", "study.recovered"};
  const std::string_view type = event.type;
  if (kOfRuns.count(type) > 0 || type.substr(0, 6) == "model.") return true;
  if (type.size() < kStarted.size() || type.substr(type.size() - kStarted.size()) != kStarted) return false;
  const std::string begun{type.substr(0, type.size() - kStarted.size())};
  return used.count({begun == "experiment" ? "experiment.completed" : begun, event.key}) > 0;
}

}  // namespace

bool equal_documents(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return equal_numbers(as_number(a), as_number(b));
  if (a.kind() != b.kind()) return false;
  if (const auto* object = a.if_object()) {
    const auto& other = b.get_object();
    return object->size() == other.size() && std::all_of(object->begin(), object->end(), [&](const auto& entry) {
             const auto* value = other.if_contains(entry.key());
             return value && equal_documents(entry.value(), *value);
           });
  }
  if (const auto* array = a.if_array()) {
    const auto& other = b.get_array();
    return array->size() == other.size() && std::equal(array->begin(), array->end(), other.begin(), equal_documents);
  }
  return a == b;
}

Finding first_difference(const json::value& expected, const json::value& found, std::string place) {
  if (expected.is_object() && found.is_object()) {
    std::set<std::string> names;
    for (const auto* object : {&expected.get_object(), &found.get_object()})
      for (const auto& entry : *object) names.emplace(entry.key());
    for (const auto& name : names) {
      const auto& a = member(expected.get_object(), name);
      const auto& b = member(found.get_object(), name);
      if (!equal_documents(a, b)) return first_difference(a, b, place + "." + name);
    }
  }
  if (expected.is_array() && found.is_array() && expected.get_array().size() == found.get_array().size()) {
    for (std::size_t i = 0; i < expected.get_array().size(); ++i) {
      if (!equal_documents(expected.get_array()[i], found.get_array()[i])) {
        return first_difference(expected.get_array()[i], found.get_array()[i], place + "[" + std::to_string(i) + "]");
      }
    }
  }
  const auto [wanted, there] = difference(canonical(expected), canonical(found));
  return {std::move(place), wanted, there};
}

std::optional<Finding> first_difference_of_texts(std::string_view expected, std::string_view found,
                                                 const std::string& place) {
  if (expected == found) return std::nullopt;
  const auto a = split(expected, '\n'), b = split(found, '\n');
  std::size_t line = 0;
  while (line < a.size() && line < b.size() && a[line] == b[line]) ++line;
  const std::string where = place + ", line " + std::to_string(line + 1);
  if (line == a.size() || line == b.size())
    return Finding{where, std::to_string(a.size()) + " lines", std::to_string(b.size()) + " lines"};
  const auto [wanted, there] = difference(trim(a[line]), trim(b[line]));
  return Finding{where, wanted, there};
}

std::optional<Finding> first_difference_in_file(const std::filesystem::path& folder, const std::string& name,
                                                std::string_view expected) {
  const auto found = read_file(folder / name);
  if (!found.ok()) return Finding{name, "the file", found.status().message()};
  return first_difference_of_texts(expected, *found, name);
}

Result<json::object> Recorder::append(std::string_view type, std::string_view key, const json::object& body,
                                      Durability durability) {
  AISCI_ASSIGN_OR_RETURN(const Event event, ledger_.append(type, key, body, durability));
  if (listener_) listener_(event);
  return event.body;
}

Result<std::optional<json::object>> Recorder::recorded(std::string_view type, std::string_view key) const {
  AISCI_ASSIGN_OR_RETURN(auto event, ledger_.find(type, key));
  if (!event) return std::optional<json::object>{};
  if (verifying()) used_.emplace(type, key);
  return std::optional<json::object>{std::move(event->body)};
}

Result<json::object> Recorder::outcome(std::string_view type, std::string_view key,
                                       const std::function<Result<json::object>()>& act, bool intent) {
  AISCI_ASSIGN_OR_RETURN(auto known, recorded(type, key));
  if (known) return std::move(*known);
  const std::string place = std::string{type} + " " + std::string{key};
  if (verifying()) return data_loss("the ledger has no event " + place + ", which the study's flow needs");
  if (intent) {
    const std::string started = std::string{type} + ".started";
    AISCI_ASSIGN_OR_RETURN(const auto begun, recorded(started, key));
    if (!begun) AISCI_RETURN_IF_ERROR(append(started, key, {}).status());
  }
  AISCI_ASSIGN_OR_RETURN(const json::object body, act());
  return append(type, key, body);
}

Status Recorder::derive(std::string_view type, std::string_view key, const json::object& body) {
  AISCI_ASSIGN_OR_RETURN(const auto known, recorded(type, key));
  const std::string place = "ledger: " + std::string{type} + " " + std::string{key};
  if (!known) {
    if (!verifying()) return append(type, key, body, Durability::kBuffered).status();
    report({place, "an event", "none"});
    return {};
  }
  if (equal_documents(body, *known)) return {};
  Finding difference = first_difference(body, *known, place);
  if (verifying()) {
    report(std::move(difference));
    return {};
  }
  return failed_precondition("this study was begun by another version of aisci, or its files were changed: " +
                             difference.place + " would be " + difference.expected + ", the ledger says " +
                             difference.found + "; resume it with the version that began it");
}

Result<json::object> Recorder::note(std::string_view type, std::string_view key, const json::object& body,
                                    Durability durability) {
  AISCI_ASSIGN_OR_RETURN(auto known, recorded(type, key));
  if (known) return std::move(*known);
  if (verifying()) return body;
  return append(type, key, body, durability);
}

Status Recorder::report_unused() {
  if (!verifying()) return {};
  constexpr std::size_t kTold = 100, kShown = 200;
  AISCI_ASSIGN_OR_RETURN(const auto events, ledger_.events());
  std::size_t unused = 0;
  for (const auto& event : events) {
    if (used_.count({event.type, event.key}) > 0 || may_be_left(event, used_) || ++unused > kTold) continue;
    report({"ledger: " + printable(event.type + " " + event.key, kShown),
            "no such event: nothing in the study needs it", "event " + std::to_string(event.sequence)});
  }
  if (unused > kTold)
    report({"ledger", "no event that nothing in the study needs", std::to_string(unused - kTold) + " more of them"});
  return {};
}

Result<std::string> Recorder::put(std::string_view content) {
  if (!verifying()) return ledger_.put(content);
  return sha256(content);
}

}  // namespace aisci
