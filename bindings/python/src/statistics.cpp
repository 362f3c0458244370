// aisci.statistics: what <aisci/statistics/statistics.hpp> offers, by the same names; without the distribution
// functions, which Python has in SciPy.
#include "bindings.hpp"

#include <aisci/statistics/statistics.hpp>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

namespace aisci::python {
namespace {

namespace st = statistics;
using Values = std::vector<double>;

// A struct of numbers as a Python class: its fields, and a repr() that shows them.
template <typename T>
class Record {
 public:
  Record(py::module_& module, const char* name) : type_{module, name}, name_{name} {
    type_.def("__repr__", [name = name_, type = type_.ptr()](const py::object& self) {
      std::string text = name + "(";
      for (const py::handle field : py::handle{type}.attr("_fields"))
        text += (text.back() == '(' ? "" : ", ") + field.cast<std::string>() + "=" +
                py::repr(self.attr(field)).cast<std::string>();
      return text + ")";
    });
  }
  template <typename Field>
  Record& field(const char* name, Field T::*member) {
    type_.def_readonly(name, member);
    fields_.append(name);
    type_.attr("_fields") = fields_;
    return *this;
  }
  py::class_<T>& type() { return type_; }

 private:
  py::class_<T> type_;
  std::string name_;
  py::list fields_;
};

void bind_paired(py::module_& m) {
  using namespace py::literals;
  Record<st::PairedT>{m, "PairedT"}
      .field("n", &st::PairedT::n)
      .field("mean", &st::PairedT::mean)
      .field("sd", &st::PairedT::sd)
      .field("se", &st::PairedT::se)
      .field("t", &st::PairedT::t)
      .field("df", &st::PairedT::df)
      .field("p", &st::PairedT::p)
      .field("lower", &st::PairedT::lower)
      .field("upper", &st::PairedT::upper);
  Record<st::SignFlip>{m, "SignFlip"}
      .field("p", &st::SignFlip::p)
      .field("smallest_p", &st::SignFlip::smallest_p)
      .field("exact", &st::SignFlip::exact);
  Record<st::Wilcoxon>{m, "Wilcoxon"}
      .field("n", &st::Wilcoxon::n)
      .field("w_plus", &st::Wilcoxon::w_plus)
      .field("w_minus", &st::Wilcoxon::w_minus)
      .field("p", &st::Wilcoxon::p)
      .field("exact", &st::Wilcoxon::exact)
      .field("rank_biserial", &st::Wilcoxon::rank_biserial);
  Record<st::StandardizedEffect>{m, "StandardizedEffect"}
      .field("d", &st::StandardizedEffect::d)
      .field("correction", &st::StandardizedEffect::correction)
      .field("lower", &st::StandardizedEffect::lower)
      .field("upper", &st::StandardizedEffect::upper);
  Record<st::Equivalence>{m, "Equivalence"}
      .field("p_lower", &st::Equivalence::p_lower)
      .field("p_upper", &st::Equivalence::p_upper)
      .field("p", &st::Equivalence::p)
      .field("lower", &st::Equivalence::lower)
      .field("upper", &st::Equivalence::upper)
      .field("equivalent", &st::Equivalence::equivalent);
  m.def(
      "paired_t", [](const Values& d, double confidence) { return value_or_raise(st::paired_t(d, confidence)); },
      "differences"_a, "confidence"_a = 0.95);
  m.def(
      "sign_flip", [](const Values& d, std::uint64_t seed) { return value_or_raise(st::sign_flip(d, seed)); },
      "differences"_a, "seed"_a = 1);
  m.def(
      "wilcoxon", [](const Values& d) { return value_or_raise(st::wilcoxon(d)); }, "differences"_a);
  m.def(
      "hedges_dz", [](const Values& d, double confidence) { return value_or_raise(st::hedges_dz(d, confidence)); },
      "differences"_a, "confidence"_a = 0.95);
  m.def("hedges_correction", &st::hedges_correction, "degrees"_a);
  m.def(
      "tost",
      [](const Values& d, double low, double high, double alpha) {
        return value_or_raise(st::tost(d, low, high, alpha));
      },
      "differences"_a, "low"_a, "high"_a, "alpha"_a = 0.05);
}

void bind_two_samples(py::module_& m) {
  using namespace py::literals;
  Record<st::WelchT>{m, "WelchT"}
      .field("difference", &st::WelchT::difference)
      .field("se", &st::WelchT::se)
      .field("t", &st::WelchT::t)
      .field("df", &st::WelchT::df)
      .field("p", &st::WelchT::p)
      .field("lower", &st::WelchT::lower)
      .field("upper", &st::WelchT::upper);
  Record<st::MannWhitney>{m, "MannWhitney"}
      .field("u", &st::MannWhitney::u)
      .field("p", &st::MannWhitney::p)
      .field("exact", &st::MannWhitney::exact)
      .field("delta", &st::MannWhitney::delta);
  Record<st::Permutation>{m, "Permutation"}
      .field("difference", &st::Permutation::difference)
      .field("p", &st::Permutation::p)
      .field("smallest_p", &st::Permutation::smallest_p)
      .field("exact", &st::Permutation::exact);
  m.def(
      "welch_t",
      [](const Values& a, const Values& b, double confidence) { return value_or_raise(st::welch_t(a, b, confidence)); },
      "a"_a, "b"_a, "confidence"_a = 0.95);
  m.def(
      "mann_whitney", [](const Values& a, const Values& b) { return value_or_raise(st::mann_whitney(a, b)); }, "a"_a,
      "b"_a);
  m.def(
      "cliffs_delta", [](const Values& a, const Values& b) { return value_or_raise(st::cliffs_delta(a, b)); }, "a"_a,
      "b"_a);
  m.def(
      "permutation_two_sample",
      [](const Values& a, const Values& b, std::uint64_t seed) {
        return value_or_raise(st::permutation_two_sample(a, b, seed));
      },
      "a"_a, "b"_a, "seed"_a = 1);
}

void bind_anova(py::module_& m) {
  using namespace py::literals;
  using Levels = std::vector<int>;
  Record<st::AnovaTerm>{m, "AnovaTerm"}
      .field("sum_of_squares", &st::AnovaTerm::sum_of_squares)
      .field("df", &st::AnovaTerm::df)
      .field("f", &st::AnovaTerm::f)
      .field("p", &st::AnovaTerm::p)
      .field("partial_eta_squared", &st::AnovaTerm::partial_eta_squared);
  Record<st::OneFactorAnova>{m, "OneFactorAnova"}
      .field("factor", &st::OneFactorAnova::factor)
      .field("residual_sum_of_squares", &st::OneFactorAnova::residual_sum_of_squares)
      .field("residual_df", &st::OneFactorAnova::residual_df);
  Record<st::TwoFactorAnova>{m, "TwoFactorAnova"}
      .field("a", &st::TwoFactorAnova::a)
      .field("b", &st::TwoFactorAnova::b)
      .field("interaction", &st::TwoFactorAnova::interaction)
      .field("block", &st::TwoFactorAnova::block)
      .field("residual_sum_of_squares", &st::TwoFactorAnova::residual_sum_of_squares)
      .field("residual_df", &st::TwoFactorAnova::residual_df);
  m.def(
      "anova_one_factor",
      [](const Values& values, const Levels& levels) { return value_or_raise(st::anova_one_factor(values, levels)); },
      "values"_a, "levels"_a);
  m.def(
      "anova_two_factor",
      [](const Values& values, const Levels& a, const Levels& b, const Levels& blocks) {
        return value_or_raise(st::anova_two_factor(values, a, b, blocks));
      },
      "values"_a, "a"_a, "b"_a, "blocks"_a = Levels{});
}

void bind_posterior(py::module_& m) {
  using namespace py::literals;
  Record<st::Posterior>{m, "Posterior"}
      .field("mean", &st::Posterior::mean)
      .field("sd", &st::Posterior::sd)
      .field("df", &st::Posterior::df)
      .field("sample_mean", &st::Posterior::sample_mean)
      .field("sample_se", &st::Posterior::sample_se)
      .field("scale", &st::Posterior::scale)
      .type()
      .def("probability_above", &st::Posterior::probability_above, "x"_a)
      .def("probability_below", &st::Posterior::probability_below, "x"_a)
      .def("probability_between", &st::Posterior::probability_between, "low"_a, "high"_a)
      .def("quantile", &st::Posterior::quantile, "p"_a);
  m.def(
      "posterior_paired",
      [](const Values& d, double scale) { return value_or_raise(st::posterior_paired(d, st::ShrinkagePrior{scale})); },
      "differences"_a, "scale"_a = 0.0);
}

void bind_sequential(py::module_& m) {
  using namespace py::literals;
  Record<st::SequentialInterval>{m, "SequentialInterval"}
      .field("lower", &st::SequentialInterval::lower)
      .field("upper", &st::SequentialInterval::upper);
  py::class_<st::SequentialMean>{m, "SequentialMean"}
      .def(py::init([](double confidence, double prior_sd) {
             raise_unless_ok(st::confidence_sequence({}, confidence, prior_sd).status());  // what both refuse
             return st::SequentialMean{confidence, prior_sd};
           }),
           "confidence"_a = 0.95, "prior_sd"_a = 1.0)
      .def(
          "add", [](st::SequentialMean& mean, double difference) { raise_unless_ok(mean.add(difference)); },
          "difference"_a)
      .def_property_readonly("n", &st::SequentialMean::n)
      .def_property_readonly("mean", &st::SequentialMean::mean)
      .def("interval", &st::SequentialMean::interval)
      .def("e_value", &st::SequentialMean::e_value, "m"_a = 0.0)
      .def("anytime_p", &st::SequentialMean::anytime_p);
  m.def(
      "confidence_sequence",
      [](const Values& d, double confidence, double prior_sd) {
        return value_or_raise(st::confidence_sequence(d, confidence, prior_sd));
      },
      "differences"_a, "confidence"_a = 0.95, "prior_sd"_a = 1.0);
}

void bind_summary(py::module_& m) {
  using namespace py::literals;
  Record<st::Summary>{m, "Summary"}
      .field("n", &st::Summary::n)
      .field("mean", &st::Summary::mean)
      .field("sd", &st::Summary::sd)
      .field("se", &st::Summary::se)
      .field("minimum", &st::Summary::minimum)
      .field("lower_quartile", &st::Summary::lower_quartile)
      .field("median", &st::Summary::median)
      .field("upper_quartile", &st::Summary::upper_quartile)
      .field("maximum", &st::Summary::maximum);
  m.def(
      "summarize", [](const Values& values) { return value_or_raise(st::summarize(values)); }, "values"_a);
  m.def(
      "quantile", [](const Values& values, double p) { return value_or_raise(st::quantile(values, p)); }, "values"_a,
      "p"_a);
}

st::ContrastScale scale_of(const std::string& name) {
  if (name == "linear") return st::ContrastScale::kLinear;
  if (name == "logit") return st::ContrastScale::kLogit;
  raise(invalid_argument("the scale of a contrast is linear or logit, not \"" + name + "\""));
}

void bind_contrasts(py::module_& m) {
  using namespace py::literals;
  m.def("clamped_logit", &st::clamped_logit, "p"_a, "observations"_a);
  m.def(
      "interaction_contrast",
      [](const Values& a1, const Values& b1, const Values& a0, const Values& b0, const std::string& scale,
         double observations) {
        return value_or_raise(st::interaction_contrast(a1, b1, a0, b0, scale_of(scale), observations));
      },
      "a1"_a, "b1"_a, "a0"_a, "b0"_a, "scale"_a = "linear", "observations"_a = 0.0);
  m.def(
      "verdict",
      [](double lower, double upper, double smallest_effect) {
        return st::to_string(st::verdict(lower, upper, smallest_effect));
      },
      "lower"_a, "upper"_a, "smallest_effect"_a);
}

st::BootstrapMethod method_of(const std::string& name) {
  if (name == "bca") return st::BootstrapMethod::kBca;
  if (name == "percentile") return st::BootstrapMethod::kPercentile;
  raise(invalid_argument("the method of a bootstrap is bca or percentile, not \"" + name + "\""));
}

void bind_bootstrap(py::module_& m) {
  using namespace py::literals;
  Record<st::BootstrapInterval>{m, "BootstrapInterval"}
      .field("estimate", &st::BootstrapInterval::estimate)
      .field("se", &st::BootstrapInterval::se)
      .field("lower", &st::BootstrapInterval::lower)
      .field("upper", &st::BootstrapInterval::upper);
  m.def(
      "bootstrap",
      [](const Values& values, const py::function& statistic, double confidence, std::size_t resamples,
         std::uint64_t seed, const std::string& method) {
        const auto of = [&](std::span<const double> sample) {
          return statistic(py::array_t<double>(static_cast<py::ssize_t>(sample.size()), sample.data())).cast<double>();
        };
        return value_or_raise(st::bootstrap(values, of, {method_of(method), confidence, resamples, seed}));
      },
      "values"_a, "statistic"_a, "confidence"_a = 0.95, "resamples"_a = 9999, "seed"_a = 1, "method"_a = "bca");
  m.def(
      "bootstrap_mean",
      [](const Values& values, double confidence, std::size_t resamples, std::uint64_t seed) {
        st::BootstrapOptions options;
        options.confidence = confidence;
        options.resamples = resamples;
        options.seed = seed;
        return value_or_raise(st::bootstrap_mean(values, options));
      },
      "values"_a, "confidence"_a = 0.95, "resamples"_a = 9999, "seed"_a = 1);
}

void bind_planning(py::module_& m) {
  using namespace py::literals;
  m.def(
      "holm", [](const Values& p) { return value_or_raise(st::holm(p)); }, "p"_a);
  m.def(
      "benjamini_hochberg", [](const Values& p) { return value_or_raise(st::benjamini_hochberg(p)); }, "p"_a);
  m.def(
      "power_paired",
      [](std::size_t n, double delta, double sd, double alpha, bool two_sided) {
        return value_or_raise(st::power_paired(n, delta, sd, alpha, two_sided));
      },
      "n"_a, "delta"_a, "sd"_a, "alpha"_a, "two_sided"_a = true);
  m.def(
      "power_equivalence",
      [](std::size_t n, double limit, double sd, double alpha, double delta) {
        return value_or_raise(st::power_equivalence(n, limit, sd, alpha, delta));
      },
      "n"_a, "limit"_a, "sd"_a, "alpha"_a, "delta"_a = 0.0);
  m.def(
      "blocks_needed",
      [](double delta, double sd, double alpha, double power, bool two_sided) {
        return value_or_raise(st::blocks_needed(delta, sd, alpha, power, two_sided));
      },
      "delta"_a, "sd"_a, "alpha"_a, "power"_a, "two_sided"_a = true);
}

}  // namespace

void bind_statistics(py::module_& module) {
  py::module_ inner = module.def_submodule("statistics");
  bind_paired(inner);
  bind_two_samples(inner);
  bind_anova(inner);
  bind_posterior(inner);
  bind_sequential(inner);
  bind_summary(inner);
  bind_contrasts(inner);
  bind_bootstrap(inner);
  bind_planning(inner);
}

}  // namespace aisci::python
