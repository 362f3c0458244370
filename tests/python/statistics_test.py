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


class Rules(unittest.TestCase):
    def test_PlanningAndVerdicts(self):
        blocks = st.blocks_needed(0.01, 0.012, 0.05, 0.8)
        self.assertGreaterEqual(st.power_paired(blocks, 0.01, 0.012, 0.05), 0.8)
        self.assertLess(st.power_paired(blocks - 1, 0.01, 0.012, 0.05), 0.8)
        self.assertEqual([st.verdict(*limits, smallest_effect=0.01) for limits in
                          ((0.001, 0.03), (-0.03, 0.005), (-0.005, 0.005), (-0.01, 0.03))],
                         ["supported", "refuted", "equivalent", "inconclusive"])
        self.assertEqual(st.sign_flip(DIFFERENCES).p, 2 / 32)
        self.assertTrue(st.tost(DIFFERENCES, -0.1, 0.1).equivalent)
        self.assertGreater(st.hedges_dz(DIFFERENCES).d, 1)
        interval = st.bootstrap_mean(numpy.arange(30.0))
        self.assertTrue(interval.lower < 14.5 < interval.upper)

    def test_WhatDoesNotFit_IsRefused(self):
        for call in (lambda: st.paired_t([]), lambda: st.paired_t([1.0, float("nan")]),
                     lambda: st.paired_t(DIFFERENCES, 1.5)):
            self.assertRaises(aisci.InvalidArgument, call)
        with self.assertRaisesRegex(aisci.FailedPrecondition, "at least 20"):
            st.bootstrap_mean(DIFFERENCES)


if __name__ == "__main__":
    unittest.main()
