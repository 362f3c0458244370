#include "hypotheses_steps.hpp"

#include <algorithm>
#include <map>

#include "document.hpp"
#include "question_reading.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

// One sentence on the parent's evidence, with the value by reference.
std::string finding(const Parent& parent) {
  if (parent.outcome == Lean::kNone) return "The parent's experiment gave no evidence.";
  std::string text;
  if (parent.moderator.empty() && parent.arm_ids.size() == 2) {
    text = "For {{arm:" + parent.id + "." + parent.arm_ids[0] + "}} against {{arm:" + parent.id + "." +
           parent.arm_ids[1] + "}} the parent measured a contrast of {{" + parent.id + ".contrast.mean}}";
  } else {
    text = "The parent measured an interaction of {{" + parent.id + ".contrast.mean}}";
  }
  switch (parent.outcome) {
    case Lean::kAsPredicted:
      return text + ", which leans to its prediction.";
    case Lean::kAgainst:
      return text + ", which leans against its prediction.";
    case Lean::kNull:
      return text + ", which is probably too small to act on.";
    default:
      return text + ", which leaves open what it comes to.";
  }
}

class Refiner {
 public:
  Refiner(const Parent& parent, const std::set<std::string>& tried)
      : parent_{parent}, manifest_{parent.manifest()}, tried_{tried} {}

  std::vector<Proposal> run() {
    if (!parent_.moderator.empty())
      after_interaction();
    else if (parent_.outcome == Lean::kNull)
      after_null();
    else if (parent_.outcome == Lean::kAsPredicted || parent_.outcome == Lean::kAgainst)
      after_effect();
    else
      after_open();
    std::vector<Proposal> varied = kinds_in_turn();
    list_.clear();
    everything_else();
    varied.insert(varied.end(), list_.begin(), list_.end());
    return varied;
  }

 private:
  // One of each kind of step, then the seconds of each; the parent's own kind comes after the others.
  std::vector<Proposal> kinds_in_turn() const {
    std::map<std::string, int> seen;
    std::vector<std::pair<int, const Proposal*>> ranked;
    std::set<std::string> distinct;
    for (const auto& proposal : list_)
      if (proposal.treatment != proposal.baseline && tried_.count(identity_of(manifest_, proposal)) == 0 &&
          distinct.insert(identity_of(manifest_, proposal)).second)
        ranked.emplace_back(2 * seen[proposal.relation]++ + (proposal.relation == parent_.relation ? 3 : 0), &proposal);
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Proposal> out;
    for (const auto& entry : ranked) out.push_back(*entry.second);
    return out;
  }

  void after_effect() {
    interaction(data(), "interaction", "If the gap belongs to scarce data, it must depend on how scarce they are.");
    context(tuning_, below(tuning_), "rival",
            "A " + title(tuning_) +
                " that happens to suit one arm would produce the same gap; at a lower one that explanation predicts a "
                "smaller gap.");
    interaction(mechanism_, "mechanism",
                "If the gap arises in each part, it accumulates with the " + title(mechanism_) +
                    "; if it arises elsewhere, the " + title(mechanism_) + " should leave it alone.");
    doses("dose", "Its neighbours say whether the response is graded or a threshold.");
    context(model_, another(model_), "broader",
            "An effect of the factor itself should appear in another " + title(model_) + " too.");
    context(component_, absent(component_), "ablation",
            "Taking the " + title(component_) + " away shows whether the gap needs it.");
    context(data(), lowest(data()), "narrower",
            "Where data are scarcest, an advantage that compensates for them should be easiest to see.");
    other_pairs("broader",
                "The same advantage over another level would make it a property of the better one rather than a "
                "weakness of the worse.");
  }

  void after_null() {
    doses("dose", "A response too small to see at this distance may show at the ends of the range.");
    other_pairs("broader", "Levels that differ more in kind give the factor its best chance to matter.");
    context(data(), lowest(data()), "narrower",
            "More " + terms_of(manifest_).examples + " may have closed a gap that fewer leave open.");
    if (const std::string picked = rival(tuning_); !picked.empty())
      context(
          tuning_, picked, "rival",
          "Another pilot preferred this " + title(tuning_) + "; a difference that the usual one hides may show here.");
    else
      context(
          tuning_, above(tuning_), "rival",
          "A forgiving " + title(tuning_) + " can hide a difference between the arms; a higher one is less forgiving.");
    interaction(data(), "interaction", "Effects of opposite sign at small and large sizes would cancel in between.");
    context(model_, another(model_), "broader",
            "What one " + title(model_) + " makes redundant may matter in another.");
  }

  void after_open() {
    context(data(), lowest(data()), "narrower", "A harder setting should enlarge the difference, if there is one.");
    other_pairs("broader", "A contrast of levels that differ more is easier to resolve in as many blocks.");
    doses("dose", "A stronger dose is easier to resolve in as many blocks.");
    context(tuning_, below(tuning_), "rival", "Variation from a high " + title(tuning_) + " may bury the difference.");
    interaction(data(), "interaction", "A sign that changes with the amount of data would look like this.");
  }

  void after_interaction() {
    const std::string by = text_of(parent_.moderator, "factor");
    const auto& levels = array_of(parent_.moderator, "levels");
    if (levels.size() == 2) {
      const bool first = (parent_.outcome != Lean::kAgainst) == parent_.larger_at_low;
      context(by, level_name(levels[first ? 0 : 1]), "narrower",
              "The contrast of advantages says where to look; the advantage itself is tested there.");
      context(by, level_name(levels[first ? 1 : 0]), "narrower",
              "An advantage that is gone at the other end would make the dependence one of kind, not of size.");
    }
    interaction(mechanism_, "mechanism",
                "A dependence on the " + title(mechanism_) + " as well would say where the cause lies.");
    Proposal confound =
        base("rival", "A " + title(tuning_) + " that suits one corner of the design would mimic the dependence.");
    const std::string rate = below(tuning_);
    if (!rate.empty() && by != tuning_ && parent_.factor != tuning_) {
      confound.context[tuning_] = level_value(factor_in(manifest_, tuning_), rate);
      confound.moderator = by;
      confound.context.erase(by);
      if (levels.size() == 2) confound.low = level_name(levels[0]), confound.high = level_name(levels[1]);
      confound.larger_at_low = (parent_.outcome != Lean::kAgainst) == parent_.larger_at_low;
      if (!confound.low.empty()) list_.push_back(std::move(confound));
    }
    context(model_, another(model_), "broader",
            "Another " + title(model_) + " shows whether the dependence is this one's own.");
    other_pairs("broader", "Other levels show whether the dependence is a matter of these two.");
  }

  // Everything near the parent that is left, so that a search never runs dry while contrasts are untried.
  void everything_else() {
    for (const auto& [key, value] : object_of(manifest_, "factors")) {
      const std::string name{key};
      if (name == parent_.factor || !value.is_object()) continue;
      for (const auto& level : level_names(value.get_object()))
        context(name, level,
                name == model_   ? "broader"
                : name == data() ? "narrower"
                : is_off(level)  ? "ablation"
                                 : "rival",
                "The conclusion should not hang on this one choice of the set-up.");
      if (is_numeric(value.get_object()))
        interaction(name, "interaction", "How far the result reaches depends on whether this condition moves it.");
    }
    for (const auto& pair :
         pairs_of(parent_.ground, parent_.factor, level_names(factor_in(manifest_, parent_.factor)), {}, {})) {
      Proposal proposal = base("broader", "It completes the comparison of the levels.");
      proposal.treatment = pair.better, proposal.baseline = pair.worse;
      cite(proposal);
      list_.push_back(proposal);
      for (const auto& level : level_names(factor_in(manifest_, data()))) {
        if (data() == parent_.factor) break;
        proposal.context[data()] = level_value(factor_in(manifest_, data()), level);
        list_.push_back(proposal);
      }
    }
  }

  Proposal base(const std::string& relation, const std::string& reason) const {
    Proposal proposal{parent_.factor,
                      parent_.winner(),
                      parent_.loser(),
                      parent_.context,
                      {},
                      {},
                      {},
                      true,
                      relation,
                      finding(parent_) + " " + reason,
                      {},
                      {}};
    hold_usual(proposal.context);
    cite(proposal);
    return proposal;
  }

  // What the parent's interaction varied stays at the study's usual level, which need not be the template's default.
  void hold_usual(json::object& context) const {
    const std::string by = text_of(parent_.moderator, "factor");
    if (by.empty()) return;
    std::string usual;
    if (const auto& asked = object_of(parent_.scope, "moderator"); text_of(asked, "factor") == by)
      if (const auto& levels = array_of(asked, "levels"); !levels.empty())
        usual = level_name(levels[levels.size() > 2 ? levels.size() / 2 : 0]);
    for (const auto* layer : objects_of(parent_.scope, "stack"))
      if (text_of(*layer, "factor") == by && has(*layer, "off")) usual = level_name(layer->at("off"));
    if (!usual.empty() && usual != default_level(manifest_, by))
      context[by] = level_value(factor_in(manifest_, by), usual);
  }

  // What the records say of the proposal's two levels, for it or against it.
  void cite(Proposal& proposal) const {
    const Opinion opinion = parent_.ground.literature->order(proposal.treatment, proposal.baseline);
    proposal.support = opinion.sign >= 0 ? opinion.support : Support{};
    proposal.contrary = opinion.sign < 0 ? opinion.support : Support{};
  }

  void context(const std::string& name, const std::string& level, const std::string& relation,
               const std::string& reason) {
    if (name.empty() || level.empty() || name == parent_.factor || factor_in(manifest_, name).empty()) return;
    Proposal proposal = base(relation, reason);
    proposal.context[name] = level_value(factor_in(manifest_, name), level);
    list_.push_back(std::move(proposal));
  }

  void interaction(const std::string& name, const std::string& relation, const std::string& reason) {
    if (name.empty() || name == parent_.factor || factor_in(manifest_, name).empty()) return;
    auto all = level_names(factor_in(manifest_, name));
    const Dependence by = dependence_of(manifest_, parent_.scope, parent_.factor);
    if (by.factor == name) all = {by.low, by.high};
    if (all.size() < 2) return;
    Proposal proposal = base(relation, reason);
    proposal.context.erase(name);
    proposal.moderator = name, proposal.low = all.front(), proposal.high = all.back();
    proposal.larger_at_low = by.larger_at.empty() ? larger_at_low(manifest_, name) : by.larger_at == by.low;
    list_.push_back(std::move(proposal));
  }

  // For an ordered factor: the same direction, one step further, one step less, and end to end.
  void doses(const std::string& relation, const std::string& reason) {
    const auto& factor = factor_in(manifest_, parent_.factor);
    if (!is_numeric(factor)) return;
    const auto all = level_names(factor);
    for (const auto& level : all) {
      if (level == parent_.winner() || level == parent_.loser()) continue;
      Proposal proposal = base(relation, reason);
      proposal.treatment = parent_.winner(), proposal.baseline = level;
      cite(proposal);
      list_.push_back(std::move(proposal));
    }
    Proposal ends = base(relation, reason);
    const bool up =
        std::find(all.begin(), all.end(), parent_.winner()) > std::find(all.begin(), all.end(), parent_.loser());
    ends.treatment = up ? all.back() : all.front(), ends.baseline = up ? all.front() : all.back();
    list_.push_back(std::move(ends));
  }

  // For a categorical factor: pairs within the question's arms, those that share a level with the parent first.
  void other_pairs(const std::string& relation, const std::string& reason) {
    if (is_numeric(factor_in(manifest_, parent_.factor))) return;
    std::vector<std::string> arms;
    for (const auto& value : array_of(parent_.scope, "arms")) arms.push_back(level_name(value));
    if (arms.size() < 3) return;
    auto pairs = pairs_of(parent_.ground, parent_.factor, arms, {}, {});
    const std::string keep = parent_.outcome == Lean::kNull ? std::string{} : parent_.winner();
    std::stable_partition(pairs.begin(), pairs.end(), [&](const Pair& pair) {
      return keep.empty() ? pair.better != parent_.treatment && pair.better != parent_.baseline
                          : pair.better == keep || pair.worse == keep;
    });
    for (const auto& pair : pairs) {
      Proposal proposal = base(relation, reason);
      proposal.treatment = pair.better, proposal.baseline = pair.worse;
      cite(proposal);
      list_.push_back(std::move(proposal));
    }
  }

  std::string data() const { return data_factor(manifest_); }
  std::string title(const std::string& name) const { return text_of(factor_in(manifest_, name), "title", name); }
  // The level that takes a component away.
  std::string absent(const std::string& name) const {
    for (const char* level : {"none", "0"})
      if (contains(level_names(factor_in(manifest_, name)), level)) return level;
    return {};
  }

  std::string lowest(const std::string& name) const {
    const Dependence by = dependence_of(manifest_, parent_.scope, parent_.factor);
    if (by.factor == name && current(name) != by.low) return by.low;
    const auto all = level_names(factor_in(manifest_, name));
    return all.empty() ? std::string{} : all.front();
  }

  std::string current(const std::string& name) const {
    const json::value* fixed = parent_.context.if_contains(name);
    return fixed ? level_name(*fixed) : default_level(manifest_, name);
  }

  std::string neighbour(const std::string& name, int step) const {
    const auto all = level_names(factor_in(manifest_, name));
    const auto at = std::find(all.begin(), all.end(), current(name));
    if (at == all.end()) return {};
    const auto index = at - all.begin() + step;
    return index < 0 || index >= static_cast<std::ptrdiff_t>(all.size()) ? std::string{}
                                                                         : all[static_cast<std::size_t>(index)];
  }
  std::string below(const std::string& name) const { return neighbour(name, -1); }
  std::string above(const std::string& name) const { return neighbour(name, 1); }

  // A level that the template prefers to the usual one by another pilot; "" without one.
  std::string rival(const std::string& name) const {
    for (const auto& level : array_of(factor_in(manifest_, name), "rivals"))
      if (level_name(level) != current(name)) return level_name(level);
    return {};
  }

  std::string another(const std::string& name) const {
    for (const auto& level : level_names(factor_in(manifest_, name)))
      if (level != current(name)) return level;
    return {};
  }

  const Parent& parent_;
  const json::object& manifest_;
  const std::string model_ = factor_with_role(manifest_, "model"), tuning_ = factor_with_role(manifest_, "tuning"),
                    mechanism_ = factor_with_role(manifest_, "mechanism"),
                    component_ = factor_with_role(manifest_, "component");
  const std::set<std::string>& tried_;
  std::vector<Proposal> list_;
};

}  // namespace

std::vector<Proposal> steps_from(const Parent& parent, const std::set<std::string>& tried) {
  return Refiner{parent, tried}.run();
}

}  // namespace aisci::offline
