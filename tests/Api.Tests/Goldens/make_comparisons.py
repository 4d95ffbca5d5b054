#!/usr/bin/python3
"""Makes comparisons.json, the goldens of the tests of significance, with scipy and statsmodels (Debian: python3-scipy,
python3-statsmodels).

    make_comparisons.py
"""

import fractions
import json
import math
import pathlib

import numpy
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

HERE = pathlib.Path(__file__).resolve().parent


def exact_mcnemar(one, other):
    """In whole numbers, divided once."""
    count = one + other
    tail = sum(math.comb(count, heads) for heads in range(min(one, other) + 1))
    return float(min(fractions.Fraction(1), fractions.Fraction(2 * tail, 2 ** count)))


def make_mcnemar():
    small = [(0, 0), (1, 0), (0, 5), (5, 5), (5, 6), (6, 0), (10, 2), (121, 59), (500, 440), (1000, 600), (2000, 2001)]
    large = [(25300, 24700), (51000, 49000), (1001000, 999000), (5005000, 4995000), (5000000, 5000000),
             (5020000, 4980000)]
    return ([{"one": a, "other": b, "p": exact_mcnemar(a, b)} for a, b in small]
            + [{"one": a, "other": b, "p": stats.binomtest(a, a + b).pvalue} for a, b in large])


def newcombe_p(one, one_count, other, other_count):
    """The level at which statsmodels' interval begins to exclude zero, looked for on the scale of z."""
    def nearest_end(z):
        low, high = confint_proportions_2indep(
            one, one_count, other, other_count, method="newcomb", compare="diff", alpha=2 * stats.norm.sf(z))
        return low if one / one_count > other / other_count else -high

    if one / one_count == other / other_count:
        return 1.0
    return float(2 * stats.norm.sf(optimize.brentq(nearest_end, 1e-9, 37, xtol=1e-13)))


def make_newcombe():
    cases = [(56, 70, 48, 80), (9, 10, 3, 10), (3, 10, 9, 10), (5, 5, 0, 5), (10, 10, 10, 10), (0, 7, 0, 9),
             (36950, 50000, 36500, 50000), (36950, 50000, 36940, 50000), (1, 2, 7, 1000), (40000, 50000, 35000, 50000),
             (4999, 5000, 5000, 5000)]
    return [{"one": a, "one_count": n, "other": b, "other_count": m, "p": newcombe_p(a, n, b, m)}
            for a, n, b, m in cases]


def tango_end(one, other, count, side):
    """The score test by brute force: the likelihood is maximised under each difference by a search."""
    def statistic(difference):
        rest = count - one - other

        def loss(share):
            chances = [share + difference, share, 1 - 2 * share - difference]
            return -sum(n * math.log(max(p, 1e-300)) for n, p in zip((one, other, rest), chances) if n > 0)

        lower, upper = max(0.0, -difference), (1 - difference) / 2
        share = optimize.minimize_scalar(loss, bounds=(lower, upper), method="bounded", options={"xatol": 1e-13}).x
        share = min((lower, share, upper), key=loss)
        variance = (2 * share + difference - difference ** 2) / count
        return ((one - other) / count - difference) ** 2 - stats.norm.ppf(0.975) ** 2 * variance

    # The measured difference is a root too where nothing varies there.
    measured = (one - other) / count
    return float(optimize.brentq(statistic, measured + side * 1e-9, side * (1 - 1e-9), xtol=1e-12))


def make_tango():
    cases = [(0, 0, 10), (1, 0, 10), (12, 2, 50), (2, 12, 50), (5, 5, 40), (30, 0, 40), (1200, 990, 50000), (3, 3, 6)]
    return [{"one": a, "other": b, "count": n, "interval": [tango_end(a, b, n, -1), tango_end(a, b, n, 1)]}
            for a, b, n in cases]


def make_holm():
    random = numpy.random.default_rng(1)
    families = [[0.01, 0.04, 0.03, 0.005], [0.02, 0.02, 0.02], [0.6], [], [0.001, 0.03, 0.001, 0.0125, 0.9],
                [float(p) for p in random.random(40) ** 6]]
    return [{"p": family, "rejects": [bool(r) for r in multipletests(family, 0.05, "holm")[0]] if family else []}
            for family in families]


if __name__ == "__main__":
    tails = [{"z": z, "p": float(2 * stats.norm.sf(z))} for z in (0, 0.1, 1, 1.959963984540054, 2.9999, 3, 8, 20, 37)]
    goldens = {"mc_nemar": make_mcnemar(), "newcombe": make_newcombe(), "tango": make_tango(), "holm": make_holm(),
               "tails": tails}
    lines = [f'"{name}": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]" for name, cases in goldens.items()]
    (HERE / "comparisons.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
