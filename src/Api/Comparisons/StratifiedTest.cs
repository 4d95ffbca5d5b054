using Leaderboard.Shared.Statistics;

namespace Leaderboard.Api.Comparisons;

/// <summary>
/// A test of two averages over realms on the same samples, each realm weighing the same however many it has: the normal
/// one of a stratified mean, by the variance of each realm's paired difference (W. G. Cochran, "Sampling Techniques",
/// 3rd edition, 1977, 5.3).
/// </summary>
/// <remarks>
/// A realm's variance counts one sample more on either side (D. G. Bonett, R. M. Price, "Adjusted Wald confidence
/// interval for a difference of binomial proportions based on paired data", Journal of Educational and Behavioral
/// Statistics 37, 2012): of a realm where no sample tells the two apart, or all of them, the plain variance is zero,
/// which would prove a difference by two samples. It errs on the wide side.
/// </remarks>
internal static class StratifiedTest
{
    public const string Method = "paired_stratified";

    /// <summary>The one's average less the other's, in [-1, 1].</summary>
    public static double Difference(IReadOnlyList<PairedCounts> realms) =>
        realms.Average(realm => realm.Difference);

    /// <summary>Two-sided, in [0, 1].</summary>
    public static double PValue(IReadOnlyList<PairedCounts> realms) =>
        NormalTail.TwoSided(Math.Abs(Difference(realms)) / StandardError(realms));

    /// <summary>Ends of the 95 % interval of the difference, in [-1, 1].</summary>
    public static (double Low, double High) Interval(IReadOnlyList<PairedCounts> realms)
    {
        var (difference, reach) = (Difference(realms), WilsonInterval.Z * StandardError(realms));
        return (Math.Max(-1, difference - reach), Math.Min(1, difference + reach));
    }

    private static double StandardError(IReadOnlyList<PairedCounts> realms) =>
        Math.Sqrt(realms.Sum(Variance)) / realms.Count;

    private static double Variance(PairedCounts realm)
    {
        double count = realm.Count + 2;
        var (onlyA, onlyB) = ((realm.OnlyA + 1) / count, (realm.OnlyB + 1) / count);
        return (onlyA + onlyB - ((onlyA - onlyB) * (onlyA - onlyB))) / count;
    }
}
