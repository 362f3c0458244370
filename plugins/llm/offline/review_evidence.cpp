// Every number of an entry, computed again from the one before it.
#include <algorithm>
#include <cmath>
#include <set>

#include "document.hpp"
#include "review_arithmetic.hpp"
#include "review_audit.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

constexpr std::size_t kSearchBlocks = 5, kConfirmationBlocks = 14;
constexpr double kObservations = 450;  // that a score is a share of, where the plan does not say

// Half an observation away from either end.
double logit(double value, double observations) {
  const double kept = std::clamp(value, 0.5 / observations, 1 - 0.5 / observations);
  return std::log(kept / (1 - kept));
}

class Audit {
 public:
  Audit(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {}

  void run() {
    for (const auto* entry : entries_of(study_)) {
      entry_ = entry;
      id_ = text_of(*entry, "id");
      claim_ = has(*entry, "verdict");
      pair_ = pair_of(object_of(*entry, "plan"));
      if (object_of(*entry, "evidence").empty()) continue;
      blocks();
      arms();
      guessing();
      contrast();
      interval();
      if (claim_) verdict();
    }
    levels();
    seeds();
  }

 private:
  void add(const char* rule, Weight weight, const std::string& text, std::string question = {},
           const std::string& part = {}) {
    found_.push_back({text, part.empty() ? id_ : id_ + "/" + part, "evidence", weight, std::move(question), rule});
  }
  const json::object& evidence() const { return object_of(*entry_, "evidence"); }
  const json::object& contrasted() const { return object_of(evidence(), "contrast"); }
  const json::object& plan() const { return object_of(*entry_, "plan"); }
  bool on_logits() const { return text_of(object_of(plan(), "contrast"), "scale") == "logit"; }

  void blocks() {
    const std::size_t have = array_of(evidence(), "blocks").size();
    const double planned = claim_ ? number_of(*entry_, "n")
                                  : number_of(plan(), "blocks") * std::max(1.0, number_of(*entry_, "experiments", 1));
    const std::size_t least = claim_ ? kConfirmationBlocks : kSearchBlocks;
    const auto values = array_of(contrasted(), "values").size();
    const std::size_t used = values > 0 ? std::min(values, have) : have;
    if (have > 0 && static_cast<double>(used) < planned)
      add("blocks-missing", Weight::kFatal,
          "The plan for " + pair_ +
              " fixes more blocks than its evidence holds; what became of the others is not said.",
          "Which seeds of " + pair_ + " are missing, and why?");
    if ((have > 0 && used < least) || (claim_ && has(*entry_, "n") && number_of(*entry_, "n") < kConfirmationBlocks))
      add("blocks-few", Weight::kFatal,
          claim_ ? "The claim about " + pair_ + " rests on fewer fresh blocks than the protocol demands."
                 : "The comparison of " + pair_ + " has fewer blocks than a paired test needs to mean anything.");
    for (const auto& [name, arm] : object_of(evidence(), "arms"))
      if (arm.is_object() && has(arm.get_object(), "values") &&
          array_of(arm.get_object(), "values").size() != (values > 0 ? values : have))
        add("seeds-dropped", Weight::kFatal,
            "In " + pair_ +
                ", one arm has another number of blocks than the contrast: seeds were dropped from it, and the "
                "pairs are broken.");
    const json::array& contrast_values = array_of(contrasted(), "values");
    if (!contrast_values.empty() && have > 0 && contrast_values.size() != have)
      add("seeds-dropped", Weight::kFatal,
          "The contrast of " + pair_ + " is not computed over the blocks that are listed for it.");
  }

  void arms() {
    for (const auto& [key, value] : object_of(evidence(), "arms")) {
      if (!value.is_object()) continue;
      const auto& arm = value.get_object();
      const auto values = numbers_of(arm, "values");
      const std::string label = text_of(arm, "label", std::string{key});
      if (values.size() < 2) continue;
      if (!same(mean_of(values), number_of(arm, "mean")) ||
          (has(arm, "sd") && !same(spread_of(values), number_of(arm, "sd"))))
        add("mean-differs", Weight::kFatal,
            "The mean or spread given for " + label + " in " + pair_ + " is not that of its own blocks.");
      if (text_of(unit(), "unit") == "fraction")
        for (std::size_t i = 0; i < values.size(); ++i)
          if (values[i] < 0 || values[i] > 1)
            add("impossible", Weight::kFatal, label + " has a score outside what the metric can take.", {},
                trial(key, i));
      if (has(unit(), "chance") && text_of(unit(), "direction", "higher") == "higher" &&
          mean_of(values) <= number_of(unit(), "chance"))
        guesses(key, label);
    }
  }

  // An arm that guesses was not trained, unless it was given less to learn from: what a column is worth is what is lost
  // without it, and a few rows may teach a model nothing.
  void guesses(std::string_view id, const std::string& label) {
    const auto& manifest = object_of(study_, "template");
    const auto& factors = object_of(manifest, "factors");
    for (const auto* arm : objects_of(plan(), "arms")) {
      if (text_of(*arm, "id") != id) continue;
      const auto& config = object_of(*arm, "config");
      const std::string input = factor_with_role(manifest, "input"), data = factor_with_role(manifest, "data");
      const auto level = [&](const json::object& holder, const std::string& name) -> const json::value* {
        return name.empty() ? nullptr : holder.if_contains(name);
      };
      const json::value *has_input = level(config, input),
                        *usual_input = find_member(object_of(factors, input), "default");
      if (has_input && usual_input && level_name(*has_input) != level_name(*usual_input)) return;
      const json::value *rows = level(config, data), *usual_rows = find_member(object_of(factors, data), "default");
      if (rows && usual_rows && is_number(*rows) && is_number(*usual_rows) && as_number(*rows) < as_number(*usual_rows))
        return add(
            "untrained", Weight::kMinor,
            label +
                " does no better than guessing with as little to learn from as it was given, so the contrast says "
                "where learning begins and little of how large the effect is elsewhere.");
    }
    add("untrained", Weight::kMajor,
        label + " does no better than guessing, so a contrast with it shows a failed training and not the factor.");
  }

  // Arms that all guess tell nothing about what they differ in: none is above chance by two standard errors and by an
  // effect that would matter.
  void guessing() {
    const double classes = number_of(object_at(study_, "template.dataset"), "classes");
    const double chance = number_of(unit(), "chance", classes > 1 ? 1 / classes : 0);
    if (chance <= 0 || text_of(unit(), "unit") != "fraction" || text_of(unit(), "direction", "higher") != "higher")
      return;
    bool any = false;
    for (const auto& [key, value] : object_of(evidence(), "arms")) {
      const auto values = value.is_object() ? numbers_of(value.get_object(), "values") : std::vector<double>{};
      if (values.size() < 2) return;
      any = true;
      const double error = spread_of(values) / std::sqrt(static_cast<double>(values.size()));
      if (mean_of(values) > chance + std::max(2 * error, number_of(unit(), "smallest_effect"))) return;
    }
    if (any)
      add("untrained", Weight::kFatal, "No arm of " + pair_ + " does better than guessing: nothing was learned.");
  }

  // "t003": trials are numbered block by block, arm by arm.
  std::string trial(std::string_view arm, std::size_t block) const {
    const auto arms = objects_of(plan(), "arms");
    std::size_t index = 0;
    while (index < arms.size() && text_of(*arms[index], "id") != arm) ++index;
    std::string number = std::to_string(1 + block * arms.size() + index);
    return "t" + std::string(number.size() < 3 ? 3 - number.size() : 0, '0') + number;
  }

  const json::object& unit() const {
    return object_of(object_at(study_, "template.metrics"), text_of(plan(), "metric"));
  }

  void contrast() {
    const auto values = numbers_of(contrasted(), "values");
    const auto& weights = object_at(plan(), "contrast.weights");
    const auto& arms = object_of(evidence(), "arms");
    if (values.empty() || weights.empty()) return;
    const double observations = number_of(object_of(plan(), "contrast"), "observations", kObservations);
    bool agrees = true, turned = true;
    for (std::size_t block = 0; block < values.size(); ++block) {
      double sum = 0;
      for (const auto& [arm, weight] : weights) {
        const auto scores = numbers_of(object_of(arms, std::string_view{arm.data(), arm.size()}), "values");
        if (block >= scores.size()) return;  // said by blocks()
        sum += as_number(weight) * (on_logits() ? logit(scores[block], observations) : scores[block]);
      }
      agrees = agrees && same(sum, values[block]);
      turned = turned && same(-sum, values[block]);
    }
    if (!agrees && turned)
      add("arms-swapped", Weight::kFatal,
          "The contrast of " + pair_ +
              " has the opposite sign of its arms' scores: treatment and baseline changed places.");
    else if (!agrees)
      add("contrast-differs", Weight::kFatal,
          "The block differences of " + pair_ + " are not those of the scores listed for its arms.");
    if (!same(mean_of(values), number_of(contrasted(), "mean")) ||
        !same(spread_of(values), number_of(contrasted(), "sd", spread_of(values))))
      add("contrast-differs", Weight::kFatal,
          "The estimate for " + pair_ + " is not the mean of its block differences.");
  }

  void interval() {
    const auto values = numbers_of(contrasted(), "values");
    const double lower = number_of(contrasted(), "lower"), upper = number_of(contrasted(), "upper"),
                 mean = number_of(contrasted(), "mean"), spread = spread_of(values);
    if (values.size() < 2 || spread < kNoSpread || !has(contrasted(), "confidence")) return;
    const double error = spread / std::sqrt(static_cast<double>(values.size()));
    const int df = static_cast<int>(values.size()) - 1;
    const double confidence = number_of(contrasted(), "confidence");
    if (std::abs(student_within((upper - lower) / 2 / error, df) - confidence) > 1e-6 ||
        std::abs((upper + lower) / 2 - mean) > 1e-6)
      add("interval-differs", Weight::kFatal,
          "The interval for " + pair_ + " is not what its blocks give at the stated confidence.");
    const double p = 1 - student_within(std::abs(mean_of(values)) / error, df);
    if (has(contrasted(), "p") && std::abs(p - number_of(contrasted(), "p")) > 1e-13 + 0.01 * p)
      add("p-differs", Weight::kFatal, "The p-value for " + pair_ + " is not that of a paired test on its blocks.");
  }

  void verdict() {
    const std::string given = text_of(*entry_, "verdict");
    const Effect effect = effect_of(*entry_);
    if (effect.known && !given.empty() && given != verdict_by_rule(effect))
      add("verdict-rule", Weight::kFatal,
          "The verdict on " + pair_ + " does not follow from its interval: by the stated rule it should read " +
              verdict_by_rule(effect) + ", not " + given + ".");
    power();
  }

  // By the normal approximation, from the spread that the search saw: what is stated may not be far above it.
  void power() {
    if (!has(*entry_, "power")) {
      add("power-unstated", Weight::kMajor, "What power the claim about " + pair_ + " was planned with is not stated.");
      return;
    }
    const double stated = number_of(*entry_, "power");
    const auto* node = entry_of(study_, text_of(*entry_, "node"));
    const double spread = node ? number_of(object_at(*node, "evidence.contrast"), "sd") : 0;
    const double effect = number_of(plan(), "smallest_effect"), n = number_of(*entry_, "n");
    if (spread > 0 && effect > 0 && n > 1) {
      const double alpha = 0.05 / static_cast<double>(std::max<std::size_t>(1, array_of(study_, "claims").size()));
      const double critical = std::sqrt(2.0) * inverse_erfc(alpha);
      const double possible = 0.5 * std::erfc((critical - effect * std::sqrt(n) / spread) / std::sqrt(2.0));
      if (stated > possible + 0.1)
        add("power-overstated", Weight::kMajor,
            "The power stated for " + pair_ + " is more than its blocks and the spread seen in the search can give.");
    }
    if (const std::string verdict = text_of(*entry_, "verdict"); stated < 0.5 && verdict != "inconclusive")
      add("power-low", Weight::kMinor,
          "The planned power for " + pair_ +
              " was less than one half; that the claim was decided all the same owes to an effect or a spread other "
              "than was planned for.");
    else if (stated < 0.5)
      add("power-low", Weight::kMajor,
          "The claim about " + pair_ +
              " was as likely as not to miss an effect that matters: its power is too low to decide.",
          "How many blocks would give the claim about " + pair_ + " a power of four in five?");
    else if (stated < 0.8 && text_of(*entry_, "verdict") == "inconclusive")  // a decided claim has missed nothing
      add("power-low", Weight::kMinor,
          "The planned power for " + pair_ +
              " stays below the usual four in five, which makes a missed effect likely.");
  }

  // erfc(x) = y, by bisection.
  static double inverse_erfc(double y) {
    double low = 0, high = 10;
    for (int i = 0; i < 60; ++i) (std::erfc((low + high) / 2) > y ? low : high) = (low + high) / 2;
    return low;
  }

  // Holm's steps over all claims, again.
  void levels() {
    std::vector<const json::object*> claims;
    for (const auto* claim : objects_of(study_, "claims")) claims.push_back(claim);
    const auto p = [](const json::object* claim) { return number_of(object_at(*claim, "evidence.contrast"), "p", 1); };
    std::stable_sort(claims.begin(), claims.end(), [&](auto* a, auto* b) { return p(a) < p(b); });
    bool rejecting = true;
    double alpha = 0.05;
    for (std::size_t rank = 0; rank < claims.size(); ++rank) {
      if (rejecting) alpha = 0.05 / static_cast<double>(claims.size() - rank);
      const auto& claim = *claims[rank];
      const double given = number_of(claim, "alpha", alpha);
      const auto& contrast = object_at(claim, "evidence.contrast");
      id_ = text_of(claim, "id");
      if (given > alpha + 1e-9 || (has(contrast, "confidence") && number_of(contrast, "confidence") < 1 - alpha - 1e-9))
        add("uncorrected", Weight::kFatal,
            "The claim about " + pair_of(object_of(claim, "plan")) +
                " is judged at a level that is not corrected for the number of claims.");
      rejecting = rejecting && p(claims[rank]) <= alpha;
    }
  }

  void seeds() {
    std::set<std::string> searched;
    for (const auto* node : objects_of(study_, "nodes"))
      for (const auto& seed : array_of(object_of(*node, "evidence"), "blocks")) searched.insert(json::serialize(seed));
    for (const auto* entry : entries_of(study_)) {
      id_ = text_of(*entry, "id");
      const std::string pair = pair_of(object_of(*entry, "plan"));
      std::set<std::string> own;
      for (const auto& seed : array_of(object_of(*entry, "evidence"), "blocks")) {
        const std::string text = json::serialize(seed);
        if (!own.insert(text).second) {
          add("seeds-repeat", Weight::kFatal,
              "A seed stands twice among the blocks of " + pair + ", so one block is counted twice.");
          break;
        }
        if (has(*entry, "verdict") && searched.count(text) > 0) {
          add("seeds-not-fresh", Weight::kFatal,
              "The confirmation of " + pair + " uses seeds of the search, so what is confirmed was seen before.");
          break;
        }
      }
    }
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
  const json::object* entry_ = nullptr;
  std::string id_, pair_;
  bool claim_ = false;
};

}  // namespace

double student_within(double t, int df) {
  constexpr double kPi = 3.14159265358979323846;
  if (df < 1) return 0;
  const double angle = std::atan(std::abs(t) / std::sqrt(static_cast<double>(df))), c = std::cos(angle),
               s = std::sin(angle);
  double term = df % 2 == 0 ? 1 : c, sum = df == 1 ? 0 : term;
  for (int k = df % 2 == 0 ? 2 : 3; k < df; k += 2) {
    term *= c * c * (k - 1) / k;
    sum += term;
  }
  return df % 2 == 0 ? s * sum : 2 / kPi * (angle + s * sum);
}

Effect effect_of(const json::object& holder) {
  const auto& contrast = object_at(holder, "evidence.contrast");
  const auto& plan = object_of(holder, "plan");
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

std::string pair_of(const json::object& plan) {
  std::string plus, minus, last;
  for (const auto& entry : object_at(plan, "contrast.weights")) {
    for (const auto* arm : objects_of(plan, "arms"))
      if (text_of(*arm, "id") == std::string_view{entry.key().data(), entry.key().size()}) {
        std::string& side = as_number(entry.value()) > 0 ? plus : minus;
        last = text_of(*arm, "label", text_of(*arm, "id"));
        if (side.empty()) side = last;
      }
  }
  // The arms of an interaction are named "GELU, 100 training images": its pair is "GELU over ReLU with ...".
  const auto cut = plus.rfind(", "), other = minus.rfind(", "), far = last.rfind(", ");
  if (text_of(object_of(plan, "contrast"), "kind") == "interaction" && cut != std::string::npos &&
      other != std::string::npos && far != std::string::npos && plus.substr(cut) == minus.substr(other))
    return plus.substr(0, cut) + " over " + minus.substr(0, other) + " with " + plus.substr(cut + 2) + " rather than " +
           last.substr(far + 2);
  return plus.empty() || minus.empty() ? "the treatment over the baseline" : plus + " over " + minus;
}

std::vector<const json::object*> entries_of(const json::object& study) {
  std::vector<const json::object*> entries = objects_of(study, "claims");
  for (const auto* node : objects_of(study, "nodes")) entries.push_back(node);
  return entries;
}

const json::object* entry_of(const json::object& study, std::string_view id) {
  for (const auto* entry : entries_of(study))
    if (text_of(*entry, "id") == id) return entry;
  return nullptr;
}

void examine_evidence(const json::object& study, std::vector<Weakness>& found) { Audit{study, found}.run(); }

}  // namespace aisci::offline
