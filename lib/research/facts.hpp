// Facts: every value that a paper may print, by name, with the form it is printed in.
//
// facts() computes them from evidence that was computed from raw files; a paper refers to them by
// name and never holds a digit of its own. That is what makes a number in the PDF checkable: the
// name leads to the fact, the fact to the trials.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// How a value is printed.
enum class FactKind {
  kCount,     // 12
  kNumber,    // 0.41: two digits
  kFraction,  // 0.913 as 91.3%
  kPoints,    // 0.021 as +2.1 percentage points
  kAmount,    // 0.3124 as 0.312 nats: a metric that is no fraction, in its unit
  kChange,    // a difference of such: +0.041 nats
  kLogit,     // +0.41
  kPValue,    // 0.004, <0.001
  kText,      // as it stands
};

struct Fact {
  double value = 0;
  FactKind kind = FactKind::kNumber;
  std::string text;               // how it is printed
  std::vector<std::string> arms;  // "n1.gelu": the arms it is bound to, treatment first; empty: bound to none
};

using Facts = std::map<std::string, Fact>;

const char* to_string(FactKind kind);

// Makes a fact with its printed form.
Fact make_fact(double value, FactKind kind, std::vector<std::string> arms = {});
Fact make_fact(std::string text);

// How the values of a metric are printed. From the template's metric: its unit, and as many digits as show two of the
// smallest effect of interest.
struct MetricForm {
  std::string unit = "fraction";  // printed per cent, differences in percentage points
  int digits = 2;                 // of any other unit
  bool fraction() const { return unit == "fraction"; }
};
MetricForm metric_form(const json::object& metric);
// Of a posterior: 0.41, 0.0042, <0.0001 where it would print as zero.
Fact make_probability(double value);
// A value of the metric, and a difference of two.
Fact make_amount(double value, const MetricForm& form, std::vector<std::string> arms = {});
Fact make_change(double value, const MetricForm& form, std::vector<std::string> arms = {});

// A limit in log odds as it is printed: three digits that count.
std::string limit_in_log_odds(double limit);

// An end of an interval of such a difference, or of one in log odds: as many digits as show on which side of zero, and
// of `limit` either way, it lies, a limit in log odds taken with the digits of its own; no more than four above the
// usual ones.
//   make_end(-0.0003, {}, 0.02).text  ==  "-0.03 percentage points", where make_change would say "0.0"
Fact make_end(double value, const MetricForm& form, double limit, bool log_odds, std::vector<std::string> arms = {});

// A difference with its interval, in as many digits as show two of half the interval's width: for values whose size no
// template says. Ends as make_end gives them, beside zero alone.
//   make_interval(-0.0047, -0.0081, -0.0014, "nats") prints "-0.0047 nats", "-0.0081 nats", "-0.0014 nats"
struct IntervalFacts {
  Fact mean, lower, upper;
};
IntervalFacts make_interval(double mean, double lower, double upper, std::string unit,
                            const std::vector<std::string>& arms = {});

// What a limit in log odds comes to in points, one half of it to either side of a share.
//   make_limit_at(0.125, 0.8).text == "2.0 percentage points"; at 0.98 it is "0.25 percentage points"
Fact make_limit_at(double log_odds, double share);

// The printed form without a sign: "2.1 percentage points".
std::string absolute_text(const Fact& fact);

// The printed form without its unit, for tables whose caption names it: "+2.1".
std::string short_text(const Fact& fact);

json::object to_json(const Facts& facts);

}  // namespace aisci
