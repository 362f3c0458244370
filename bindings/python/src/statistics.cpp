// aisci.statistics: the tests and intervals of <aisci/statistics/statistics.hpp>, by the same names.
#include "bindings.hpp"

#include <aisci/statistics/statistics.hpp>

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
    type_.def("__repr__", [name = name_, type = type_.ptr()](py::object self) {
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
      "permutation_two_sample",
      [](const Values& a, const Values& b, std::uint64_t seed) {
        return value_or_raise(st::permutation_two_sample(a, b, seed));
      },
      "a"_a, "b"_a, "seed"_a = 1);
}

void bind_planning(py::module_& m) {
  using namespace py::literals;
  Record<st::BootstrapInterval>{m, "BootstrapInterval"}
      .field("estimate", &st::BootstrapInterval::estimate)
      .field("se", &st::BootstrapInterval::se)
      .field("lower", &st::BootstrapInterval::lower)
      .field("upper", &st::BootstrapInterval::upper);
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
      "blocks_needed",
      [](double delta, double sd, double alpha, double power, bool two_sided) {
        return value_or_raise(st::blocks_needed(delta, sd, alpha, power, two_sided));
      },
      "delta"_a, "sd"_a, "alpha"_a, "power"_a, "two_sided"_a = true);
  m.def(
      "verdict",
      [](double lower, double upper, double smallest_effect) {
        return st::to_string(st::verdict(lower, upper, smallest_effect));
      },
      "lower"_a, "upper"_a, "smallest_effect"_a);
}

}  // namespace

void bind_statistics(py::module_& module) {
  py::module_ inner = module.def_submodule("statistics");
  bind_paired(inner);
  bind_two_samples(inner);
  bind_planning(inner);
}

}  // namespace aisci::python
