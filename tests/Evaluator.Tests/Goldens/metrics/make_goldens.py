#!/usr/bin/python3
"""Makes the goldens of the metrics tests with numpy and scipy (Debian: python3-numpy, python3-scipy).

    make_goldens.py

calibration.json   expected calibration errors as gpleiss/temperature_scaling computes them, and their intervals
strata.json        means over classes, and Wilson's interval on the effective number of samples
"""

import json
import math
import pathlib

import numpy
from scipy import optimize, stats

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN_GAMMA = 0x9E3779B97F4A7C15


def expected_calibration_error(confidences, accuracies, bins=15):
    """The loop of temperature_scaling.py, class _ECELoss, on numpy arrays."""
    edges = numpy.linspace(0, 1, bins + 1)
    error = 0.0
    for lower, upper in zip(edges[:-1], edges[1:]):
        within = (confidences > lower) & (confidences <= upper)
        share = within.mean()
        if share > 0:
            error += abs(confidences[within].mean() - accuracies[within].mean()) * share
    return error


def draws(first, count, bound):
    """SplitMix64 from seed 0: its numbers first + 1 to first + count, scaled to [0, bound) by their upper bits."""
    state = numpy.arange(first + 1, first + count + 1, dtype=numpy.uint64) * numpy.uint64(GOLDEN_GAMMA)
    mixed = (state ^ (state >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return [int(number) * bound >> 64 for number in mixed ^ (mixed >> numpy.uint64(31))]


def bin_gaps(confidences, accuracies, bins=15):
    gaps, _, _ = stats.binned_statistic(
        -confidences, accuracies - confidences, "sum", bins=numpy.linspace(-1, 0, bins + 1))
    return gaps / len(confidences)


def calibration_interval(confidences, accuracies):
    count = len(confidences)
    measured = bin_gaps(confidences, accuracies)
    distances = []
    for resample in range(1000):
        drawn = draws(resample * count, count, count)
        distances.append(abs(bin_gaps(confidences[drawn], accuracies[drawn]) - measured).sum())
    distance = sorted(distances)[949]
    error = expected_calibration_error(confidences, accuracies)
    return [max(0.0, error - distance), min(1.0, error + distance)]


def make_calibration():
    random = numpy.random.default_rng(1)
    cases = []
    for count, overconfidence in [(200, 0.0), (300, 0.2), (60, 0.6), (1, 0.0)]:
        confidences = random.beta(4, 1, count).astype(numpy.float32)
        accuracies = (random.random(count) < confidences * (1 - overconfidence)).astype(float)
        wide = confidences.astype(float)
        cases.append({
            "confidences": [float(confidence) for confidence in confidences],
            "correct": [bool(accuracy) for accuracy in accuracies],
            "value": expected_calibration_error(wide, accuracies),
            "interval": calibration_interval(wide, accuracies)})
    write("calibration.json", cases)


def wilson(mean, count):
    """The proportions that the score test just accepts: the roots of (mean - p)^2 = z^2 p (1 - p) / count."""
    z = stats.norm.ppf(0.975)

    def rejects(p):
        return (mean - p) ** 2 - z * z * p * (1 - p) / count

    # At 0 and 1 the proportion itself is a root too, and the end; the other one is looked for.
    low = 0.0 if mean == 0 else optimize.brentq(rejects, 0, min(mean, 1 - 1e-9), xtol=1e-15)
    high = 1.0 if mean == 1 else optimize.brentq(rejects, max(mean, 1e-9), 1, xtol=1e-15)
    return [low, high]


def variance_of_the_mean(strata):
    """From the samples themselves: numpy's unbiased variances, those of one sample put together."""
    samples = [numpy.array([1.0] * correct + [0.0] * (count - correct)) for correct, count in strata]
    total = sum(numpy.var(each, ddof=1) / len(each) for each in samples if len(each) > 1)
    singles = numpy.array([each[0] for each in samples if len(each) == 1])
    if len(singles) > 1:
        total += len(singles) * numpy.var(singles, ddof=1)
    elif len(singles) == 1:
        mean = numpy.mean([each.mean() for each in samples])
        total += mean * (1 - mean)
    return total / len(samples) ** 2


def make_strata():
    random = numpy.random.default_rng(2)
    cases = [
        [(1, 2), (2, 3)], [(10, 10), (5, 5)], [(0, 4), (0, 1)], [(3, 3), (0, 3)], [(1, 1), (9, 10)],
        [(1, 1), (0, 1), (1, 1), (1, 1)], [(999, 1000)], [(36950, 50000), (1, 1)]]
    counts = random.integers(1, 60, 200)
    cases.append([(int(random.binomial(count, chance)), int(count))
                  for count, chance in zip(counts, random.beta(3, 1, len(counts)))])
    goldens = []
    for strata in cases:
        mean = math.fsum(correct / count for correct, count in strata) / len(strata)
        variance = variance_of_the_mean(strata)
        effective = mean * (1 - mean) / variance if variance > 0 else (
            len(strata) ** 2 / math.fsum(1 / count for _, count in strata))
        goldens.append({"strata": strata, "value": mean, "interval": wilson(mean, effective)})
    write("strata.json", goldens)


def write(name, cases):
    (HERE / name).write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    make_calibration()
    make_strata()
