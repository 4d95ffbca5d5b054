using Leaderboard.Shared.Statistics;

namespace Leaderboard.Api.Comparisons;

/// <summary>
/// A test of two accuracies on samples of their own, by the interval of their difference that is made of both Wilson
/// intervals (R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of
/// eleven methods", Statistics in Medicine 17, 1998, method 10).
/// </summary>
internal static class NewcombeTest
{
    // Two-sided, 40 standard deviations are more than a double's smallest probability.
    private const double Farthest = 40;

    /// <summary>The smallest level at which the interval excludes zero, in [0, 1]; 1 where the two are equal.</summary>
    public static double PValue(Proportion one, Proportion other)
    {
        var (larger, smaller) = one.Value >= other.Value ? (one, other) : (other, one);
        double excluding = 0, including = Farthest;
        for (var step = 0; step < 60; step++)
        {
            var z = (excluding + including) / 2;
            (excluding, including) = LowEnd(larger, smaller, z) > 0 ? (z, including) : (excluding, z);
        }
        return NormalTail.TwoSided(excluding);
    }

    /// <summary>The lower end of the interval of the larger less the smaller.</summary>
    internal static double LowEnd(Proportion larger, Proportion smaller, double z)
    {
        var down = larger.Value - WilsonInterval.Ends(larger.Value, larger.Count, z).Low;
        var up = WilsonInterval.Ends(smaller.Value, smaller.Count, z).High - smaller.Value;
        return larger.Value - smaller.Value - Math.Sqrt(down * down + up * up);
    }
}

/// <summary>A share of samples, in [0, 1], and how many samples there were.</summary>
internal readonly record struct Proportion(double Value, long Count);
