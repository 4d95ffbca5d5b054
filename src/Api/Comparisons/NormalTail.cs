namespace Leaderboard.Api.Comparisons;

/// <summary>
/// Tails of the standard normal distribution (G. Marsaglia, "Evaluating the normal distribution", Journal of
/// Statistical Software 11, 2004).
/// </summary>
internal static class NormalTail
{
    /// <summary>The probability that a draw lies at least <paramref name="z"/> from 0, for z of 0 or more.</summary>
    public static double TwoSided(double z)
    {
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        return 2 * (z < 3 ? 0.5 - density * CentreOverDensity(z) : density * TailOverDensity(z));
    }

    // A Taylor series. Farther out, the tail would be the small difference of two large numbers.
    private static double CentreOverDensity(double z)
    {
        double sum = z, term = z;
        for (var odd = 3; term > sum * 1e-17; odd += 2)
        {
            term *= z * z / odd;
            sum += term;
        }
        return sum;
    }

    // Laplace's continued fraction, from the inside out.
    private static double TailOverDensity(double z)
    {
        var fraction = z;
        for (var depth = 200; depth > 0; depth--)
        {
            fraction = z + depth / fraction;
        }
        return 1 / fraction;
    }
}
