using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// The interval of Student's t for the mean of a few independent repetitions ("Student", Biometrika 6, 1908), cut to
/// [0, 1]. Its name in a score is <see cref="Method"/>: it tells of the draws alone, not of the test images.
/// </summary>
internal static class TInterval
{
    public const string Method = "t_over_draws";

    private const double Confidence = 0.95;

    /// <summary>Null for fewer than two values.</summary>
    public static Interval? Of(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return null;
        }
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var half = Quantile(values.Count - 1) * Math.Sqrt(variance / values.Count);
        return new Interval(Math.Max(0, mean - half), Math.Min(1, mean + half), Method);
    }

    /// <summary>The 97.5 % point of Student's distribution.</summary>
    internal static double Quantile(int freedom)
    {
        var (low, high) = (0.0, 16.0);
        // Within an ulp long before; a constant number of steps needs no stopping rule.
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Within(middle, freedom) < Confidence ? (middle, high) : (low, middle);
        }
        return high;
    }

    // P(|T| < t), Abramowitz and Stegun 26.7.3 (odd degrees of freedom) and 26.7.4 (even).
    private static double Within(double t, int freedom)
    {
        var angle = Math.Atan(t / Math.Sqrt(freedom));
        var (sine, cosine) = Math.SinCos(angle);
        var odd = freedom % 2 == 1;
        var term = odd ? cosine : 1;
        var sum = 0.0;
        for (var i = odd ? 3 : 2; i <= freedom; i += 2)
        {
            sum += term;
            term *= cosine * cosine * (i - 1) / i;
        }
        return odd ? 2 / Math.PI * (angle + (sine * sum)) : sine * sum;
    }
}
