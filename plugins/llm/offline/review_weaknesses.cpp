#include <algorithm>
#include <set>

#include "document.hpp"
#include "question_text.hpp"
#include "review.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

constexpr int kConfirmationBlocks = 14;
constexpr int kSearchBlocks = 5;

// Effect, interval and smallest effect of a claim, turned so that the prediction is positive.
struct Effect {
  bool known = false;
  double mean = 0, lower = 0, upper = 0, smallest = 0;
};

Effect effect_of(const json::object& holder, const json::object& plan) {
  const auto& contrast = object_at(holder, "evidence.contrast");
  if (contrast.empty() || !has(contrast, "lower") || !has(contrast, "upper")) return {};
  Effect effect{true, number_of(contrast, "mean"), number_of(contrast, "lower"), number_of(contrast, "upper"),
                number_of(holder, "smallest_effect", number_of(plan, "smallest_effect"))};
  if (number_of(object_of(plan, "contrast"), "predicted_sign", number_of(contrast, "predicted_sign", 1)) < 0) {
    effect.mean = -effect.mean;
    std::swap(effect.lower, effect.upper);
    effect.lower = -effect.lower, effect.upper = -effect.upper;
  }
  return effect;
}

std::string verdict_by_rule(const Effect& effect) {
  if (effect.upper < effect.smallest) return effect.lower > -effect.smallest ? "equivalent" : "refuted";
  return effect.lower > 0 ? "supported" : "inconclusive";
}

// "GELU over ReLU"
std::string pair_of(const json::object& plan) {
  std::string plus, minus;
  for (const auto& entry : object_at(plan, "contrast.weights")) {
    for (const auto* arm : objects_of(plan, "arms"))
      if (text_of(*arm, "id") == std::string_view{entry.key().data(), entry.key().size()}) {
        std::string& side = as_number(entry.value()) > 0 ? plus : minus;
        if (side.empty()) side = text_of(*arm, "label", text_of(*arm, "id"));
      }
  }
  return plus.empty() || minus.empty() ? "the treatment over the baseline" : plus + " over " + minus;
}

class Examination {
 public:
  explicit Examination(const json::object& study) : study_{study}, text_{fold(text_of(study, "text"))} {}

  std::vector<Weakness> run() {
    for (const auto* claim : objects_of(study_, "claims")) examine_claim(*claim);
    for (const auto* node : objects_of(study_, "nodes")) examine_node(*node);
    examine_coverage();
    examine_text();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Weakness& a, const Weakness& b) { return a.weight > b.weight; });
    return std::move(found_);
  }

 private:
  void add(std::string text, std::string entry, std::string kind, Weight weight, std::string question = {}) {
    found_.push_back({std::move(text), std::move(entry), std::move(kind), weight, std::move(question)});
  }
  bool says(std::string_view word) const { return has_word(text_, word); }

  void examine_claim(const json::object& claim) {
    const std::string id = text_of(claim, "id"), verdict = text_of(claim, "verdict");
    const auto& plan = object_of(claim, "plan");
    const std::string pair = pair_of(plan);
    const Effect effect = effect_of(claim, plan);
    if (!effect.known) {
      add("The confirmation of the claim about " + pair + " produced no evidence, so nothing about it is established.",
          id, "evidence", Weight::kMajor, "What made the confirmation fail, and can it be run again?");
      return;
    }
    if (!verdict.empty() && verdict != verdict_by_rule(effect))
      add("The verdict on " + pair + " does not follow from its interval: by the stated rule it should read " +
              verdict_by_rule(effect) + ", not " + verdict + ".",
          id, "evidence", Weight::kFatal);
    if (number_of(claim, "n", kConfirmationBlocks) < kConfirmationBlocks)
      add("The claim about " + pair + " rests on fewer fresh blocks than the protocol demands.", id, "evidence",
          Weight::kMajor);
    if (verdict == "inconclusive")
      add("The interval for " + pair +
              " reaches from below zero to beyond the smallest effect of interest, so the question stays open; blocks "
              "enough to close it are missing.",
          id, "experiment", Weight::kMajor,
          "How many further blocks would decide between no effect and one that matters for " + pair + "?");
    else if (effect.upper - effect.lower > 4 * effect.smallest)
      add("The interval for " + pair +
              " is wide against the smallest effect of interest: the sign may be settled, the size is not.",
          id, "evidence", Weight::kMinor);
    if (verdict == "supported" && effect.lower < effect.smallest && !says("smallest effect"))
      add("Support for " + pair +
              " means an effect above zero; the interval also admits one too small to matter, and the text should say "
              "so.",
          id, "wording", Weight::kMinor);
    if (has(claim, "power") && number_of(claim, "power") < 0.8)
      add("The planned power for " + pair + " stays below the usual four in five, which makes a missed effect likely.",
          id, "evidence", Weight::kMinor);
    if (text_of(object_of(plan, "contrast"), "scale") == "logit" && !says("logit"))
      add("The interaction of " + pair + " is tested on the logit scale, and the text does not tell the reader.", id,
          "wording", Weight::kMinor);
    examine_shrinkage(claim, effect, id, pair);
  }

  // The estimate that made a claim worth confirming is biased upwards; a reader must see what was left of it.
  void examine_shrinkage(const json::object& claim, const Effect& confirmed, const std::string& id,
                         const std::string& pair) {
    for (const auto* node : objects_of(study_, "nodes")) {
      if (text_of(*node, "id") != text_of(claim, "node")) continue;
      const Effect searched = effect_of(*node, object_of(*node, "plan"));
      if (!searched.known) return;
      if (searched.mean * confirmed.mean < 0)
        add("For " + pair +
                " the sign seen in the search turned round in the confirmation; the text must not lean on the search.",
            id, "evidence", Weight::kMajor,
            "What differs between the two splits that could turn the sign for " + pair + "?");
      else if (std::abs(confirmed.mean) < 0.5 * std::abs(searched.mean) && !says("regression to the mean") &&
               !says("shrank") && !says("smaller in the confirmation"))
        add("Less than half of the effect that the search saw for " + pair +
                " was left in the confirmation; selection explains that and deserves a sentence.",
            id, "wording", Weight::kMinor);
    }
  }

  void examine_node(const json::object& node) {
    const std::string id = text_of(node, "id");
    const auto& evidence = object_of(node, "evidence");
    if (evidence.empty()) return;
    const auto& plan = object_of(node, "plan");
    if (!array_of(evidence, "blocks").empty() && array_of(evidence, "blocks").size() < kSearchBlocks)
      add("The comparison of " + pair_of(plan) + " has fewer blocks than a paired test needs to mean anything.", id,
          "evidence", Weight::kMajor);
    double best = 0;
    for (const auto& [name, arm] : object_of(evidence, "arms"))
      if (arm.is_object()) best = std::max(best, number_of(arm.get_object(), "mean"));
    const auto& metric = object_of(object_at(study_, "template.metrics"), text_of(plan, "metric"));
    const std::string unit = text_of(metric, "unit", "fraction"), better = text_of(metric, "direction", "higher");
    if (best > 0.97 && unit == "fraction" && better == "higher" && !says("ceiling"))
      add("With " + pair_of(plan) + " an arm comes so close to a perfect " + text_of(metric, "title", "accuracy") +
              " that a difference has no room to show.",
          id, "wording", Weight::kMinor, "Would a harder setting separate " + pair_of(plan) + "?");
  }

  // What the study never varied.
  void examine_coverage() {
    std::set<std::string> varied, models;
    const auto& manifest = object_of(study_, "template");
    const std::string model = factor_with_role(manifest, "model"), tuning = factor_with_role(manifest, "tuning");
    const auto title = [&](const std::string& name) {
      return text_of(object_of(object_of(manifest, "factors"), name), "title", name);
    };
    bool failed = false;
    std::string first;
    for (const auto* node : objects_of(study_, "nodes")) {
      const auto& hypothesis = object_of(*node, "hypothesis");
      if (first.empty()) first = text_of(*node, "id");
      failed = failed || text_of(*node, "state") == "failed";
      if (text_of(*node, "state") == "failed") continue;
      varied.insert(text_of(hypothesis, "factor"));
      varied.insert(text_of(object_of(hypothesis, "moderator"), "factor"));
      for (const auto& [key, value] : object_of(hypothesis, "context")) {
        if (std::string_view{key.data(), key.size()} == model)
          models.insert(json::serialize(value));
        else
          varied.insert(std::string{key});
      }
    }
    const auto claims = objects_of(study_, "claims");
    const std::string entry = claims.empty() ? first : text_of(*claims.front(), "id");
    if (claims.empty())
      add("No claim was confirmed on fresh data, so all results are exploratory.", first, "evidence", Weight::kMajor);
    if (!tuning.empty() && varied.count(tuning) == 0)
      add("All arms share one untuned " + title(tuning) +
              "; that it suits the better arm is a rival explanation that no experiment addresses.",
          entry, "experiment", says(title(tuning)) ? Weight::kMinor : Weight::kMajor,
          "Does the order of the arms persist at a lower " + title(tuning) + "?");
    if (!model.empty() && models.size() < 2 && varied.count(model) == 0)
      add("Only one " + title(model) + " was " + terms_of(manifest).trained +
              ", so the effect may belong to it rather than to the factor.",
          entry, "experiment", Weight::kMinor, "Does the result carry over to another " + title(model) + "?");
    const std::string data = text_of(object_at(study_, "template.dataset"), "name");
    add("One data set" + (data.empty() || has_digit(data) ? std::string{} : ", " + data + ",") +
            " carries every conclusion; the claims should be worded for it alone.",
        entry, "positioning", Weight::kMinor);
    if (failed && !says("failed"))
      add("Some experiments failed, and the text does not list them.", first, "wording", Weight::kMinor);
    if (array_of(study_, "literature").size() < 5)
      add("Few related papers are discussed, so what is new is hard to judge.", entry, "positioning", Weight::kMinor);
  }

  void examine_text() {
    if (text_.empty()) return;
    static const std::pair<const char*, const char*> kOverclaims[] = {{"prove", "prove"},
                                                                      {"undoubtedly", "undoubtedly"},
                                                                      {"state of the art", "state of the art"},
                                                                      {"always outperform", "always outperform"},
                                                                      {"significantly", "significantly"}};
    for (const auto& [word, shown] : kOverclaims)
      if (says(word))
        add(std::string{"The text says \""} + shown + "\", which these experiments cannot carry.", {}, "wording",
            Weight::kMajor);
    if (array_of(study_, "figures").empty() && !objects_of(study_, "claims").empty())
      add("No figure shows the paired differences that the claims rest on.", {}, "wording", Weight::kMinor);
    if (!says("limitation")) add("The text has no limitations.", {}, "wording", Weight::kMajor);
    if (!says("exploratory"))
      add("The results of the search are not marked as exploratory.", {}, "wording", Weight::kMajor);
  }

  const json::object& study_;
  std::string text_;
  std::vector<Weakness> found_;
};

}  // namespace

std::vector<Weakness> weaknesses_of(const json::object& study) { return Examination{study}.run(); }

}  // namespace aisci::offline
