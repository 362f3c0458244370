// Statistics for experiments: everything, by one include.
//
// Usable alone (link aisci::statistics): the headers need the standard library, Status and Random. What to use when is
// in docs/guide/statistics.md; each header below is its own manual.
//
//   #include <aisci/statistics/statistics.hpp>
//   namespace st = aisci::statistics;
//   std::vector<double> differences{0.031, 0.018, 0.044, 0.007, 0.029};   // one per block, a share of 1
//   auto test = st::paired_t(differences, 0.95);                          // Result<PairedT>
//   if (!test.ok()) return test.status();
//   std::printf("%.3f [%.3f, %.3f], p = %.3f\n", test->mean, test->lower, test->upper, test->p);
//   auto word = st::to_string(st::verdict(test->lower, test->upper, 0.01));
//
// Rules that hold throughout: data go in as spans that are only read, results come out as values; a value that is NaN
// or infinite, or too few values, is INVALID_ARGUMENT with a message that says which; tests are two-sided; a seed fixes
// every drawn number. Values may be of any size: an answer in their unit grows and shrinks with them, any other stays
// the same. Where such an answer overflows, or a spread that is not 0 falls below 2.2e-308, it is INVALID_ARGUMENT: the
// values then belong in another unit. Beside values that differ in size by more than a factor 1e100, the smallest count
// as 0. All functions are pure and may be called from any thread. Since 0.1.
#pragma once

#include <aisci/statistics/anova.hpp>
#include <aisci/statistics/bootstrap.hpp>
#include <aisci/statistics/corrections.hpp>
#include <aisci/statistics/distributions.hpp>
#include <aisci/statistics/paired.hpp>
#include <aisci/statistics/posterior.hpp>
#include <aisci/statistics/power.hpp>
#include <aisci/statistics/sequential.hpp>
#include <aisci/statistics/summary.hpp>
#include <aisci/statistics/two_sample.hpp>
#include <aisci/statistics/verdict.hpp>
