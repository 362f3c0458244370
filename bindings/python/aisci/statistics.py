"""Tests, intervals and planning for experiments in blocks; the manual is docs/guide/statistics.md.

    test = aisci.statistics.paired_t([0.031, 0.018, 0.044, 0.007, 0.029])
    print(test.mean, test.lower, test.upper, test.p)
    print(aisci.statistics.verdict(test.lower, test.upper, smallest_effect=0.01))

Numbers go in as any sequence, NumPy arrays included. A value that is not finite, or too few, is InvalidArgument.
"""

from ._aisci.statistics import (AnovaTerm, BootstrapInterval, Equivalence, MannWhitney, OneFactorAnova, PairedT,
                                Permutation, Posterior, SequentialInterval, SequentialMean, SignFlip,
                                StandardizedEffect, Summary, TwoFactorAnova, WelchT, Wilcoxon, anova_one_factor,
                                anova_two_factor, benjamini_hochberg, blocks_needed, bootstrap, bootstrap_mean,
                                clamped_logit, cliffs_delta, confidence_sequence, hedges_correction, hedges_dz, holm,
                                interaction_contrast, mann_whitney, paired_t, permutation_two_sample, posterior_paired,
                                power_equivalence, power_paired, quantile, sign_flip, summarize, tost, verdict,
                                welch_t, wilcoxon)

__all__ = ["AnovaTerm", "BootstrapInterval", "Equivalence", "MannWhitney", "OneFactorAnova", "PairedT", "Permutation",
           "Posterior", "SequentialInterval", "SequentialMean", "SignFlip", "StandardizedEffect", "Summary",
           "TwoFactorAnova", "WelchT", "Wilcoxon", "anova_one_factor", "anova_two_factor", "benjamini_hochberg",
           "blocks_needed", "bootstrap", "bootstrap_mean", "clamped_logit", "cliffs_delta", "confidence_sequence",
           "hedges_correction", "hedges_dz", "holm", "interaction_contrast", "mann_whitney", "paired_t",
           "permutation_two_sample", "posterior_paired", "power_equivalence", "power_paired", "quantile",
           "sign_flip", "summarize", "tost", "verdict", "welch_t", "wilcoxon"]
