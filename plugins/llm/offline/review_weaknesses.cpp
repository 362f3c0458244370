#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "document.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

class Examination {
 public:
  explicit Examination(const json::object& study) : study_{study}, text_{fold(text_of(study, "text"))} {}

  std::vector<Weakness> run() {
    for (const auto* claim : objects_of(study_, "claims")) examine_claim(*claim);
    for (const auto* node : objects_of(study_, "nodes")) examine_node(*node);
    examine_coverage();
    examine_text();
    examine_evidence(study_, found_);
    examine_copies(study_, found_);
    examine_numbers(study_, found_);
    examine_design(study_, found_);
    examine_record(study_, found_);
    examine_tables(study_, found_);
    examine_words(study_, found_);
    std::set<std::string> said;
    std::erase_if(found_,
                  [&](const Weakness& w) { return !said.insert(w.rule + " " + w.entry + " " + w.text).second; });
    // A setting that reaches no score is one observation, however many comparisons show it: the first, of a claim if
    // any.
    bool told = false;
    std::erase_if(found_, [&](const Weakness& w) {
      return w.rule == "arms-identical" && w.weight == Weight::kMinor && std::exchange(told, true);
    });
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Weakness& a, const Weakness& b) { return a.weight > b.weight; });
    return std::move(found_);
  }

 private:
  void add(const char* rule, std::string text, std::string entry, std::string kind, Weight weight,
           std::string question = {}) {
    found_.push_back({std::move(text), std::move(entry), std::move(kind), weight, std::move(question), rule});
  }
  bool says(std::string_view word) const { return has_word(text_, word); }

  void examine_claim(const json::object& claim) {
    const std::string id = text_of(claim, "id"), verdict = text_of(claim, "verdict");
    const auto& plan = object_of(claim, "plan");
    const std::string pair = pair_of(plan);
    const Effect effect = effect_of(claim);
    if (!effect.known) {
      add("no-evidence",
          "The confirmation of the claim about " + pair + " produced no evidence, so nothing about it is established.",
          id, "evidence", Weight::kMajor, "What made the confirmation fail, and can it be run again?");
      return;
    }
    if (verdict == "inconclusive")
      add("open",
          "The interval for " + pair +
              " holds zero as well as an effect that would matter, so the question stays open; blocks "
              "enough to close it are missing.",
          id, "experiment", Weight::kMajor,
          "How many further blocks would decide between no effect and one that matters for " + pair + "?");
    else if (effect.upper - effect.lower > std::max(4 * effect.smallest, std::abs(effect.mean)))
      add("wide",
          "The interval for " + pair +
              " is wide against the smallest effect of interest: the sign may be settled, the size is not.",
          id, "evidence", Weight::kMinor);
    if (verdict == "supported" && effect.lower < effect.smallest && !says("smallest effect"))
      add("small",
          "Support for " + pair +
              " means an effect above zero; the interval also admits one too small to matter, and the text should say "
              "so.",
          id, "wording", Weight::kMinor);
    if (text_of(object_of(plan, "contrast"), "scale") == "logit" && !says("logit"))
      add("logit",
          "The interaction of " + pair + " is tested on the logit scale, and the text does not tell the reader.", id,
          "wording", Weight::kMinor);
    examine_shrinkage(claim, effect, id, pair);
  }

  // The estimate that made a claim worth confirming is biased upwards; a reader must see what was left of it.
  void examine_shrinkage(const json::object& claim, const Effect& confirmed, const std::string& id,
                         const std::string& pair) {
    for (const auto* node : objects_of(study_, "nodes")) {
      if (text_of(*node, "id") != text_of(claim, "node")) continue;
      const Effect searched = effect_of(*node);
      if (!searched.known) return;
      // An interval that holds zero has no sign to turn, and none that could have turned; a text that says so leans on
      // nothing.
      const auto decided = [](const Effect& effect) { return effect.lower > 0 || effect.upper < 0; };
      const bool told = says("disagree in sign") || says("turned the sign");
      if (searched.mean * confirmed.mean < 0 && decided(confirmed))
        add("turned",
            "For " + pair +
                " the sign seen in the search turned round in the confirmation; the text must not lean on the search.",
            id, "evidence", told || !decided(searched) ? Weight::kMinor : Weight::kMajor,
            "What differs between the two splits that could turn the sign for " + pair + "?");
      else if ((decided(searched) || std::abs(searched.mean) >= searched.smallest) &&
               searched.mean * confirmed.mean < 0.5 * searched.mean * searched.mean &&
               !says("regression to the mean") && !says("shrank") && !says("smaller in the confirmation") &&
               !beside_each_other(text_of(*node, "id")))
        add("shrank",
            "Less than half of the effect that the search saw for " + pair +
                " was left in the confirmation, and the text should say how far apart the two estimates are.",
            id, "wording", Weight::kMinor);
    }
  }

  // Whether some sentence sets what a node had given beside what came of it in fresh blocks.
  bool beside_each_other(const std::string& node) const {
    const auto sentences = sentences_of(study_);
    return std::any_of(sentences.begin(), sentences.end(), [&](const Sentence& sentence) {
      return sentence.raw.find("{{" + node + ".name}}") != std::string::npos && has_word(sentence.words, "fresh") &&
             (has_word(sentence.words, "search") || has_word(sentence.words, "estimate"));
    });
  }

  void examine_node(const json::object& node) {
    const std::string id = text_of(node, "id");
    const auto& evidence = object_of(node, "evidence");
    if (evidence.empty()) return;
    const auto& plan = object_of(node, "plan");
    double best = 0;
    for (const auto& [name, arm] : object_of(evidence, "arms"))
      if (arm.is_object()) best = std::max(best, number_of(arm.get_object(), "mean"));
    const auto& metric = object_of(object_at(study_, "template.metrics"), text_of(plan, "metric"));
    const std::string unit = text_of(metric, "unit", "fraction"), better = text_of(metric, "direction", "higher");
    if (best > 0.97 && unit == "fraction" && better == "higher" && !says("ceiling"))
      add("ceiling",
          "With " + pair_of(plan) + " an arm comes so close to a perfect " + text_of(metric, "title", "accuracy") +
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
    const json::value* usual = object_of(object_of(study_, "scope"), "context").if_contains(model);
    if (!usual) usual = object_of(object_of(manifest, "factors"), model).if_contains("default");
    std::string first;
    for (const auto* node : objects_of(study_, "nodes")) {
      const auto& hypothesis = object_of(*node, "hypothesis");
      if (first.empty()) first = text_of(*node, "id");
      if (text_of(*node, "state") == "failed") continue;
      varied.insert(text_of(hypothesis, "factor"));
      varied.insert(text_of(object_of(hypothesis, "moderator"), "factor"));
      const auto& context = object_of(hypothesis, "context");
      if (const json::value* own = context.contains(model) ? context.if_contains(model) : usual)
        models.insert(level_name(*own));
      for (const auto& [key, value] : context)
        if (std::string_view{key.data(), key.size()} != model) varied.insert(std::string{key});
    }
    const auto claims = objects_of(study_, "claims");
    const std::string entry = claims.empty() ? first : text_of(*claims.front(), "id");
    if (claims.empty())
      add("exploratory-only", "No claim was confirmed on fresh data, so all results are exploratory.", first,
          "evidence", Weight::kMajor);
    if (const std::string shared = sharing(tuning); !tuning.empty() && varied.count(tuning) == 0 && !shared.empty())
      add("rate",
          "All arms share one " + title(tuning) +
              ", not tuned in this study; that it suits one of them is a rival explanation that no experiment "
              "addresses.",
          shared, "experiment", says(title(tuning)) ? Weight::kMinor : Weight::kMajor,
          "Does the order of the arms persist at another " + title(tuning) + "?");
    if (!model.empty() && models.size() < 2 && varied.count(model) == 0)
      add("architecture",
          "Only one " + title(model) + " was " + terms_of(manifest).trained +
              ", so the outcome may belong to it rather than to what is compared.",
          entry, "experiment", Weight::kMinor, "Does the result carry over to another " + title(model) + "?");
    const std::string data = text_of(object_at(study_, "template.dataset"), "name");
    // A table of the reader's own is what the question is about.
    if (!has(object_at(study_, "template.dataset"), "file"))
      add("data",
          "One data set" + (data.empty() || has_digit(data) ? std::string{} : ", " + data + ",") +
              " carries every conclusion; the text should speak of it alone.",
          entry, "positioning", Weight::kMinor);
    if (array_of(study_, "literature").size() < 5)
      add("related", "Few related papers are discussed, so what is new is hard to judge.", entry, "positioning",
          Weight::kMinor);
  }

  // The first claim, or node where nothing was claimed, whose arms share one value of the tuning factor: it acts on one
  // of them, and what they differ in has no values of its own. Empty when there is none: elsewhere it explains nothing.
  std::string sharing(const std::string& tuning) const {
    const auto& manifest = object_of(study_, "template");
    const auto tuned_for = texts_of(object_of(object_of(manifest, "factors"), tuning), "tuned_for");
    const bool claimed = !array_of(study_, "claims").empty();
    for (const auto* entry : objects_of(study_, claimed ? "claims" : "nodes")) {
      const auto* node = claimed ? entry_of(study_, text_of(*entry, "node")) : entry;
      const auto& own = object_of(*entry, "hypothesis");
      const auto& hypothesis = own.empty() && node ? object_of(*node, "hypothesis") : own;
      if (object_of(hypothesis, "also").empty() && contains(tuned_for, text_of(hypothesis, "factor"))) continue;
      for (const auto* arm : objects_of(object_of(*entry, "plan"), "arms"))
        if (acts(manifest, tuning, object_of(*arm, "config"))) return text_of(*entry, "id");
    }
    return {};
  }

  void examine_text() {
    if (text_.empty()) return;
    if (array_of(study_, "figures").empty() && !objects_of(study_, "claims").empty())
      add("figure", "No figure shows the paired differences that the claims rest on.", {}, "wording", Weight::kMinor);
  }

  const json::object& study_;
  std::string text_;
  std::vector<Weakness> found_;
};

}  // namespace

std::vector<Weakness> weaknesses_of(const json::object& study) { return Examination{study}.run(); }

}  // namespace aisci::offline
