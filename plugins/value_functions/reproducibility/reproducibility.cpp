// The value function reproducibility: 0.3 novelty + 0.3 significance + 0.2 reproducibility + 0.2 code_quality.
//
// Novelty and significance are the node's metrics. Reproducibility is the probability that the same experiment, run
// again with as many fresh blocks, shows an effect of the same sign. Code quality is a model's judgement of the
// experiment's code against its plan.
#include <cmath>
#include <numbers>
#include <vector>

#include "value_functions/parts.hpp"

namespace {

namespace kit = aisci::kit;
namespace values = aisci::values;
using aisci::plugin::NodeView;

// P(T <= t) of Student's t with a whole number of degrees of freedom, as finite sums: Abramowitz and Stegun, Handbook
// of Mathematical Functions (1964), 26.7.3 and 26.7.4.
double student_cdf(double t, int df) {
  const double theta = std::atan(t / std::sqrt(df));
  const double square = std::cos(theta) * std::cos(theta);
  const bool odd = df % 2 != 0;
  double term = odd ? std::cos(theta) : 1.0, sum = 0;
  for (int k = odd ? 3 : 2; k <= df; k += 2) {
    sum += term;
    term *= square * (k - 1) / k;
  }
  const double within = odd ? 2 / std::numbers::pi * (theta + std::sin(theta) * sum) : std::sin(theta) * sum;
  return 0.5 + 0.5 * within;
}

// The mean of n fresh blocks, given n blocks of mean m and standard deviation s under the flat prior of a normal model,
// is m + s sqrt(2/n) times Student's t with n - 1 degrees of freedom; so its sign is that of m with probability
// F(|m| / (s sqrt(2/n))). With s known this is p_rep of Killeen, "An alternative to null-hypothesis significance
// tests", Psychological Science 16 (2005) 345-353; with s estimated, Lecoutre, Lecoutre and Poitevineau, "Killeen's
// probability of replication and predictive probabilities", Psychological Methods 15 (2010) 158-171. At least 0.5.
// None without two blocks, or with neither an effect nor any spread.
std::optional<double> same_sign_again(double n, double mean, double sd) {
  if (!(n >= 2 && n <= 1e6) || !std::isfinite(mean) || !(sd >= 0) || !std::isfinite(sd)) return std::nullopt;
  if (sd == 0) return mean == 0 ? std::nullopt : std::optional{1.0};
  return student_cdf(std::abs(mean) / (sd * std::sqrt(2 / n)), static_cast<int>(n) - 1);
}

// The same without block i.
std::optional<double> same_sign_without(const std::vector<double>& values, std::size_t i) {
  const double n = static_cast<double>(values.size()) - 1;
  double mean = 0, squares = 0;
  for (std::size_t k = 0; k < values.size(); ++k) mean += k == i ? 0.0 : values[k] / n;
  for (std::size_t k = 0; k < values.size(); ++k) squares += k == i ? 0.0 : (values[k] - mean) * (values[k] - mean);
  return same_sign_again(n, mean, std::sqrt(squares / (n - 1)));
}

// From the evidence: its standard deviation is that of the delete-one jackknife over the blocks' contrasts (Tukey,
// Annals of Mathematical Statistics 29, 1958), and not known of fewer than three.
std::optional<values::Part> reproducibility_of(const json::object& evidence) {
  const json::object& contrast = kit::object_of(evidence, "contrast");
  const auto found = same_sign_again(kit::number_of(contrast, "n"), kit::number_of(contrast, "mean", std::nan("")),
                                     kit::number_of(contrast, "sd", std::nan("")));
  if (!found) return std::nullopt;
  std::vector<double> blocks, without;
  for (const auto& value : kit::array_of(contrast, "values"))
    if (kit::is_number(value)) blocks.push_back(kit::as_number(value));
  if (blocks.size() < 3) return values::Part{*found, std::nullopt};
  const double n = static_cast<double>(blocks.size());
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    without.push_back(same_sign_without(blocks, i).value_or(0.5));
    mean += without.back() / n;
  }
  for (const double one : without) squares += (one - mean) * (one - mean);
  return values::Part{*found, std::sqrt(squares * (n - 1) / n)};
}

class Reproducibility final : public aisci::plugin::ValueFunction {
 public:
  explicit Reproducibility(const aisci::plugin::Setup& setup)
      : parts_{setup,
               {{"novelty", 0.3}, {"significance", 0.3}, {"reproducibility", 0.2}, {"code_quality", 0.2}},
               "code_quality"},
        code_{setup, "value.code"} {}

  aisci::plugin::Score evaluate(const NodeView& node, aisci::plugin::Call& call) override {
    return parts_.score(node, call, [&](const std::string& part) {
      if (part == "reproducibility") return reproducibility_of(values::document_of(node, "evidence"));
      if (part == "code_quality") return values::Part::of(code_.of(judged(node), call));
      return values::metric(node, part);
    });
  }

 private:
  static constexpr std::size_t kLongestCode = 60000;

  static json::object judged(const NodeView& node) {
    std::string_view code = node.blob("code");
    if (code.empty()) return {};
    const bool cut = code.size() > kLongestCode;
    std::size_t end = cut ? kLongestCode : code.size();
    while (cut && end > 0 && (static_cast<unsigned char>(code[end]) & 0xc0) == 0x80) --end;  // not within a character
    json::object input{{"plan", values::document_of(node, "plan")}, {"code", std::string{code.substr(0, end)}}};
    if (cut) input["code_is_cut"] = true;
    return input;
  }

  values::Parts parts_;
  values::Judgement code_;
};

}  // namespace

AISCI_PLUGIN("org.aisci.reproducibility", "0.1.0", AISCI_VALUE_FUNCTION("reproducibility", Reproducibility))
