"""Tests, intervals and planning for experiments in blocks; the manual is docs/guide/statistics.md.

    test = aisci.statistics.paired_t([0.031, 0.018, 0.044, 0.007, 0.029])
    print(test.mean, test.lower, test.upper, test.p)
    print(aisci.statistics.verdict(test.lower, test.upper, smallest_effect=0.01))

Numbers go in as any sequence, NumPy arrays included. A value that is not finite, or too few, is InvalidArgument.
"""

from ._aisci.statistics import (BootstrapInterval, Equivalence, MannWhitney, PairedT, Permutation, SignFlip,
                                StandardizedEffect, WelchT, Wilcoxon, benjamini_hochberg, blocks_needed,
                                bootstrap_mean, hedges_dz, holm, mann_whitney, paired_t, permutation_two_sample,
                                power_paired, sign_flip, tost, verdict, welch_t, wilcoxon)

__all__ = ["BootstrapInterval", "Equivalence", "MannWhitney", "PairedT", "Permutation", "SignFlip",
           "StandardizedEffect", "WelchT", "Wilcoxon", "benjamini_hochberg", "blocks_needed", "bootstrap_mean",
           "hedges_dz", "holm", "mann_whitney", "paired_t", "permutation_two_sample", "power_paired", "sign_flip",
           "tost", "verdict", "welch_t", "wilcoxon"]
