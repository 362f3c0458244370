#include "research/retry.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "research/crew.hpp"

namespace aisci {
namespace {

// The number of every arm's configuration, or the one that the plan's recipe states for all; none when arms differ.
std::optional<std::int64_t> number_in(const Plan& plan, std::string_view name) {
  std::optional<std::int64_t> found;
  for (const auto& arm : plan.arms) {
    const auto& own = member(arm.config, name);
    const auto& value = own.is_null() ? member(object_of(plan.document, "recipe"), name) : own;
    if (!value.is_int64() || (found && *found != value.get_int64())) return std::nullopt;
    found = value.get_int64();
  }
  return found;
}

bool speaks_about(const json::object& hypothesis, std::string_view name) {
  return object_of(hypothesis, "context").contains(name) || object_of(hypothesis, "also").contains(name) ||
         text_of(hypothesis, "factor") == name || text_of(object_of(hypothesis, "moderator"), "factor") == name;
}

}  // namespace

const std::vector<Remedy>& remedies() {
  using Kind = Remedy::Kind;
  static const std::vector<Remedy> table{
      {"lost", Kind::kSameAgain, "same_again"},
      {"interrupted", Kind::kSameAgain, "same_again"},
      {"memory", Kind::kHalve, "halve_batch_size", {"batch_size"}},
      {"timeout", Kind::kHalve, "smaller_run", {"steps", "max_steps", "epochs", "iterations"}},
      {"data", Kind::kRebuildData, "rebuild_data"},
      {"code", Kind::kRepairCode, "repair_code"},
  };
  return table;
}

const Remedy& remedy_for(std::string_view failure_class) {
  static const Remedy none;
  const auto& table = remedies();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Remedy& remedy) { return remedy.failure_class == failure_class; });
  return found == table.end() ? none : *found;
}

json::object to_json(const Retry& retry) {
  json::object out{{"failure_class", retry.failure_class}, {"failure", retry.failure}, {"remedy", retry.remedy}};
  if (!retry.number.empty())
    out["change"] = json::object{{"number", retry.number}, {"from", retry.from}, {"to", retry.to}};
  if (!retry.code.empty()) {
    json::object code;
    for (const auto& [name, text] : retry.code) code[name] = text;
    out["code"] = std::move(code);
    out["told"] = retry.told;
  }
  return out;
}

bool may_repair(const std::map<std::string, std::string>& code, const std::string& name, const json::value& text) {
  constexpr std::size_t kLongestFile = 1u << 20;
  return text.is_string() && !text.get_string().empty() && text.get_string().size() <= kLongestFile &&
         name != kExperimentModule && code.count(name) > 0;
}

Result<Retry> read_retry(const json::object& document, const std::map<std::string, std::string>& code) {
  const auto& change = object_of(document, "change");
  Retry retry{text_of(document, "failure_class"),
              text_of(document, "failure"),
              text_of(document, "remedy"),
              text_of(change, "number"),
              number_of(change, "from", 0),
              number_of(change, "to", 0),
              {},
              text_of(document, "told")};
  for (const auto& file : object_of(document, "code")) {
    const std::string name{file.key()};
    if (!may_repair(code, name, file.value()))
      return data_loss("the ledger has a repair of \"" + printable(name, 200) +
                       "\", which is no file of the experiment that a repair may change; nothing of it was written");
    retry.code[name] = std::string{file.value().get_string()};
  }
  return retry;
}

std::size_t changes_in(const std::vector<Retry>& retries) {
  return static_cast<std::size_t>(
      std::count_if(retries.begin(), retries.end(), [](const Retry& retry) { return retry.changes_recipe(); }));
}

std::string experiment_place(const std::string& id, std::size_t changes) {
  return "experiments/" + id + (changes == 0 ? "" : "/retry-" + std::to_string(changes));
}

std::optional<Retry> halved(const Plan& plan, const json::object& hypothesis, const Remedy& remedy) {
  for (const auto& name : remedy.numbers) {
    if (speaks_about(hypothesis, name)) continue;
    const auto value = number_in(plan, name);
    if (!value || *value < 2) continue;
    Retry retry;
    retry.remedy = remedy.name;
    retry.number = name;
    retry.from = static_cast<double>(*value);
    const auto half = *value / 2;  // whole, as it was
    retry.to = static_cast<double>(half);
    return retry;
  }
  return std::nullopt;
}

Result<Plan> with_change(const Plan& plan, const Retry& retry) {
  json::object document = plan.document;
  if (retry.number.empty()) return read_plan(document);
  json::array arms;
  for (const auto& value : array_of(document, "arms")) {
    if (!value.is_object()) continue;  // read_plan() refused it
    json::object arm = value.get_object();
    json::object config = object_of(arm, "config");
    config[retry.number] = static_cast<std::int64_t>(retry.to);
    arm["config"] = std::move(config);
    arms.push_back(std::move(arm));
  }
  document["arms"] = std::move(arms);
  return read_plan(document);
}

}  // namespace aisci
