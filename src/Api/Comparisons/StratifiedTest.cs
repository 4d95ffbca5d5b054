using Leaderboard.Shared.Statistics;

namespace Leaderboard.Api.Comparisons;

/// <summary>
/// A test of two means over strata (realms, classes) on the same samples, each stratum weighing the same however many it
/// has: the normal one of a stratified mean, by the variance of each stratum's paired difference (W. G. Cochran, "Sampling Techniques",
/// 3rd edition, 1977, 5.3).
/// </summary>
/// <remarks>
/// A stratum's variance counts one sample more on either side (D. G. Bonett, R. M. Price, "Adjusted Wald confidence
/// interval for a difference of binomial proportions based on paired data", Journal of Educational and Behavioral
/// Statistics 37, 2012): of a stratum where no sample tells the two apart, or all of them, the plain variance is zero,
/// which would prove a difference by two samples. It errs on the wide side, of classes of a few samples far.
/// </remarks>
internal static class StratifiedTest
{
    public const string Method = "paired_stratified";

    /// <summary>The one's average less the other's, in [-1, 1].</summary>
    public static double Difference(IReadOnlyList<PairedCounts> strata) =>
        strata.Average(stratum => stratum.Difference);

    /// <summary>Two-sided, in [0, 1].</summary>
    public static double PValue(IReadOnlyList<PairedCounts> strata) =>
        NormalTail.TwoSided(Math.Abs(Difference(strata)) / StandardError(strata));

    /// <summary>Ends of the 95 % interval of the difference, in [-1, 1].</summary>
    public static (double Low, double High) Interval(IReadOnlyList<PairedCounts> strata)
    {
        var (difference, reach) = (Difference(strata), WilsonInterval.Z * StandardError(strata));
        return (Math.Max(-1, difference - reach), Math.Min(1, difference + reach));
    }

    private static double StandardError(IReadOnlyList<PairedCounts> strata) =>
        Math.Sqrt(strata.Sum(Variance)) / strata.Count;

    private static double Variance(PairedCounts stratum)
    {
        double count = stratum.Count + 2;
        var (onlyA, onlyB) = ((stratum.OnlyA + 1) / count, (stratum.OnlyB + 1) / count);
        return (onlyA + onlyB - ((onlyA - onlyB) * (onlyA - onlyB))) / count;
    }
}
