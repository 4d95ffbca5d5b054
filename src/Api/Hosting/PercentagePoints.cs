namespace Leaderboard.Api.Hosting;

/// <summary>Differences of fractions as people say them.</summary>
internal static class PercentagePoints
{
    /// <summary>The second less the first, in percentage points, without the noise of binary fractions.</summary>
    public static double Between(double first, double second) => Math.Round(100 * (second - first), digits: 9);
}
