// What numbers give away by themselves: blocks that tell the same twice, scores that no count gives, and statistics
// beside the main test, each computed again.
#include <algorithm>
#include <cmath>
#include <map>

#include "document.hpp"
#include "review_arithmetic.hpp"
#include "review_audit.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;
using Columns = std::map<std::string, std::vector<double>>;  // scores by arm

constexpr double kExact = 1e-9;
constexpr int kMostExamples = 2000;     // the finest share that is looked for
constexpr std::size_t kMostFlips = 14;  // blocks up to which all signs are gone through

Columns columns_of(const json::object& entry) {
  Columns columns;
  for (const auto& [name, arm] : object_at(entry, "evidence.arms"))
    if (arm.is_object())
      for (const auto& value : array_of(arm.get_object(), "values"))
        columns[std::string{name}].push_back(as_number(value));
  return columns;
}

// The least step between two scores of an entry.
double step_of(const Columns& columns) {
  std::vector<double> all;
  for (const auto& [name, values] : columns) all.insert(all.end(), values.begin(), values.end());
  std::sort(all.begin(), all.end());
  double step = 0;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (const double gap = all[i] - all[i - 1]; gap > kExact && (step == 0 || gap < step)) step = gap;
  return step;
}

// Pairs of blocks that agree in every arm, against what chance lets agree: two normal values of spread s fall on one
// step g of the scale with probability g / (2 sqrt(pi) s). Arms share their block, so the one with the least counts.
bool told_twice(const Columns& columns) {
  if (columns.empty()) return false;
  std::size_t blocks = columns.begin()->second.size();
  double chance = 1;
  const double step = step_of(columns);
  for (const auto& [name, values] : columns) {
    blocks = std::min(blocks, values.size());
    const double spread = spread_of(values);
    if (spread > 0) chance = std::min(chance, step / (3.545 * spread));
  }
  double agreeing = 0, pairs = 0;
  for (std::size_t i = 0; i < blocks; ++i)
    for (std::size_t k = i + 1; k < blocks; ++k) {
      ++pairs;
      agreeing += std::all_of(columns.begin(), columns.end(), [&](const auto& column) {
        return std::abs(column.second[i] - column.second[k]) <= kExact;
      });
    }
  return agreeing > 3 + 2.5 * pairs * chance;
}

bool on_grid(const std::vector<double>& values, int examples) {
  return std::all_of(values.begin(), values.end(), [&](double value) {
    const double count = value * examples;
    return std::abs(count - std::round(count)) < 1e-6;
  });
}
// The least number of examples of which all values are shares; 0 when there is none.
int examples_of(const std::vector<double>& values) {
  for (int examples = 2; examples <= kMostExamples; ++examples)
    if (on_grid(values, examples)) return examples;
  return 0;
}
// The arm whose scores are no shares of the number of examples that those of every other arm are.
std::string off_grid(const Columns& columns) {
  for (const auto& [name, values] : columns) {
    std::vector<double> others;
    for (const auto& [other, scores] : columns)
      if (other != name) others.insert(others.end(), scores.begin(), scores.end());
    const int examples = others.size() < 5 ? 0 : examples_of(others);
    if (examples > 0 && !on_grid(values, examples) && examples_of(values) == 0) return name;
  }
  return {};
}

// Two-sided p of all flips of the signs, as the protocol's exact test counts them.
double flipped_p(const std::vector<double>& values) {
  double sum = 0, size = 0;
  for (const double value : values) sum += value, size += std::abs(value);
  const double observed = std::abs(sum) - 1e-12 * size;
  const std::size_t all = std::size_t{1} << values.size();
  std::size_t beyond = 0;
  for (std::size_t signs = 0; signs < all; ++signs) {
    double flipped = 0;
    for (std::size_t i = 0; i < values.size(); ++i) flipped += (signs >> i & 1U) != 0 ? values[i] : -values[i];
    beyond += std::abs(flipped) >= observed;
  }
  return static_cast<double>(beyond) / static_cast<double>(all);
}

// Hedges' correction of a standardised mean.
double hedges(double df) {
  return df <= 1 ? 0 : std::exp(std::lgamma(df / 2) - std::lgamma((df - 1) / 2)) * std::sqrt(2 / df);
}

class Numbers {
 public:
  Numbers(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {}

  void run() {
    for (const auto* entry : entries_of(study_)) {
      if (object_of(*entry, "evidence").empty()) continue;
      id_ = text_of(*entry, "id");
      pair_ = pair_of(object_of(*entry, "plan"));
      scores(*entry);
      beside(object_at(*entry, "evidence.contrast"));
      posterior(object_of(*entry, "evidence"));
    }
    adjusted();
  }

 private:
  void add(const char* rule, const std::string& text, std::string question = {}) {
    found_.push_back({text, id_, "evidence", Weight::kFatal, std::move(question), rule});
  }

  void scores(const json::object& entry) {
    const Columns columns = columns_of(entry);
    if (told_twice(columns))
      add("seeds-repeat",
          "Blocks of " + pair_ +
              " under different seeds have the same scores in every arm, more often than chance lets them: one result "
              "is counted several times.",
          "How can different seeds of " + pair_ + " give the same scores?");
    const auto& metric = object_of(object_at(study_, "template.metrics"), text_of(object_of(entry, "plan"), "metric"));
    if (text_of(metric, "unit", "fraction") != "fraction") return;
    if (const std::string arm = off_grid(columns); !arm.empty())
      add("impossible", "The scores of an arm of " + pair_ +
                            " are shares of no whole number of examples, as those of the other arms are.");
  }

  // The exact test, its least value, and the standardised effect.
  void beside(const json::object& contrast) {
    const auto values = numbers_of(contrast, "values");
    const double spread = spread_of(values);
    if (values.size() < 2 || spread <= kNoSpread) return;
    const double p = number_of(contrast, "sign_flip_p", 1), least = number_of(contrast, "smallest_p");
    if (p < least * (1 - 1e-9) ||
        (has(contrast, "sign_flip_p") && values.size() <= kMostFlips && std::abs(flipped_p(values) - p) > 1e-6))
      add("p-differs", "The p-value of the sign-flip test for " + pair_ + " is not one that its blocks give.");
    const double d = number_of(contrast, "mean") / spread * hedges(static_cast<double>(values.size()) - 1);
    if (has(contrast, "d") && std::abs(d - number_of(contrast, "d")) > 1e-6 * std::max(1.0, std::abs(d)))
      add("contrast-differs", "The standardised effect of " + pair_ + " is not its mean over its spread.");
  }

  void posterior(const json::object& evidence) {
    if (!has(evidence, "probability_above") || !has(evidence, "probability_below") || !has(evidence, "significance"))
      return;
    const double larger = std::max(number_of(evidence, "probability_above"), number_of(evidence, "probability_below"));
    if (std::abs(larger - number_of(evidence, "significance")) > 1e-6)
      add("contrast-differs",
          "How sure the search was of " + pair_ + " is not what its posterior gives on either side.");
  }

  // Holm's adjusted p-values of all claims.
  void adjusted() {
    std::vector<const json::object*> claims = objects_of(study_, "claims");
    const auto p = [](const json::object* claim) { return number_of(object_at(*claim, "evidence.contrast"), "p", 1); };
    std::stable_sort(claims.begin(), claims.end(), [&](auto* a, auto* b) { return p(a) < p(b); });
    double largest = 0;
    for (std::size_t rank = 0; rank < claims.size(); ++rank) {
      largest = std::max(largest, std::min(1.0, static_cast<double>(claims.size() - rank) * p(claims[rank])));
      const double told = number_of(*claims[rank], "holm_p", largest);
      id_ = text_of(*claims[rank], "id");
      if (std::abs(told - largest) > 0.01 * largest)
        add("p-differs", "The p-value given as adjusted for " + pair_of(object_of(*claims[rank], "plan")) +
                             " is not what Holm's procedure makes of the claims' p-values.");
    }
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
  std::string id_, pair_;
};

}  // namespace

void examine_numbers(const json::object& study, std::vector<Weakness>& found) { Numbers{study, found}.run(); }

}  // namespace aisci::offline
