#!/usr/bin/env python3
"""Writes golden.csv: inputs, and what SciPy and statsmodels answer to them.

The test tests/unit/statistics/golden_test.cpp reads the table and compares to 1e-8. To regenerate it:

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install "numpy<2" scipy statsmodels pandas
    /tmp/golden/bin/python make_golden.py

A row is: case, function, "in" or "out", name, values separated by spaces. Written with versions in the first line.
"""

import itertools
import math
import pathlib
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.formula.api as smf
from scipy import integrate, optimize, stats
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import ttost_paired

rows = []
case = 0


def add(function, inputs, outputs):
    global case
    case += 1
    for role, names in (("in", inputs), ("out", outputs)):
        for name, values in names.items():
            text = " ".join(repr(float(v)) for v in np.atleast_1d(np.asarray(values, dtype=float)))
            rows.append(f"{case},{function},{role},{name},{text}")


# --- samples ---------------------------------------------------------------------------------------------------------

draw = np.random.default_rng(20240601)
SAMPLES = [
    np.array([0.031, 0.018, 0.044, 0.007, 0.029]),
    np.array([0.031, -0.018, 0.044, 0.007, 0.029, -0.002]),
    np.round(draw.normal(0.4, 1.0, 14), 2),
    draw.standard_t(3, 20) + 0.5,
    draw.exponential(2.0, 12) - 1.0,
    1e6 + draw.normal(0, 1e-2, 9),
    np.array([-3.0, 5.0]),
]
TIED = [
    np.array([1.0, -1.0, 2.0, 2.0, -2.0, 3.0, 0.0]),
    np.round(draw.normal(0.3, 1.0, 11), 1),
]
PAIRS = [
    (draw.normal(0, 1, 8), draw.normal(0.7, 2, 11)),
    (draw.exponential(1, 6), draw.exponential(1.5, 5)),
    (np.array([1.0, 2.0, 3.5]), np.array([0.5, 0.25, 0.1, 1.5])),
]
TIED_PAIRS = [
    (np.array([1.0, 2.0, 2.0, 3.0, 4.0]), np.array([2.0, 3.0, 3.0, 5.0, 6.0, 6.0])),
    (np.round(draw.normal(0, 1, 7), 0), np.round(draw.normal(1, 1, 6), 0)),
]
LARGE = draw.normal(0.1, 1, 64)
LARGE_PAIR = (np.round(draw.normal(0, 1, 40), 1), np.round(draw.normal(0.4, 1, 35), 1))

# --- distributions ---------------------------------------------------------------------------------------------------

for z in (-38.0, -8.0, -1.3, 0.0, 0.2, 3.0, 9.0):
    add("normal", {"z": z}, {"cdf": stats.norm.cdf(z), "tail": stats.norm.sf(z)})
for p in (1e-300, 1e-20, 0.001, 0.3, 0.5, 0.8, 0.975, 0.9999999):
    add("normal_quantile", {"p": p}, {"x": stats.norm.ppf(p)})
for df in (0.5, 1, 2.5, 7, 29, 1000, 250000):
    for t in (-40.0, -2.1, -0.01, 0.0, 0.7, 3.3, 12.0):
        add("student_t", {"t": t, "df": df}, {"cdf": stats.t.cdf(t, df), "tail": stats.t.sf(t, df)})
    for p in (1e-10, 0.01, 0.4999, 0.61, 0.975, 0.99999):
        add("student_t_quantile", {"p": p, "df": df}, {"x": stats.t.ppf(p, df)})
for df in (0.7, 1, 4, 33.3, 500):
    for q in (0.01, 0.5, 1.0, 1.4, 4.0):
        add("chi_squared", {"x": q * df, "df": df}, {"cdf": stats.chi2.cdf(q * df, df), "tail": stats.chi2.sf(q * df, df)})
    for p in (1e-6, 0.05, 0.5, 0.9, 0.9999):
        add("chi_squared_quantile", {"p": p, "df": df}, {"x": stats.chi2.ppf(p, df)})
for df1, df2 in ((1, 4), (2, 12), (3.5, 7.1), (10, 200), (300, 2)):
    for x in (0.02, 0.5, 1.0, 3.7, 40.0):
        add("f", {"x": x, "df1": df1, "df2": df2}, {"cdf": stats.f.cdf(x, df1, df2), "tail": stats.f.sf(x, df1, df2)})
    for p in (0.001, 0.3, 0.5, 0.95, 0.9999):
        add("f_quantile", {"p": p, "df1": df1, "df2": df2}, {"x": stats.f.ppf(p, df1, df2)})
for a, b, x in ((2.5, 0.7, 0.3), (0.5, 0.5, 0.999), (300, 4, 0.98), (1e4, 2e4, 0.33), (1e-2, 3, 1e-9)):
    add("incomplete_beta", {"a": a, "b": b, "x": x}, {"value": scipy.special.betainc(a, b, x)})
for df in (1, 2, 5, 13, 60, 400):
    for delta in (-3.0, 0.0, 0.5, 1.7, 9.0):
        for t in (-2.1, 0.0, 0.3, 2.1, 6.5):
            value = stats.nct.cdf(t, df, delta)
            if math.isfinite(value):  # SciPy has no answer far in the tail; the unit tests hold two of those from mpmath
                add("noncentral_t", {"t": t, "df": df, "delta": delta}, {"cdf": value})

# --- paired ----------------------------------------------------------------------------------------------------------


def dz_interval(x, confidence):
    n = len(x)
    t = x.mean() / (x.std(ddof=1) / math.sqrt(n))
    at = lambda share: optimize.brentq(lambda d: stats.nct.cdf(t, n - 1, d) - share, t - 30, t + 30, xtol=1e-13, rtol=1e-14)
    return at(0.5 + confidence / 2) / math.sqrt(n), at(0.5 - confidence / 2) / math.sqrt(n)


def posterior(x, scale, at):
    n, mean, se = len(x), x.mean(), x.std(ddof=1) / math.sqrt(len(x))
    density = lambda m: stats.t.pdf((mean - m) / se, n - 1) * stats.cauchy.pdf(m / scale)
    cuts = sorted([at] + [c + k * w for c, w in ((mean, se), (0, scale)) for k in (-64, -16, -4, -1, 0, 1, 4, 16, 64)])

    def integral(f, low, high):
        ends = [low] + [c for c in cuts if low < c < high] + [high]
        return math.fsum(scipy.integrate.quad(f, a, b, epsabs=0, epsrel=1e-12, limit=400)[0] for a, b in zip(ends, ends[1:]))

    mass = integral(density, -np.inf, np.inf)
    first = integral(lambda m: m * density(m), -np.inf, np.inf) / mass
    return {"mean": first, "sd": math.sqrt(integral(lambda m: (m - first) ** 2 * density(m), -np.inf, np.inf) / mass),
            "above": integral(density, at, np.inf) / mass, "below": integral(density, -np.inf, at) / mass}


for x in SAMPLES:
    for confidence in (0.95, 0.99):
        r = stats.ttest_1samp(x, 0.0)
        low, high = r.confidence_interval(confidence)
        add("paired_t", {"x": x, "confidence": confidence},
            {"mean": x.mean(), "sd": x.std(ddof=1), "t": r.statistic, "p": r.pvalue, "df": r.df, "lower": low, "upper": high})
    q = np.quantile(x, [0, 0.25, 0.5, 0.75, 1])
    add("summarize", {"x": x}, {"mean": x.mean(), "sd": x.std(ddof=1), "quantiles": q})
    add("quantile", {"x": x, "p": 0.137}, {"value": np.quantile(x, 0.137)})
for x in SAMPLES[:5] + TIED:
    if len(x) <= 14:
        r = stats.permutation_test((x,), np.mean, permutation_type="samples", n_resamples=np.inf)
        add("sign_flip", {"x": x}, {"p": r.pvalue, "smallest_p": 2.0 ** (1 - len(x))})
    n = len(x)
    j = math.exp(math.lgamma((n - 1) / 2) - math.lgamma((n - 2) / 2)) / math.sqrt((n - 1) / 2)
    low, high = dz_interval(x, 0.9)
    add("hedges_dz", {"x": x, "confidence": 0.9},
        {"d": j * x.mean() / x.std(ddof=1), "correction": j, "lower": low, "upper": high})
    for bound in (0.02, 0.5):
        p, (_, p_lower, _), (_, p_upper, _) = ttost_paired(x, np.zeros(n), -bound, bound)
        low, high = stats.ttest_1samp(x, 0.0).confidence_interval(0.9)
        add("tost", {"x": x, "low": -bound, "high": bound, "alpha": 0.05},
            {"p": p, "p_lower": p_lower, "p_upper": p_upper, "lower": low, "upper": high})
    for scale in (0.02, 1.0):
        for at in (-scale, scale):
            add("posterior_paired", {"x": x, "scale": scale, "at": at}, posterior(x, scale, at))
for x in SAMPLES[:5]:
    r = stats.wilcoxon(x, method="exact")
    r2 = stats.wilcoxon(x, method="exact", alternative="greater")
    add("wilcoxon", {"x": x}, {"p": r.pvalue, "w_plus": r2.statistic})
for x in TIED:  # SciPy counts the midranks' distribution itself only through its permutation method
    kept = x[x != 0]
    r = stats.wilcoxon(kept, method=stats.PermutationMethod(n_resamples=np.inf), alternative="two-sided")
    add("wilcoxon", {"x": x}, {"p": r.pvalue, "w_plus": stats.rankdata(abs(kept))[kept > 0].sum()})
r = stats.wilcoxon(np.round(LARGE, 1), method="approx", correction=False)
add("wilcoxon", {"x": np.round(LARGE, 1)}, {"p": r.pvalue})

for n, delta, sd, alpha in ((5, 0.02, 0.02, 0.05), (14, 0.02, 0.025, 0.05 / 3), (30, -0.5, 1.0, 0.01), (8, 3.0, 1.0, 0.05), (200, 0.1, 1.0, 0.05)):
    solver = TTestPower()
    add("power_paired", {"n": n, "delta": delta, "sd": sd, "alpha": alpha},
        {"two_sided": solver.power(abs(delta) / sd, n, alpha), "one_sided": solver.power(delta / sd, n, alpha, alternative="larger")})
for n, limit, sd, alpha, delta in ((14, 0.02, 0.02, 0.05, 0.0), (5, 0.02, 0.02, 0.05 / 3, 0.0), (24, 0.1, 0.2, 0.05, 0.03), (8, 1.0, 0.3, 0.1, -0.9),
                                    (2, 1.0, 0.05, 0.05, 0.0), (200, 0.5, 2.0, 0.05, 0.1), (14, 0.02, 0.02, 0.05, 0.05)):
    error, critical = sd / np.sqrt(n), stats.t.ppf(1 - alpha / 2, n - 1)
    spread = stats.chi(n - 1, scale=1 / np.sqrt(n - 1))  # of the sample's, in units of the true one
    inside = lambda s: stats.norm.cdf((limit - delta) / error - critical * s) - stats.norm.cdf((-limit - delta) / error + critical * s)
    widest = min(limit / error / critical, spread.ppf(1 - 1e-16))
    pieces = np.linspace(0, widest, 41)
    add("power_equivalence", {"n": n, "limit": limit, "sd": sd, "alpha": alpha, "delta": delta},
        {"power": sum(integrate.quad(lambda s: inside(s) * spread.pdf(s), a, b, epsabs=1e-14, epsrel=1e-12)[0] for a, b in itertools.pairwise(pieces))})
for delta, sd, alpha, power in ((0.02, 0.025, 0.05, 0.8), (0.01, 0.012, 0.05 / 3, 0.9), (0.1, 1.0, 0.05, 0.8), (5.0, 1.0, 0.05, 0.8)):
    n = 2
    while TTestPower().power(delta / sd, n, alpha) < power:
        n += 1
    add("blocks_needed", {"delta": delta, "sd": sd, "alpha": alpha, "power": power}, {"n": n})

# --- two samples -----------------------------------------------------------------------------------------------------

for a, b in PAIRS + TIED_PAIRS:
    r = stats.ttest_ind(a, b, equal_var=False)
    low, high = r.confidence_interval(0.95)
    add("welch_t", {"a": a, "b": b}, {"t": r.statistic, "df": r.df, "p": r.pvalue, "lower": low, "upper": high})
    r = stats.permutation_test((a, b), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf)
    add("permutation_two_sample", {"a": a, "b": b}, {"difference": r.statistic, "p": r.pvalue})
    add("cliffs_delta", {"a": a, "b": b}, {"value": np.sign(a[:, None] - b[None, :]).mean()})
for a, b in PAIRS:
    r = stats.mannwhitneyu(a, b, method="exact")
    add("mann_whitney", {"a": a, "b": b}, {"u": r.statistic, "p": r.pvalue})
for a, b in TIED_PAIRS:
    r = stats.mannwhitneyu(a, b, method=stats.PermutationMethod(n_resamples=np.inf))
    add("mann_whitney", {"a": a, "b": b}, {"u": r.statistic, "p": r.pvalue})
r = stats.mannwhitneyu(*LARGE_PAIR, method="asymptotic")
add("mann_whitney", {"a": LARGE_PAIR[0], "b": LARGE_PAIR[1]}, {"u": r.statistic, "p": r.pvalue})

# --- bootstrap: the resamples of aisci::Random, the intervals of SciPy -------------------------------------------------

MASK = 2**64 - 1


class Random:
    def __init__(self, seed):
        self.s = [self.mix((seed + i * 0x9E3779B97F4A7C15) & MASK) for i in range(4)]

    @staticmethod
    def mix(x):
        x = (x + 0x9E3779B97F4A7C15) & MASK
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
        return x ^ (x >> 31)

    def __call__(self):
        s, rotate = self.s, lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
        result = rotate(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)
        return result

    def below(self, n):
        limit = MASK - MASK % n
        while (x := self()) >= limit:
            pass
        return x % n


for x, seed in ((draw.exponential(1, 25), 1), (draw.normal(3, 1, 40), 7)):
    for name, statistic in (("mean", np.mean), ("median", np.median)):
        random, resamples = Random(seed), 2000
        boot = np.array([statistic(x[[random.below(len(x)) for _ in x]]) for _ in range(resamples)])
        out = {"estimate": statistic(x), "se": boot.std(ddof=1)}
        for method in ("percentile", "BCa"):
            r = stats.bootstrap((x,), statistic, n_resamples=0, method=method, confidence_level=0.9,
                                bootstrap_result=SimpleNamespace(bootstrap_distribution=boot), vectorized=False)
            out[method.lower()] = tuple(r.confidence_interval)
        add("bootstrap_" + name, {"x": x, "seed": seed, "resamples": resamples, "confidence": 0.9}, out)

# --- corrections -----------------------------------------------------------------------------------------------------

for p in ([0.04, 0.01, 0.03], [0.2], [0.001, 0.001, 0.9, 0.04, 0.041, 1.0, 0.0], list(draw.uniform(0, 0.2, 12))):
    add("corrections", {"p": p}, {"holm": multipletests(p, method="holm")[1], "bh": multipletests(p, method="fdr_bh")[1]})

# --- analysis of variance --------------------------------------------------------------------------------------------

for sizes in ((5, 5, 5), (3, 8, 4, 2)):
    groups = [draw.normal(0.4 * i, 1, n) for i, n in enumerate(sizes)]
    r = stats.f_oneway(*groups)
    add("anova_one_factor", {"y": np.concatenate(groups), "a": np.repeat(np.arange(len(sizes)), sizes)}, {"f": r.statistic, "p": r.pvalue})

for levels_a, levels_b, balanced in ((2, 2, True), (3, 2, True), (2, 3, False), (3, 4, False)):
    cells = list(itertools.product(range(levels_a), range(levels_b)))
    frame = pd.DataFrame([(i, j, k) for i, j in cells for k in range(5 if balanced else int(draw.integers(2, 7)))], columns=["a", "b", "block"])
    frame["y"] = 0.5 * frame.a - 0.2 * frame.b + 0.4 * frame.a * frame.b + 0.3 * frame.block + draw.normal(0, 1, len(frame))
    for blocked in (False, True):
        table = anova_lm(smf.ols("y ~ C(a) * C(b)" + (" + C(block)" if blocked else ""), frame).fit(), typ=2)
        terms = {"a": "C(a)", "b": "C(b)", "ab": "C(a):C(b)"} | ({"block": "C(block)"} if blocked else {})
        outputs = {name: table.loc[row, ["sum_sq", "df", "F", "PR(>F)"]] for name, row in terms.items()}
        outputs["residual"] = table.loc["Residual", ["sum_sq", "df"]]
        add("anova_two_factor", {"y": frame.y, "a": frame.a, "b": frame.b} | ({"blocks": frame.block} if blocked else {}), outputs)

# --- sequential: the Bayes factor by numerical integration of its two priors ------------------------------------------


def t_bayes_factor(x, m, prior_sd):
    n = len(x)
    t = (x.mean() - m) / (x.std(ddof=1) / math.sqrt(n))
    integrand = lambda d: stats.nct.pdf(t, n - 1, d * math.sqrt(n)) * stats.norm.pdf(d, 0, prior_sd)
    total = sum(scipy.integrate.quad(integrand, low, high, epsabs=0, epsrel=1e-12, limit=200)[0]
                for low, high in itertools.pairwise((-12 * prior_sd, -2, -0.5, 0, 0.5, 1, 2, 3, 12 * prior_sd)))
    return total / stats.t.pdf(t, n - 1)


for x in (SAMPLES[0], SAMPLES[2], SAMPLES[4]):
    for m in (0.0, 0.3):
        add("e_value", {"x": x, "m": m, "prior_sd": 1.0}, {"value": t_bayes_factor(x, m, 1.0)})

header = f"# scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}; made by make_golden.py"
target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "golden.csv"
target.write_text("\n".join([header, "case,function,role,name,values"] + rows) + "\n")
print(f"{target}: {case} cases")
