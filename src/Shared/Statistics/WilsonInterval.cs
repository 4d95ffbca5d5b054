namespace Leaderboard.Shared.Statistics;

/// <summary>
/// The score interval of a proportion (E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", JASA 22, 1927), without continuity correction.
/// </summary>
public static class WilsonInterval
{
    public const string Method = "wilson";

    /// <summary>The 97.5 % point of the standard normal distribution: that of an interval of 95 %.</summary>
    public const double Z = 1.959963984540054;

    public static Interval Of(long correct, long count)
    {
        var (low, high) = Ends((double)correct / count, count, Z);
        return new Interval(low, high, Method);
    }

    /// <summary>
    /// Both ends, where <paramref name="z"/> is the two-sided point of the normal distribution that the level of
    /// confidence asks for. The count need not be whole: it may be an effective one.
    /// </summary>
    public static (double Low, double High) Ends(double proportion, double count, double z)
    {
        var scale = 1 + z * z / count;
        var centre = (proportion + z * z / (2 * count)) / scale;
        var half = z / scale * Math.Sqrt(proportion * (1 - proportion) / count + z * z / (4 * count * count));
        // The interval reaches exactly 0 and 1 there, and holds the proportion; rounding must not change either.
        return (
            proportion == 0 ? 0 : Math.Clamp(centre - half, 0, proportion),
            proportion == 1 ? 1 : Math.Clamp(centre + half, proportion, 1));
    }
}
