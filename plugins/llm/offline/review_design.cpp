// Plans against hypotheses, claims against nodes, arms against each other.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"
#include "review_meaning.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

constexpr std::size_t kMostClaims = 3;

class Design {
 public:
  Design(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {}

  void run() {
    for (const auto* entry : entries_of(study_)) {
      entry_ = entry;
      id_ = text_of(*entry, "id");
      pair_ = pair_of(plan());
      if (plan().empty()) continue;
      baseline();
      direction();
      arms();
      splits();
      budget();
      protocol();
      interaction();
      if (has(*entry, "verdict")) claim();
    }
    claims();
  }

 private:
  void add(const char* rule, Weight weight, const std::string& text, std::string question = {}) {
    found_.push_back({text, id_, "evidence", weight, std::move(question), rule});
  }
  const json::object& plan() const { return object_of(*entry_, "plan"); }
  const json::object& hypothesis() const { return object_of(*entry_, "hypothesis"); }
  const json::object& contrast() const { return object_of(plan(), "contrast"); }
  std::string level_of(const json::object& arm) const {
    const json::value* level = find_member(object_of(arm, "config"), text_of(hypothesis(), "factor"));
    return level ? level_name(*level) : std::string{};
  }
  static std::string level_named(const json::object& object, const char* name) {
    const json::value* level = find_member(object, name);
    return level ? level_name(*level) : std::string{};
  }

  void baseline() {
    std::set<std::string> ids, levels;
    for (const auto* arm : objects_of(plan(), "arms")) {
      ids.insert(text_of(*arm, "id"));
      levels.insert(level_of(*arm));
    }
    const std::string wanted = level_named(hypothesis(), "baseline");
    bool missing = ids.size() < 2 || (has(plan(), "baseline") && ids.count(text_of(plan(), "baseline")) == 0);
    if (!wanted.empty() && !text_of(hypothesis(), "factor").empty() && levels.count("") == 0)
      missing = missing || levels.count(wanted) == 0;
    const auto& measured = object_at(*entry_, "evidence.arms");
    for (const auto& id : ids) missing = missing || (!measured.empty() && !has(measured, id));
    if (missing)
      add("baseline-missing", Weight::kFatal,
          "The baseline that the hypothesis on " + pair_ +
              " names was not run, so there is nothing to hold the treatment against.",
          "What does the baseline of " + pair_ + " score in the same blocks?");
  }

  void direction() {
    const std::string predicted = text_of(object_of(hypothesis(), "expected"), "direction");
    const double sign = number_of(contrast(), "predicted_sign", 1);
    if ((predicted == "higher" && sign < 0) || (predicted == "lower" && sign > 0))
      add("direction-changed", Weight::kFatal,
          "The sign that the plan for " + pair_ + " tests is not the one that its hypothesis predicts.");
    const std::string treatment = level_named(hypothesis(), "treatment"), base = level_named(hypothesis(), "baseline");
    if (text_of(contrast(), "kind", "difference") != "difference" || treatment.empty() || treatment == base) return;
    for (const auto* arm : objects_of(plan(), "arms")) {
      const double weight = number_of(object_of(contrast(), "weights"), text_of(*arm, "id"));
      if ((level_of(*arm) == treatment && weight < 0) || (level_of(*arm) == base && weight > 0))
        return add(
            "arms-swapped", Weight::kFatal,
            "In " + pair_ + " the contrast takes the treatment for the baseline: it has the wrong sign throughout.");
    }
  }

  // Whether an arm is labelled by what it was configured with: by its level, or, where sides have names of their own,
  // by the name of the side all of whose levels it has.
  bool labelled(const json::object& arm) const {
    const std::string level = level_of(arm), given = text_of(arm, "label"),
                      label = text_of(object_of(factor(), "labels"), level);
    if (given.empty() || level.empty()) return true;
    const auto called = texts_of(hypothesis(), "called");
    const auto further = further_in(hypothesis());
    if (further.empty() || called.size() != 2)
      return label.empty()
                 ? !has_digit(given) || !has_digit(level) || find_phrase(given, level) != std::string_view::npos
                 : given.find(label) != std::string::npos;
    const bool treatment = level == level_named(hypothesis(), "treatment");
    return given.rfind(called[treatment ? 0 : 1], 0) == 0 &&
           std::all_of(further.begin(), further.end(), [&](const Further& one) {
             return level_named(object_of(arm, "config"), one.factor.c_str()) ==
                    (treatment ? one.treatment : one.baseline);
           });
  }

  // Label, id and configuration of an arm say the same; beside the factors that its hypothesis names, arms do not
  // differ.
  void arms() {
    std::set<std::string> varied{text_of(hypothesis(), "factor"),
                                 text_of(object_of(hypothesis(), "moderator"), "factor")};
    for (const auto& further : further_in(hypothesis())) varied.insert(further.factor);
    std::map<std::string, std::set<std::string>> levels;
    const auto list = objects_of(plan(), "arms");
    for (const auto* arm : list)
      for (const auto& entry : object_of(*arm, "config")) levels[std::string{entry.key()}];
    for (const auto* arm : list) {
      for (auto& [name, values] : levels) values.insert(level_named(object_of(*arm, "config"), name.c_str()));
      if (!labelled(*arm))
        add("arms-swapped", Weight::kFatal,
            "An arm of " + pair_ +
                " is labelled otherwise than it was configured: names and results belong to different arms.");
      for (const auto& [key, measured] : object_at(*entry_, "evidence.arms"))
        if (measured.is_object() && std::string_view{key.data(), key.size()} == text_of(*arm, "id") &&
            text_of(measured.get_object(), "label", text_of(*arm, "label")) != text_of(*arm, "label"))
          add("arms-swapped", Weight::kFatal,
              "The evidence of " + pair_ + " and its plan give one arm two names, so results belong to another arm.");
    }
    for (const auto& [name, values] : levels)
      if (values.size() > 1 && varied.count(name) == 0)
        add("budget-unequal", Weight::kFatal,
            "The arms of " + pair_ + " differ in " + title_of(name) +
                " as well, so the contrast cannot be laid to the factor.",
            "What remains of " + pair_ + " when " + title_of(name) + " is the same in all arms?");
    if (levels.count(text_of(hypothesis(), "factor")) > 0 && levels[text_of(hypothesis(), "factor")].size() < 2)
      add("factor-constant", Weight::kFatal,
          "All arms of " + pair_ + " were configured alike: the factor under test was never varied.");
  }

  const json::object& factor() const {
    return object_of(object_at(study_, "template.factors"), text_of(hypothesis(), "factor"));
  }
  std::string title_of(const std::string& name) const {
    return text_of(object_of(object_at(study_, "template.factors"), name), "title", "their configuration");
  }

  void splits() {
    const auto& splits = object_of(plan(), "splits");
    if (splits.empty()) return;
    const std::string train = text_of(splits, "train"), evaluate = text_of(splits, "evaluate"),
                      confirm = text_of(splits, "confirm");
    if (evaluate == confirm || train == confirm || evaluate == "confirmation" || evaluate == "test" ||
        train == "confirmation" || train == "test")
      add("tuned-on-test", Weight::kFatal,
          "The search of " + pair_ +
              " was scored or trained on the split that was to confirm it; nothing is left to confirm with.",
          "Which data did neither the choice nor the training of " + pair_ + " touch?");
    else if (evaluate == train)
      add("scored-on-training", Weight::kFatal, pair_ + " is scored on the data that it was trained on.");
  }

  // What the plan says in words about tuning.
  void budget() {
    const std::string tuning = fold(text_of(plan(), "tuning"));
    static const std::vector<const char*> kTests = {"confirmation", "test set", "test split", "test data", "held out"};
    const auto choice = meaning::find_word_of(tuning, meaning::kChooses);
    if (first_phrase(tuning, kTests) && choice != std::string::npos && !meaning::denied(tuning, choice))
      add("tuned-on-test", Weight::kFatal, "Settings of " + pair_ + " were chosen on the data that was to confirm it.",
          "What does " + pair_ + " give with settings chosen on the validation split?");
    for (const auto* arm : objects_of(plan(), "arms")) {
      const std::string label = fold(text_of(*arm, "label", text_of(*arm, "id")));
      if (!label.empty() && find_phrase(tuning, label) != std::string_view::npos)
        return add(
            "budget-unequal", Weight::kFatal,
            "The plan for " + pair_ + " gives one arm a tuning budget of its own; the contrast may show the budget.",
            "What does " + pair_ + " give when every arm is tuned alike?");
    }
    static const std::vector<const char*> kUnequal = {
        "only the treatment", "the treatment alone", "baseline was not tuned", "baseline untuned",
        "more trials for",    "twice as many",       "default settings for"};
    static const std::vector<const char*> kSearched = {"grid",  "tuned",  "swept",     "sweep",    "searched",
                                                       "tried", "picked", "optimised", "optimized"};
    static const std::vector<const char*> kOneSide = {
        "the proposed", "the new",  "treatment", "one arm",  "rival", "the baseline", "the other arm",
        "keeps",        "kept its", "default",   "defaults", "only",  "competitor"};
    if (first_phrase(tuning, kUnequal) || (first_phrase(tuning, kSearched) && first_phrase(tuning, kOneSide)))
      add("budget-unequal", Weight::kFatal, "The plan for " + pair_ + " tunes its arms unequally.");
  }

  void protocol() {
    if (text_of(plan(), "test").find("paired") == std::string::npos && has(plan(), "test"))
      add("test-changed", Weight::kMajor, "The test planned for " + pair_ + " ignores that its arms share blocks.");
    if (has(plan(), "alpha") && number_of(plan(), "alpha") > 0.05 + 1e-12)
      add("uncorrected", Weight::kFatal, "The plan for " + pair_ + " sets a level above the study's.");
    const auto& measured = object_of(object_at(study_, "template.metrics"), text_of(plan(), "metric"));
    if (has(plan(), "metric_direction") &&
        text_of(plan(), "metric_direction") != text_of(measured, "direction", "higher"))
      add("direction-changed", Weight::kFatal,
          "The plan for " + pair_ + " takes the metric to be better the other way than it is.");
    const std::string metric = text_of(hypothesis(), "metric");
    if (!metric.empty() && !text_of(plan(), "metric").empty() && metric != text_of(plan(), "metric"))
      add("metric-switched", Weight::kFatal,
          "The hypothesis on " + pair_ + " speaks of another metric than was measured.");
    const auto& unit = measured;
    if (!has(unit, "smallest_effect") || !has(plan(), "smallest_effect")) return;
    const bool logit = text_of(contrast(), "scale") == "logit";
    const double limit = number_of(unit, "smallest_effect"),
                 wanted = logit ? number_of(unit, "smallest_effect_logit", limit / 0.16) : limit;
    const double given = number_of(*entry_, "smallest_effect", number_of(plan(), "smallest_effect"));
    if (std::abs(given - wanted) > 1e-6 || std::abs(number_of(plan(), "smallest_effect") - wanted) > 1e-6)
      add("limit-moved", Weight::kFatal,
          "The smallest effect of interest for " + pair_ + " is not the one set before the first run.");
  }

  void interaction() {
    const bool claimed = text_of(hypothesis(), "kind", "difference") == "interaction",
               tested = text_of(contrast(), "kind", "difference") == "interaction";
    static const std::vector<const char*> kWords = {"interact",          "interacts", "interaction",
                                                    "more than the sum", "synergy",   "depends on"};
    std::string statement = text_of(*entry_, "statement", text_of(hypothesis(), "statement"));
    statement += " " + text_of(hypothesis(), "statement");
    if (!tested && (claimed || first_phrase(fold(statement), kWords)))
      add("interaction-untested", Weight::kFatal,
          "An interaction is claimed for " + pair_ + ", and what was tested is a difference of two arms.",
          "What is the contrast of contrasts for " + pair_ + "?");
    if (tested && objects_of(plan(), "arms").size() < 4)
      add("interaction-untested", Weight::kFatal,
          "The interaction of " + pair_ + " lacks arms that its contrast needs.");
  }

  void claim() {
    const auto* node = entry_of(study_, text_of(*entry_, "node"));
    if (!node || object_of(*node, "evidence").empty())
      return add("claim-unfounded", Weight::kFatal,
                 "The claim about " + pair_ + " goes back to no node with evidence.");
    for (const char* member : {"arms", "contrast", "metric", "metric_direction", "smallest_effect", "alpha", "test",
                               "baseline", "splits", "tuning", "population", "divergence"}) {
      const json::value* before = find_member(object_of(*node, "plan"), member);
      const json::value* after = find_member(plan(), member);
      if (before && after && *before != *after)
        return add("plan-changed", Weight::kFatal,
                   "The claim about " + pair_ + " was tested by another plan than the node it was chosen for.");
    }
    const auto& before = object_of(*node, "hypothesis");
    for (const char* member : {"statement", "expected", "treatment", "baseline", "factor", "kind"}) {
      const json::value* was = find_member(before, member);
      const json::value* is = find_member(hypothesis(), member);
      if (was && is && *was != *is)
        return add("plan-changed", Weight::kFatal,
                   "The hypothesis behind the claim about " + pair_ + " is not the one that its node was opened with.");
    }
  }

  void claims() {
    std::map<std::string, std::string> seen;
    const auto list = objects_of(study_, "claims");
    for (const auto* claim : list) {
      id_ = text_of(*claim, "id");
      const auto [other, fresh] = seen.emplace(json::serialize(array_of(object_of(*claim, "plan"), "arms")), id_);
      if (!fresh)
        add("claim-repeated", Weight::kFatal,
            "The comparison of " + pair_of(object_of(*claim, "plan")) +
                " was put to confirmation twice; a claim has one attempt.");
    }
    if (list.size() > kMostClaims)
      add("claims-many", Weight::kMajor, "More claims were put to confirmation than the protocol allows.");
    asked();
  }

  // The comparison that the question names was made.
  void asked() {
    const auto& asks = object_at(study_, "scope.asks");
    const std::string treatment = level_named(asks, "treatment"), base = level_named(asks, "baseline");
    if (treatment.empty() || base.empty() || flag_of(asks, "interaction")) return;
    for (const auto* node : objects_of(study_, "nodes")) {
      const auto& h = object_of(*node, "hypothesis");
      const std::string a = level_named(h, "treatment"), b = level_named(h, "baseline");
      if ((a == treatment && b == base) || (a == base && b == treatment)) return;
    }
    id_.clear();
    add("question-unanswered", Weight::kMajor, "The comparison that the question names was never run.");
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
  const json::object* entry_ = nullptr;
  std::string id_, pair_;
};

}  // namespace

void examine_design(const json::object& study, std::vector<Weakness>& found) { Design{study, found}.run(); }

}  // namespace aisci::offline
