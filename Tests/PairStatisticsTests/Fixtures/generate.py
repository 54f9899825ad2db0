#!/usr/bin/env python3
"""Expected numbers for PairStatisticsTests, by SciPy: python3 generate.py > expected.json

ln B and Student's t are from mpmath with 50 digits, since SciPy 1.17 loses
digits (ln B three at (0.5, 500), the tail of t up to 3e-11 relative). What SciPy lacks (Holm, Newcombe's interval, sample sizes) is computed here from another formula than the Swift code's,
or by plain search. The numbers committed were made with SciPy 1.17.1 and NumPy's default generator.
"""

import itertools
import json
import math

import mpmath
import numpy as np
import scipy
from scipy import optimize, special, stats

mpmath.mp.dps = 50
rng = np.random.default_rng(20261123)


def floats(values):
    return [float(value) for value in values]


def log_gamma():
    arguments = [1e-8, 1e-3, 0.1, 0.5, 1.5, 2.5, 3.7, 9.99, 10.0, 10.01, 25.5, 100.0, 12345.6, 5e5, 1e9]
    return [{"x": x, "value": float(special.gammaln(x))} for x in arguments]


def log_beta():
    pairs = [(0.5, 0.5), (0.5, 4.5), (3.0, 7.0), (0.5, 10.0), (12.0, 15.0), (0.5, 5e2), (200.0, 3.0), (999.0, 1e3)]
    return [{"a": a, "b": b, "value": float(mpmath.log(mpmath.beta(a, b)))} for a, b in pairs]


def incomplete_beta():
    cases = []
    for a, b in [(0.5, 0.5), (4.5, 0.5), (0.5, 4.5), (1.0, 1.0), (2.0, 5.0), (10.0, 10.0), (50.0, 0.5), (820.0, 181.0)]:
        for x in [1e-10, 1e-3, 0.05, 0.3, 0.5, 0.8, 0.99, 0.999999]:
            lower, upper = special.betainc(a, b, x), special.betaincc(a, b, x)
            if lower > 1e-280 and upper > 1e-280:
                cases.append({"x": x, "a": a, "b": b, "lower": float(lower), "upper": float(upper)})
    return cases


def incomplete_gamma():
    cases = [(a, x) for a in (0.5, 1.0, 4.5, 30.0, 500.0) for x in (a / 5, a, a + 0.5, a + 3 * math.sqrt(a))]
    return [{"a": a, "x": x, "value": float(special.gammainc(a, x))} for a, x in cases]


def normal():
    points = [-30.0, -8.0, -3.0, -1.0, -1e-3, 0.0, 0.5, 1.959963984540054, 4.0]
    shares = [1e-300, 1e-20, 1e-6, 0.001, 0.025, 0.2, 0.499999, 0.5, 0.7, 0.975, 0.999]
    return {
        "cumulative": [{"x": x, "value": float(stats.norm.cdf(x))} for x in points],
        "quantile": [{"p": p, "value": float(stats.norm.ppf(p))} for p in shares],
    }


def student():
    degrees = [1, 1.5, 2, 3, 4, 5, 7, 9, 9.37, 10, 17.6, 29, 30, 58, 100, 1e3, 12345.6, 1e5, 1e6]
    statistics = [1e-6, 0.01, 0.5, 1.0, 2.262, 5.0, 12.5, 40.0]
    tails = [0.999, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 1e-6, 1e-12]

    def exact_tail(t, df):
        t, df = mpmath.mpf(t), mpmath.mpf(df)
        return mpmath.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True)

    def exact_critical(tail, df):
        start = float(stats.t.isf(tail / 2, df))
        # In logarithms, where the tail is nearly straight.
        root = mpmath.findroot(
            lambda u: mpmath.log(exact_tail(mpmath.exp(u), df)) - mpmath.log(mpmath.mpf(tail)),
            (math.log(start), math.log(start) + 1e-9), tol=1e-40)
        return mpmath.exp(root)

    return {
        "tail": [
            {"df": df, "t": t, "value": float(exact_tail(t, df))}
            for df in degrees
            for t in statistics
            if stats.t.sf(t, df) > 1e-280
        ],
        "critical": [
            {"df": df, "tail": tail, "value": float(exact_critical(tail, df))} for df in degrees for tail in tails
        ],
    }


def chi_squared():
    return [
        {"df": df, "p": p, "value": float(stats.chi2.ppf(p, df))}
        for df in (1, 2, 4, 9, 29, 99, 1000)
        for p in (0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999)
    ]


def summaries():
    samples = [
        [0.826, 0.841],
        [0.93, 0.912, 0.925],
        floats(np.round(rng.normal(0.82, 0.014, 10), 3)),
        floats(np.round(rng.normal(0.92, 0.008, 30), 3)),
        floats(rng.normal(1e6, 1e-3, 12)),
        floats(rng.exponential(3.0, 101)),
    ]
    cases = []
    for values in samples:
        array = np.array(values)
        mean = math.fsum(values) / len(values)
        deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
        intervals = []
        for level in (0.8, 0.95, 0.99):
            low, high = stats.t.interval(level, len(values) - 1, loc=mean, scale=deviation / math.sqrt(len(values)))
            intervals.append({"level": level, "low": float(low), "high": float(high)})
        cases.append({
            "values": values,
            "mean": mean,
            "standardDeviation": deviation,
            "min": min(values),
            "max": max(values),
            "quartiles": floats(np.quantile(array, [0.25, 0.5, 0.75], method="linear")),
            "intervals": intervals,
        })
    return cases


def exact_sign_flips(differences):
    """The p value of the sign-flip test by going through all patterns."""
    observed = abs(math.fsum(differences))
    hits = 0
    for signs in itertools.product((-1, 1), repeat=len(differences)):
        hits += abs(math.fsum(s * d for s, d in zip(signs, differences))) >= observed * (1 - 1e-12)
    return hits / 2 ** len(differences)


def pairs():
    samples = [
        (rng.normal(0.92, 0.01, 10), rng.normal(0.91, 0.01, 10)),
        (rng.normal(0.92, 0.01, 5), rng.normal(0.90, 0.01, 5)),
        (rng.normal(0.85, 0.02, 14), rng.normal(0.85, 0.02, 14)),
        (rng.normal(3.0, 1.0, 2), rng.normal(1.0, 1.0, 2)),
        # Long enough for the normal approximation.
        (rng.normal(0.5, 1.0, 60), rng.normal(0.0, 1.0, 60)),
    ]
    cases = []
    for first, second in samples:
        test = stats.ttest_rel(first, second)
        interval = test.confidence_interval(0.95)
        exact = len(first) <= 50
        if exact:
            signed_rank = stats.wilcoxon(first, second, method="exact")
        else:
            signed_rank = stats.wilcoxon(first, second, method="asymptotic", correction=True)
        cases.append({
            "first": floats(first),
            "second": floats(second),
            "difference": float(np.mean(first - second)),
            "t": float(test.statistic),
            "p": float(test.pvalue),
            "low": float(interval.low),
            "high": float(interval.high),
            "exact": exact,
            "w": float(signed_rank.statistic),
            "wP": float(signed_rank.pvalue),
            "signFlipP": exact_sign_flips(floats(first - second)) if len(first) <= 14 else None,
        })
    return cases


def signed_rank_with_ties():
    """Whole-number differences with ties and zeros: exact by all permutations of signs, and the approximation."""
    samples = [
        [1, 1, 2, 3, -1, 4],
        [0, 2, -2, 5, 5, 5, -1, 0, 3],
        [3, 3, 3, 3, 3],
        [1, -1],
        [int(v) for v in rng.integers(-3, 6, 12)],
    ]
    cases = []
    for values in samples:
        nonzero = np.array([v for v in values if v != 0], dtype=float)
        method = stats.PermutationMethod(n_resamples=np.inf)
        exact = stats.wilcoxon(nonzero, method=method)
        cases.append({"values": floats(values), "w": float(exact.statistic), "p": float(exact.pvalue)})
    return cases


def signed_rank_long_with_ties():
    values = [int(v) for v in rng.integers(-5, 8, 90)]
    test = stats.wilcoxon(values, method="asymptotic", correction=True, zero_method="wilcox")
    return {"values": floats(values), "w": float(test.statistic), "p": float(test.pvalue)}


def sign_flips_long():
    """Sums that need counting by halves: n = 20, on a grid of thousandths as accuracies are."""
    values = [int(v) for v in rng.integers(-9, 15, 20)]
    # Counted by the distribution of whole-number sums instead of by patterns.
    counts = {0: 1}
    for value in values:
        following = {}
        for total, count in counts.items():
            for signed in (value, -value):
                following[total + signed] = following.get(total + signed, 0) + count
        counts = following
    hits = sum(count for total, count in counts.items() if abs(total) >= abs(sum(values)))
    return {"values": [value / 1000 for value in values], "p": hits / 2**20}


def independent():
    samples = [
        (rng.normal(0.92, 0.01, 10), rng.normal(0.91, 0.02, 10)),
        (rng.normal(0.92, 0.01, 3), rng.normal(0.90, 0.03, 7)),
        (rng.normal(0.92, 0.001, 30), rng.normal(0.90, 0.03, 5)),
        (rng.normal(0.5, 1.0, 2), rng.normal(0.0, 1.0, 2)),
        (rng.normal(0.3, 1.0, 40), rng.normal(0.0, 1.0, 45)),
    ]
    cases = []
    for first, second in samples:
        test = stats.ttest_ind(first, second, equal_var=False)
        interval = test.confidence_interval(0.95)
        exact = len(first) + len(second) <= 60
        u = stats.mannwhitneyu(first, second, method="exact" if exact else "asymptotic", use_continuity=True)
        cases.append({
            "first": floats(first),
            "second": floats(second),
            "difference": float(np.mean(first) - np.mean(second)),
            "t": float(test.statistic),
            "df": float(test.df),
            "p": float(test.pvalue),
            "low": float(interval.low),
            "high": float(interval.high),
            "exact": exact,
            "u": float(u.statistic),
            "uP": float(u.pvalue),
        })
    return cases


def mann_whitney_with_ties():
    samples = [
        ([1, 2, 2, 3, 5], [2, 3, 3, 4, 4, 6]),
        ([1, 1, 1], [1, 2, 2, 2]),
        ([int(v) for v in rng.integers(0, 5, 7)], [int(v) for v in rng.integers(1, 7, 6)]),
        ([4, 8], [1, 2, 3, 3, 9]),
    ]
    cases = []
    for first, second in samples:
        test = stats.mannwhitneyu(first, second, method=stats.PermutationMethod(n_resamples=np.inf))
        cases.append({
            "first": floats(first),
            "second": floats(second),
            "u": float(test.statistic),
            "p": float(test.pvalue),
        })
    return cases


def mann_whitney_long_with_ties():
    first = [int(v) for v in rng.integers(0, 9, 40)]
    second = [int(v) for v in rng.integers(1, 10, 50)]
    test = stats.mannwhitneyu(first, second, method="asymptotic", use_continuity=True)
    return {
        "first": floats(first),
        "second": floats(second),
        "u": float(test.statistic),
        "p": float(test.pvalue),
    }


def proportions():
    cases = []
    for n, successes in [(10, 0), (10, 3), (10, 10), (1, 1), (37, 36), (1000, 826)]:
        for level in (0.9, 0.95):
            test = stats.binomtest(successes, n)
            exact = test.proportion_ci(level, method="exact")
            cases.append({
                "n": n,
                "successes": successes,
                "level": level,
                "exact": [float(exact.low), float(exact.high)],
            })
    return cases


def holm():
    """As the closed test of all intersections by Bonferroni, of which Holm's procedure is the short cut."""
    families = [[0.01, 0.04, 0.03], [0.2], [0.5, 0.5, 0.9, 0.001], [0.04, 0.04, 0.04, 0.04], floats(rng.random(7) ** 3)]
    cases = []
    for family in families:
        adjusted = [0.0] * len(family)
        for size in range(1, len(family) + 1):
            for subset in itertools.combinations(range(len(family)), size):
                bonferroni = min(1.0, size * min(family[i] for i in subset))
                for i in subset:
                    adjusted[i] = max(adjusted[i], bonferroni)
        cases.append({"p": family, "adjusted": adjusted})
    return cases


def improvement():
    """Newcombe's method 5, from Hanley and McNeil's Q1 and Q2 and by root finding."""
    cases = []
    for m, n, shift in [(10, 10, 0.0), (10, 10, 1.0), (5, 12, 2.0), (3, 3, 9.0), (30, 30, -0.7), (2, 9, -9.0)]:
        first = np.round(rng.normal(shift, 1.0, m), 1)
        second = np.round(rng.normal(0.0, 1.0, n), 1)
        estimate = stats.mannwhitneyu(first, second).statistic / (m * n)
        z = stats.norm.ppf(0.975)
        pseudo = (m + n) / 2

        def excess(theta):
            q1 = theta / (2 - theta)
            q2 = 2 * theta**2 / (1 + theta)
            spread = theta * (1 - theta) + (pseudo - 1) * (q1 - theta**2) + (pseudo - 1) * (q2 - theta**2)
            return (theta - estimate) ** 2 - z**2 * spread / (m * n)

        low = 0.0 if estimate == 0 else optimize.brentq(excess, 1e-12, max(estimate - 1e-9, 1e-12), xtol=1e-15)
        high = 1.0 if estimate == 1 else optimize.brentq(excess, min(estimate + 1e-9, 1 - 1e-12), 1 - 1e-12, xtol=1e-15)
        cases.append({
            "first": floats(first),
            "second": floats(second),
            "estimate": float(estimate),
            "low": float(low),
            "high": float(high),
        })
    return cases


def sample_sizes():
    def least(deviation, width):
        n = 2
        while stats.t.ppf(0.975, n - 1) * deviation / math.sqrt(n) > width:
            n += 1
        return n

    one, two, assured = [], [], []
    for deviation, width in [(1.4, 0.5), (1.4, 1.0), (0.8, 0.1), (1.0, 20.0), (3.0, 0.05)]:
        one.append({"standardDeviation": deviation, "halfWidth": width, "runs": least(deviation, width)})
    for n, width in [(3, 0.5), (10, 0.5), (30, 0.2)]:
        values = floats(np.round(rng.normal(0.0, 1.0, n), 2))
        deviation = float(np.std(values, ddof=1))
        upper = deviation * math.sqrt((n - 1) / stats.chi2.ppf(0.2, n - 1))
        assured.append({
            "values": values,
            "halfWidth": width,
            "runs": least(deviation, width),
            "assuredRuns": least(upper, width),
        })
    for s1, s2, width in [(1.4, 0.8, 0.5), (1.0, 1.0, 1.0), (0.0, 2.0, 0.7)]:
        n = 2
        while True:
            v1, v2 = s1**2 / n, s2**2 / n
            df = (v1 + v2) ** 2 / (v1**2 / (n - 1) + v2**2 / (n - 1))
            if stats.t.ppf(0.975, df) * math.sqrt(v1 + v2) <= width:
                break
            n += 1
        two.append({"s1": s1, "s2": s2, "halfWidth": width, "runs": n})
    return {"one": one, "two": two, "assured": assured}


def published():
    cases = []
    for ours, theirs in [((10, 82.6, 1.4), (10, 82.1, 0.9)), ((30, 92.7, 0.8), (10, 91.0, 2.5)), ((2, 5.0, 0.1), (2, 4.0, 0.0))]:
        test = stats.ttest_ind_from_stats(
            ours[1], ours[2], ours[0], theirs[1], theirs[2], theirs[0], equal_var=False)
        cases.append({
            "ours": {"n": ours[0], "mean": ours[1], "standardDeviation": ours[2]},
            "theirs": {"n": theirs[0], "mean": theirs[1], "standardDeviation": theirs[2]},
            "t": float(test.statistic),
            "p": float(test.pvalue),
        })
    return cases


print(
    json.dumps(
        {
            "scipy": scipy.__version__,
            "logGamma": log_gamma(),
            "logBeta": log_beta(),
            "incompleteBeta": incomplete_beta(),
            "incompleteGamma": incomplete_gamma(),
            "normal": normal(),
            "student": student(),
            "chiSquared": chi_squared(),
            "summaries": summaries(),
            "pairs": pairs(),
            "signedRankWithTies": signed_rank_with_ties(),
            "signedRankLongWithTies": signed_rank_long_with_ties(),
            "signFlipsLong": sign_flips_long(),
            "independent": independent(),
            "mannWhitneyWithTies": mann_whitney_with_ties(),
            "mannWhitneyLongWithTies": mann_whitney_long_with_ties(),
            "proportions": proportions(),
            "holm": holm(),
            "improvement": improvement(),
            "sampleSizes": sample_sizes(),
            "published": published(),
        },
        indent=1,
    )
)
