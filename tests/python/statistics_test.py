"""aisci.statistics against SciPy, which is another implementation of the same, and its refusals."""

import unittest

import aisci
import numpy
import scipy.stats
from aisci import statistics as st

DIFFERENCES = [0.031, 0.018, 0.044, 0.007, 0.029]


class AgainstSciPy(unittest.TestCase):
    def test_PairedT(self):
        test = st.paired_t(DIFFERENCES, confidence=0.9)
        expected = scipy.stats.ttest_1samp(DIFFERENCES, 0)
        self.assertAlmostEqual(test.p, expected.pvalue, places=10)
        interval = expected.confidence_interval(0.9)
        self.assertAlmostEqual(test.lower, interval.low, places=10)
        self.assertAlmostEqual(test.upper, interval.high, places=10)
        self.assertEqual((test.n, repr(test)[:20]), (5, "PairedT(n=5, mean=0."))

    def test_TwoSamples(self):
        draws = numpy.random.default_rng(1)
        a, b = draws.normal(0, 1, 12), draws.normal(0.8, 2, 15)
        self.assertAlmostEqual(st.welch_t(a, b).p, scipy.stats.ttest_ind(a, b, equal_var=False).pvalue, places=10)
        ranks = st.mann_whitney(a, b)
        self.assertAlmostEqual(ranks.p, scipy.stats.mannwhitneyu(a, b, method="exact").pvalue, places=10)
        self.assertAlmostEqual(ranks.delta, 2 * ranks.u / (12 * 15) - 1)

    def test_Wilcoxon(self):
        values = numpy.random.default_rng(2).normal(0.5, 1, 20)
        self.assertAlmostEqual(st.wilcoxon(values).p, scipy.stats.wilcoxon(values).pvalue, places=10)

    def test_Holm(self):
        numpy.testing.assert_allclose(st.holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
        numpy.testing.assert_allclose(st.benjamini_hochberg([0.01, 0.04, 0.03]),
                                      scipy.stats.false_discovery_control([0.01, 0.04, 0.03]))

    def test_CliffsDelta(self):
        draws = numpy.random.default_rng(3)
        a, b = draws.integers(0, 6, 12).astype(float), draws.integers(1, 7, 9).astype(float)
        self.assertAlmostEqual(st.cliffs_delta(a, b), 2 * scipy.stats.mannwhitneyu(a, b).statistic / (12 * 9) - 1)
        self.assertEqual((st.cliffs_delta([2.0], [1.0]), st.cliffs_delta([1.0], [1.0])), (1, 0))

    def test_AnovaOfOneFactor(self):
        draws = numpy.random.default_rng(4)
        groups = [draws.normal(mean, 1, size) for mean, size in ((0, 5), (0.5, 8), (1, 6))]
        table = st.anova_one_factor(numpy.concatenate(groups), numpy.repeat([7, -1, 3], [5, 8, 6]))
        expected = scipy.stats.f_oneway(*groups)
        self.assertAlmostEqual(table.factor.f, expected.statistic, places=10)
        self.assertAlmostEqual(table.factor.p, expected.pvalue, places=10)
        self.assertEqual((table.factor.df, table.residual_df), (2, 16))
        self.assertIn("factor=AnovaTerm(sum_of_squares=", repr(table))

    def test_AnovaOfTwoFactorsWithInteractionInBlocks(self):
        # Balanced: the sums of squares are those of the means.
        values = numpy.random.default_rng(5).normal(0, 1, (9, 2, 2)) + [[0, 0.5], [0.2, 2]]
        block, a, b = (index.ravel() for index in numpy.indices(values.shape))
        table = st.anova_two_factor(values.ravel(), a, b, block)
        grand = values.mean()
        row, column = values.mean((0, 2)) - grand, values.mean((0, 1)) - grand
        seeds = values.mean((1, 2)) - grand
        cells = values.mean(0) - grand - row[:, None] - column
        rest = values - values.mean(0) - seeds[:, None, None]
        for term, squares, df in ((table.a, 18 * (row**2).sum(), 1), (table.b, 18 * (column**2).sum(), 1),
                                  (table.interaction, 9 * (cells**2).sum(), 1), (table.block, 4 * (seeds**2).sum(), 8)):
            f = squares / df / ((rest**2).sum() / 24)
            self.assertAlmostEqual(term.sum_of_squares, squares)
            self.assertAlmostEqual(term.f, f)
            self.assertAlmostEqual(term.p, scipy.stats.f.sf(f, df, 24))
        self.assertEqual(table.residual_df, 24)
        self.assertEqual(st.anova_two_factor(values.ravel(), a, b).block.p, 1)

    def test_Posterior(self):
        posterior = st.posterior_paired(DIFFERENCES, scale=0.02)
        n, mean, se = 5, numpy.mean(DIFFERENCES), scipy.stats.sem(DIFFERENCES)
        grid = numpy.linspace(-0.2, 0.25, 450_001)
        density = scipy.stats.t.pdf((mean - grid) / se, n - 1) * scipy.stats.cauchy.pdf(grid / 0.02)
        density /= density.sum()
        self.assertAlmostEqual(posterior.mean, (grid * density).sum(), places=4)
        self.assertAlmostEqual(posterior.probability_above(0.01), density[grid > 0.01].sum(), places=4)
        self.assertAlmostEqual(posterior.probability_below(0.01) + posterior.probability_above(0.01), 1)
        self.assertAlmostEqual(posterior.probability_between(0.01, 0.03), density[(grid > 0.01) & (grid < 0.03)].sum(),
                               places=4)
        self.assertAlmostEqual(posterior.probability_below(posterior.quantile(0.3)), 0.3)
        self.assertEqual(posterior.scale, 0.02)
        self.assertAlmostEqual(st.posterior_paired(DIFFERENCES).scale, numpy.std(DIFFERENCES, ddof=1) / 2**0.5)

    def test_SummaryAndQuantile(self):
        summary = st.summarize(DIFFERENCES)
        self.assertEqual((summary.n, summary.minimum, summary.maximum), (5, 0.007, 0.044))
        self.assertAlmostEqual(summary.se, scipy.stats.sem(DIFFERENCES))
        self.assertAlmostEqual(st.quantile(DIFFERENCES, 0.9), numpy.quantile(DIFFERENCES, 0.9))

    def test_Bootstrap(self):
        values = numpy.random.default_rng(6).gamma(2, 1, 40)
        ours = st.bootstrap(values, numpy.median, resamples=4000, method="percentile")
        expected = scipy.stats.bootstrap((values,), numpy.median, n_resamples=4000, method="percentile", random_state=1)
        self.assertEqual(ours.estimate, numpy.median(values))
        self.assertAlmostEqual(ours.se, expected.standard_error, delta=0.1 * ours.se)
        mean = st.bootstrap(values, lambda sample: sample.mean(), seed=3)
        self.assertAlmostEqual(mean.lower, st.bootstrap_mean(values, seed=3).lower)
        with self.assertRaisesRegex(ZeroDivisionError, "mine"):
            st.bootstrap(values, self.fails)

    @staticmethod
    def fails(sample):
        raise ZeroDivisionError("mine")


class Sequential(unittest.TestCase):
    def test_TheEValueIsTheFormulaAndTheIntervalIsWhereItIsSmall(self):
        mean = st.SequentialMean(confidence=0.9, prior_sd=0.5)
        self.assertEqual((mean.e_value(), mean.interval().upper), (1, float("inf")))
        for difference in DIFFERENCES:
            mean.add(difference)
        n, r = 5, 1 + 5 * 0.5**2
        for m in (0.0, 0.02):
            t = scipy.stats.ttest_1samp(DIFFERENCES, m).statistic
            expected = r**-0.5 * ((1 + t**2 / (n - 1)) / (1 + t**2 / (r * (n - 1))))**(n / 2)
            self.assertAlmostEqual(mean.e_value(m), expected)
        self.assertEqual(mean.n, 5)
        self.assertAlmostEqual(mean.mean, numpy.mean(DIFFERENCES))
        self.assertLessEqual(mean.anytime_p(), 1 / mean.e_value())
        last = st.confidence_sequence(DIFFERENCES, confidence=0.9, prior_sd=0.5)
        self.assertEqual((len(last), last[-1].lower, last[-1].upper), (5, mean.interval().lower, mean.interval().upper))
        wide = st.SequentialMean(confidence=0.9)
        for difference in DIFFERENCES * 4:
            wide.add(difference)
        self.assertAlmostEqual(wide.e_value(wide.interval().lower), 10)


class Rules(unittest.TestCase):
    def test_PlanningAndVerdicts(self):
        blocks = st.blocks_needed(0.01, 0.012, 0.05, 0.8)
        self.assertGreaterEqual(st.power_paired(blocks, 0.01, 0.012, 0.05), 0.8)
        self.assertLess(st.power_paired(blocks - 1, 0.01, 0.012, 0.05), 0.8)
        self.assertGreater(st.power_equivalence(blocks, 0.01, 0.006, 0.05), st.power_equivalence(blocks, 0.01, 0.012, 0.05))
        self.assertEqual(st.power_equivalence(blocks, 0.01, 0.0, 0.05, delta=0.02), 0.0)
        self.assertEqual([st.verdict(*limits, smallest_effect=0.01) for limits in
                          ((0.001, 0.03), (-0.03, 0.005), (-0.005, 0.005), (-0.01, 0.03))],
                         ["supported", "refuted", "equivalent", "inconclusive"])
        self.assertEqual(st.sign_flip(DIFFERENCES).p, 2 / 32)
        self.assertTrue(st.tost(DIFFERENCES, -0.1, 0.1).equivalent)
        self.assertGreater(st.hedges_dz(DIFFERENCES).d, 1)
        self.assertAlmostEqual(st.hedges_correction(4), st.hedges_dz(DIFFERENCES).correction)
        interval = st.bootstrap_mean(numpy.arange(30.0))
        self.assertTrue(interval.lower < 14.5 < interval.upper)

    def test_Interaction(self):
        self.assertEqual(st.interaction_contrast([4.0, 5], [1, 1], [2, 2], [1, 0]), [2, 2])
        by_logit, = st.interaction_contrast([1.0], [0.5], [0.5], [0.5], scale="logit", observations=100)
        self.assertAlmostEqual(by_logit, st.clamped_logit(1.0, 100))
        self.assertAlmostEqual(by_logit, numpy.log(199))

    def test_WhatDoesNotFit_IsRefused(self):
        for call in (lambda: st.paired_t([]), lambda: st.paired_t([1.0, float("nan")]),
                     lambda: st.paired_t(DIFFERENCES, 1.5), lambda: st.cliffs_delta([], DIFFERENCES),
                     lambda: st.anova_one_factor(DIFFERENCES, [1, 2]), lambda: st.anova_one_factor([1.0, 2.0], [1, 1]),
                     lambda: st.anova_two_factor(DIFFERENCES, [1, 1, 2, 2, 2], [1, 2, 1, 2, 2], [1, 2]),
                     lambda: st.posterior_paired([0.1]), lambda: st.posterior_paired(DIFFERENCES, scale=-1),
                     lambda: st.SequentialMean(confidence=1), lambda: st.SequentialMean(prior_sd=0),
                     lambda: st.SequentialMean().add(float("nan")), lambda: st.confidence_sequence(DIFFERENCES, 0),
                     lambda: st.summarize([]), lambda: st.quantile(DIFFERENCES, 2),
                     lambda: st.interaction_contrast([1.0], [1.0], [1.0], []),
                     lambda: st.interaction_contrast([1.0], [1.0], [1.0], [1.0], scale="log"),
                     lambda: st.bootstrap(numpy.arange(30.0), numpy.mean, method="jackknife")):
            self.assertRaises(aisci.InvalidArgument, call)
        with self.assertRaisesRegex(aisci.FailedPrecondition, "at least 20"):
            st.bootstrap_mean(DIFFERENCES)


if __name__ == "__main__":
    unittest.main()
