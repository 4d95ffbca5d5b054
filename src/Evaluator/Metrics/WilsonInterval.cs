namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// The score interval of a proportion (E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", JASA 22, 1927), without continuity correction.
/// </summary>
internal static class WilsonInterval
{
    // The 97.5 % point of the standard normal distribution.
    private const double Z = 1.959963984540054;

    public static Interval Of(long correct, long count)
    {
        var proportion = (double)correct / count;
        var scale = 1 + Z * Z / count;
        var centre = (proportion + Z * Z / (2.0 * count)) / scale;
        var half = Z / scale * Math.Sqrt(proportion * (1 - proportion) / count + Z * Z / (4.0 * count * count));
        // At the ends the interval reaches exactly 0 and 1; rounding must not push it past or short of them.
        return new Interval(
            correct == 0 ? 0 : Math.Max(0, centre - half),
            correct == count ? 1 : Math.Min(1, centre + half));
    }
}
