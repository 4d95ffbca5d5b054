using Leaderboard.Shared.Statistics;

namespace Leaderboard.Api.Comparisons;

/// <summary>
/// The score interval of the difference between two accuracies on the same samples (T. Tango, "Equivalence test and
/// confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine 17,
/// 1998), of 95 %.
/// </summary>
internal static class TangoInterval
{
    public const string Method = "tango";

    /// <summary>Ends in [-1, 1] for one's accuracy less the other's; it holds the measured one.</summary>
    public static (double Low, double High) Of(long onlyOne, long onlyOther, long count)
    {
        var measured = (onlyOne - onlyOther) / (double)count;
        return (End(excluded: -1), End(excluded: 1));

        // By bisection between the farthest difference and the measured one, which no score test rejects.
        double End(double excluded)
        {
            var held = measured;
            for (var step = 0; step < 60; step++)
            {
                var middle = (excluded + held) / 2;
                (excluded, held) = Rejects(middle) ? (middle, held) : (excluded, middle);
            }
            return held;
        }

        // Under a given difference, the likeliest share of samples that only the other has right solves a quadratic.
        bool Rejects(double difference)
        {
            double a = 2 * count;
            var b = -onlyOne - onlyOther + (2 * count - onlyOne + onlyOther) * difference;
            var c = -onlyOther * difference * (1 - difference);
            var share = (Math.Sqrt(Math.Max(0, b * b - 4 * a * c)) - b) / (2 * a);
            var variance = (2 * share + difference * (1 - difference)) / count;
            var distance = measured - difference;
            return distance * distance > WilsonInterval.Z * WilsonInterval.Z * variance;
        }
    }
}
