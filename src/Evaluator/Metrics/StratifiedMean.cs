using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// The plain mean of the proportions of several strata, each with samples of its own: of classes, of realms. Its
/// interval is Wilson's on the effective number of samples, the one at which a single proportion of this value would
/// have this variance (C. Franco, R. Little, T. Louis, E. Slud, "Comparative study of confidence intervals for
/// proportions in complex sample surveys", JSSAM 7, 2019).
/// </summary>
internal static class StratifiedMean
{
    public const string Method = "stratified_wilson";

    /// <summary>The mean over the strata that have samples.</summary>
    public static double Of(IReadOnlyList<(long Correct, long Count)> strata) =>
        strata.Where(stratum => stratum.Count > 0).Average(stratum => (double)stratum.Correct / stratum.Count);

    /// <summary>The interval of that mean; it holds the mean.</summary>
    public static Interval Interval(IReadOnlyList<(long Correct, long Count)> strata)
    {
        var filled = strata.Where(stratum => stratum.Count > 0).ToList();
        var mean = Of(filled);
        var variance = Variance(filled, mean);
        // Strata that are all right or all wrong show no spread, which proves none. Then the count is what it would
        // be if all strata had one proportion.
        var count = variance > 0
            ? mean * (1 - mean) / variance
            : Square(filled.Count) / filled.Sum(stratum => 1.0 / stratum.Count);
        var (low, high) = WilsonInterval.Ends(mean, count, WilsonInterval.Z);
        return new Interval(low, high, Method);
    }

    // Unbiased in each stratum of two samples or more. One sample shows no spread within its stratum, so that those of
    // one sample are collapsed into one (W. G. Cochran, "Sampling Techniques", 3rd edition, 1977, 5A.12): the spread
    // between them is counted as if it were within, which errs on the wide side.
    private static double Variance(List<(long Correct, long Count)> strata, double mean)
    {
        var within = strata.Where(stratum => stratum.Count > 1).Sum(stratum =>
        {
            var proportion = (double)stratum.Correct / stratum.Count;
            return proportion * (1 - proportion) / (stratum.Count - 1);
        });
        var singles = strata.Where(stratum => stratum.Count == 1).ToList();
        var right = singles.Count > 1 ? singles.Average(stratum => (double)stratum.Correct) : mean;
        var collapsed = singles.Count * right * (1 - right);
        if (singles.Count > 1)
        {
            collapsed *= singles.Count / (singles.Count - 1.0);
        }
        return (within + collapsed) / Square(strata.Count);
    }

    private static double Square(double number) => number * number;
}
