#include "analysis_study.hpp"

#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"

namespace aisci::offline {
namespace {

std::string level_of(const json::object& hypothesis, const char* member) {
  const json::value* value = hypothesis.if_contains(member);
  return value ? level_name(*value) : std::string{};
}

// Arms as the facts bind them; without facts, positive weights first.
std::vector<std::string> arms_of(const json::object& document, const std::string& id, const json::object& plan) {
  std::vector<std::string> arms = texts_of(object_of(object_of(document, "facts"), id + ".contrast.mean"), "arms");
  if (!arms.empty()) return arms;
  for (const bool positive : {true, false})
    for (const auto& entry : object_at(plan, "contrast.weights"))
      if ((as_number(entry.value()) > 0) == positive) arms.push_back(id + "." + std::string{entry.key()});
  return arms;
}

void read_evidence(Entry& entry, const json::object& evidence) {
  const auto& contrast = object_of(evidence, "contrast");
  entry.known = !contrast.empty();
  if (!entry.known) return;
  const double mean = number_of(contrast, "mean"), lower = number_of(contrast, "lower"),
               upper = number_of(contrast, "upper");
  entry.mean = entry.sign * mean;
  entry.lower = entry.sign > 0 ? lower : -upper;
  entry.upper = entry.sign > 0 ? upper : -lower;
  entry.p = number_of(contrast, "p", 1);
  entry.sign_flip_p = number_of(contrast, "sign_flip_p", 1);
  entry.n = static_cast<int>(number_of(contrast, "n", static_cast<double>(array_of(evidence, "blocks").size())));
  entry.significance = number_of(evidence, "significance");
  entry.lean = lean_of(evidence);
}

Entry read_entry(const json::object& document, const json::object& source, bool claim) {
  Entry entry;
  entry.document = &source;
  entry.claim = claim;
  entry.id = text_of(source, "id");
  entry.node = claim ? text_of(source, "node") : entry.id;
  entry.parent = text_of(source, "parent");
  entry.hypothesis = &object_of(source, "hypothesis");
  entry.plan = &object_of(source, "plan");
  entry.interaction = text_of(*entry.hypothesis, "kind") == "interaction";
  entry.factor = text_of(*entry.hypothesis, "factor");
  entry.treatment = level_of(*entry.hypothesis, "treatment");
  entry.baseline = level_of(*entry.hypothesis, "baseline");
  entry.relation = text_of(*entry.hypothesis, "relation", "initial");
  entry.verdict = text_of(source, "verdict");
  entry.failure = text_of(source, "failure");
  entry.late = flag_of(source, "late");
  const auto& moderator = object_of(*entry.hypothesis, "moderator");
  if (const auto& levels = array_of(moderator, "levels"); levels.size() == 2) {
    entry.moderator = text_of(moderator, "factor");
    entry.low = level_name(levels[0]), entry.high = level_name(levels[1]);
  }
  const auto& contrast = object_of(*entry.plan, "contrast");
  entry.logit = text_of(contrast, "scale", text_of(object_at(source, "evidence.contrast"), "scale")) == "logit";
  entry.sign =
      number_of(contrast, "predicted_sign", number_of(object_at(source, "evidence.contrast"), "predicted_sign", 1)) < 0
          ? -1
          : 1;
  read_evidence(entry, object_of(source, "evidence"));
  if (claim && has(source, "n")) entry.n = static_cast<int>(number_of(source, "n"));
  entry.alpha = number_of(source, "alpha", 0.05);
  entry.power = number_of(source, "power");
  entry.smallest_effect = number_of(source, "smallest_effect", number_of(*entry.plan, "smallest_effect"));
  entry.score = number_of(object_of(source, "score"), "value");
  entry.arms = arms_of(document, entry.id, *entry.plan);
  return entry;
}

// The level of a factor on a side of a hypothesis; empty where it names none.
std::string level_on_side(const json::object& hypothesis, const std::string& factor, bool treatment) {
  if (text_of(hypothesis, "factor") == factor) return level_of(hypothesis, treatment ? "treatment" : "baseline");
  for (const auto& further : further_in(hypothesis))
    if (further.factor == factor) return treatment ? further.treatment : further.baseline;
  return level_of(object_of(hypothesis, "context"), factor.c_str());
}

// The one layer that is on in the baseline where the treatment has the whole stack on; empty for another comparison.
std::string part_against_whole(const json::object& scope, const json::object& hypothesis) {
  const auto stack = objects_of(scope, "stack");
  std::vector<std::string> on;
  for (const auto* layer : stack) {
    const std::string factor = text_of(*layer, "factor"), level = level_of(*layer, "on");
    if (level_on_side(hypothesis, factor, true) != level) return {};
    if (level_on_side(hypothesis, factor, false) == level) on.push_back(factor);
  }
  return stack.size() > 1 && on.size() == 1 && !object_of(hypothesis, "also").empty() ? on.front() : std::string{};
}

}  // namespace

Lean lean_of(const json::object& evidence) {
  if (object_of(evidence, "contrast").empty()) return Lean::kNone;
  const double above = number_of(evidence, "probability_above"), below = number_of(evidence, "probability_below");
  if (above > 0.5) return Lean::kAsPredicted;
  if (below > 0.5) return Lean::kAgainst;
  return above + below < 0.25 ? Lean::kNull : Lean::kOpen;
}

Study::Study(const json::object& document)
    : document_{&document}, manifest_{&object_of(document, "template")}, scope_{&object_of(document, "scope")} {
  for (const auto* node : objects_of(document, "nodes")) nodes_.push_back(read_entry(document, *node, false));
  for (const auto* claim : objects_of(document, "claims")) claims_.push_back(read_entry(document, *claim, true));
  for (auto* list : {&nodes_, &claims_})
    for (auto& entry : *list) entry.part = part_against_whole(scope(), *entry.hypothesis);
  for (auto& claim : claims_)  // older documents keep the plan with the node alone
    if (const Entry* origin = node(claim.node); origin && claim.plan->empty()) claim.plan = origin->plan;
}

const Entry* Study::node(const std::string& id) const {
  const auto it = std::find_if(nodes_.begin(), nodes_.end(), [&](const Entry& entry) { return entry.id == id; });
  return it == nodes_.end() ? nullptr : &*it;
}

const Entry* Study::claim_on(const std::string& node) const {
  const auto it = std::find_if(claims_.begin(), claims_.end(), [&](const Entry& entry) { return entry.node == node; });
  return it == claims_.end() ? nullptr : &*it;
}

const Entry* Study::main_claim() const {
  const auto distance = [&](const Entry& claim) {
    // Of a stack the question is about the whole, then about interactions; of one factor, about its differences.
    const bool other =
        stacked() ? off_in_stack(claim.factor).empty() || (claim.interaction && off_in_stack(claim.moderator).empty())
                  : claim.factor != text_of(scope(), "factor");
    const int far = (claim.known ? 0 : 100) + (other ? 20 : 0) +
                    (claim.whole()                    ? 0
                     : claim.interaction != stacked() ? 8
                                                      : 4) +
                    (peculiarity(claim).empty() ? 0 : 2) + (claim.relation == "initial" ? 0 : 1);
    // Of wholes against parts the first claim is the one with the least advantage in the search.
    const auto place = claim.whole() ? &claim - claims_.data() : node(claim.node) - nodes_.data();
    return std::pair{far, place};
  };
  const auto it = std::min_element(claims_.begin(), claims_.end(),
                                   [&](const Entry& a, const Entry& b) { return distance(a) < distance(b); });
  return it == claims_.end() ? nullptr : &*it;
}

bool Study::flips_are_counted(const Entry& entry) const {
  const double blocks = number_of(fact(entry.id + ".n"), "value");
  return number_of(fact(entry.id + ".contrast.smallest_p"), "value") == std::ldexp(2.0, -static_cast<int>(blocks));
}

std::size_t Study::count(const std::string& verdict) const {
  return static_cast<std::size_t>(
      std::count_if(claims_.begin(), claims_.end(), [&](const Entry& claim) { return claim.verdict == verdict; }));
}

bool Study::stacked() const { return array_of(scope(), "stack").size() > 1; }

std::string Study::off_in_stack(const std::string& factor) const { return offline::off_in_stack(scope(), factor); }

std::string Study::layer_title(const std::string& name) const {
  return offline::layer_title(manifest(), scope(), name);
}

bool Study::whole_against_part(const std::string& part) const {
  return std::any_of(nodes_.begin(), nodes_.end(), [&](const Entry& node) {
    return node.known && node.whole() && (part.empty() || node.part == part);
  });
}

std::string Study::factor_title() const {
  if (stacked()) {
    std::vector<std::string> titles;
    for (const auto* layer : objects_of(scope(), "stack")) titles.push_back(layer_title(text_of(*layer, "factor")));
    return listed(titles);
  }
  return text_of(factor_in(manifest(), text_of(scope(), "factor")), "title", "factor under study");
}

std::string Study::the_factor() const { return stacked() ? factor_title() : with_article(factor_title()); }

const json::object& Study::metric() const {
  return object_of(object_of(manifest(), "metrics"), text_of(scope(), "metric", text_of(manifest(), "metric")));
}
std::string Study::metric_title() const { return text_of(metric(), "title", "the metric"); }

std::string Study::text_of_direction() const { return text_of(metric(), "direction", "higher"); }

const json::value* Study::fixed_model() const {
  const std::string role = factor_with_role(manifest(), "model");
  return role.empty() ? nullptr : object_of(scope(), "context").if_contains(role);
}

std::string Study::usual_level(const std::string& factor) const {
  if (const std::string off = off_in_stack(factor); !off.empty()) return off;
  const json::value* given = object_of(scope(), "context").if_contains(factor);
  return given ? level_name(*given) : default_level(manifest(), factor);
}

std::string Study::data_factor() const { return offline::data_factor(manifest()); }

std::string Study::setting_place() const {
  const std::string setting = text_of(scope(), "setting");
  const auto begin = setting.find('"'), end = begin == std::string::npos ? begin : setting.find('"', begin + 1);
  const std::string name = end == std::string::npos ? std::string{} : setting.substr(begin + 1, end - begin - 1);
  if (name.empty() || has_digit(name) ||
      std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return {};
  if (has_word(name, "are") || has_word(name, "is")) return " where " + name;
  // What cannot follow one of these words without an article ("high learning rate") is left to the sentence after it.
  static const std::pair<const char*, std::vector<std::string>> kPlaces[] = {
      {" on ", {"data", "datasets", "sets", "corpora", "texts", "text", "images", "rows", "tables"}},
      {" at ", {"budgets"}},
      {" under ", {"noise", "compute", "training", "labels"}},
      {" in ", {"networks", "models"}}};
  const std::string last = fold(name.substr(name.rfind(' ') == std::string::npos ? 0 : name.rfind(' ') + 1));
  for (const auto& [preposition, words] : kPlaces)
    if (contains(words, last)) return preposition + name;
  return {};
}

bool Study::on_training_data() const { return text_of(metric(), "measured_on") == "training"; }

std::string Study::data_name() const {
  if (has_fact("template.sha256") && has_fact("template.file")) return "{{template.file}}";
  const auto& dataset = object_of(manifest(), "dataset");
  if (const std::string called = text_of(dataset, "called"); !called.empty() && !has_digit(called)) return called;
  const std::string title = text_of(dataset, "title"), name = text_of(dataset, "name");
  std::string part = without_stop(title.substr(0, title.find_first_of(",(;")));
  if (part.empty() || has_digit(part)) part = has_digit(name) ? std::string{} : name;
  if (part.rfind("The ", 0) == 0) part[0] = 't';
  return part;
}

std::size_t Entry::deciding_blocks() const {
  std::size_t count = 0;
  for (const auto& other : object_of(*document, "without_one_block"))
    if (other.key() != verdict) count += static_cast<std::size_t>(as_number(other.value()));
  return count;
}

std::vector<std::string> Entry::verdicts_without_one() const {
  std::vector<std::string> verdicts;
  for (const auto& other : object_of(*document, "without_one_block"))
    if (other.key() != verdict) verdicts.emplace_back(other.key());
  return verdicts;
}

bool Entry::same_in_every_block() const {
  const auto& values = array_of(object_at(*document, "evidence.contrast"), "values");
  return !interaction && !values.empty() &&
         std::all_of(values.begin(), values.end(), [](const json::value& value) { return as_number(value) == 0; });
}

bool Study::acts_somewhere(const std::string& factor, bool claimed) const {
  for (const auto* list : {&claims_, &nodes_})
    for (const auto& entry : claimed && !claims_.empty() ? claims_ : *list)
      for (const auto* arm : objects_of(*entry.plan, "arms"))
        if (acts(manifest(), factor, object_of(*arm, "config"))) return true;
  return false;
}

bool Study::acts_on_all(const Entry& entry, const std::string& factor) const {
  const auto arms = objects_of(*entry.plan, "arms");
  return std::all_of(arms.begin(), arms.end(),
                     [&](const json::object* arm) { return acts(manifest(), factor, object_of(*arm, "config")); });
}

std::string Study::only_side(const Entry& entry, const std::string& factor) const {
  if (entry.interaction || entry.arms.size() < 2) return {};
  const auto acting = [&](const std::string& arm) {
    for (const auto* planned : objects_of(*entry.plan, "arms"))
      if (entry.id + "." + text_of(*planned, "id") == arm)
        return acts(manifest(), factor, object_of(*planned, "config"));
    return false;
  };
  const bool first = acting(entry.arms.front()), second = acting(entry.arms.back());
  return first == second ? std::string{} : first ? treatment(entry) : baseline(entry);
}

std::vector<std::string> Study::sides_changed(const Entry& entry, const Entry* other) const {
  std::vector<std::string> factors = departing(entry), sides;
  if (other)
    for (const auto& factor : departing(*other))
      if (!contains(factors, factor)) factors.push_back(factor);
  for (const auto& factor : factors) {
    if (level_in(entry, factor) == (other ? level_in(*other, factor) : expected_level(factor))) continue;
    const std::string side = only_side(entry, factor);
    if (side.empty()) return {};
    if (!contains(sides, side)) sides.push_back(side);
  }
  return sides;
}

Terms Study::terms() const {
  Terms terms = terms_of(manifest());
  const auto acting = [this](const json::object& part) { return applies_somewhere(part); };
  if (std::string parts = what_a_seed_fixes(manifest(), acting); !parts.empty()) terms.block = std::move(parts);
  return terms;
}

bool Study::applies_somewhere(const json::object& owner, bool claimed) const {
  const auto kinds = texts_of(owner, "figures");
  const auto figures = objects_of(document(), "figures");
  if (!kinds.empty() && std::none_of(figures.begin(), figures.end(), [&](const json::object* figure) {
        return contains(kinds, text_of(*figure, "kind"));
      }))
    return false;
  if (number_of(object_of(manifest(), "dataset"), "classes") < number_of(owner, "least_classes")) return false;
  for (const auto* list : {&claims_, &nodes_})
    for (const auto& entry : claimed && !claims_.empty() ? claims_ : *list)
      for (const auto* arm : objects_of(*entry.plan, "arms"))
        if (applies(manifest(), owner, object_of(*arm, "config"))) return true;
  return false;
}

bool Study::tuned_apart(const std::string& tuning) const {
  const Entry* main = main_claim();
  return main && contains(texts_of(factor_in(manifest(), tuning), "tuned_for"), main->factor);
}

std::string Study::amount_of_data(const Entry& entry) const {
  const json::value* level = object_of(*entry.hypothesis, "context").if_contains(data_factor());
  return level ? level_name(*level) : usual_level(data_factor());
}

bool Study::near_ceiling(const Entry& entry, bool every_arm) const {
  constexpr double kCeiling = 0.97;
  if (text_of(metric(), "unit") != "fraction") return false;
  std::size_t arms = 0, near = 0;
  for (const auto& arm : object_of(object_of(*entry.document, "evidence"), "arms"))
    if (arm.value().is_object()) ++arms, near += number_of(arm.value().get_object(), "mean") > kCeiling;
  return near > 0 && (!every_arm || near == arms);
}

bool Study::has_fact(const std::string& name) const { return object_of(document(), "facts").contains(name); }
const json::object& Study::fact(const std::string& name) const {
  return object_of(object_of(document(), "facts"), name);
}

const json::object* Study::record(const std::string& key) const {
  for (const char* list : {"literature", "set_aside"})
    for (const auto* record : objects_of(document(), list))
      if (text_of(*record, "key") == key) return record;
  return nullptr;
}

}  // namespace aisci::offline
