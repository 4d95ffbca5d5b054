namespace Leaderboard.Api.Comparisons;

/// <summary>
/// McNemar's exact two-sided test of two accuracies on the same samples (Q. McNemar, "Note on the sampling error of
/// the difference between correlated proportions or percentages", Psychometrika 12, 1947): of the samples that only
/// one has right, each falls to either side like a fair coin.
/// </summary>
internal static class McNemarTest
{
    /// <summary>The p-value in [0, 1]; 1 where no sample tells the two apart.</summary>
    public static double PValue(long onlyOne, long onlyOther)
    {
        var discordant = onlyOne + onlyOther;
        var fewer = Math.Min(onlyOne, onlyOther);
        // From the middle outwards, each probability as a multiple of the middle one, as far as they change the sum:
        // nothing overflows, and what underflows is some 38 standard deviations away.
        double half = 0, tail = 0, weight = 1;
        for (var heads = discordant / 2; heads >= 0 && weight > tail * 1e-18; heads--)
        {
            half += weight;
            tail += heads <= fewer ? weight : 0;
            weight *= heads / (double)(discordant - heads + 1);
        }
        // Of an even number the middle belongs to both halves.
        var whole = discordant % 2 == 0 ? 2 * half - 1 : 2 * half;
        return Math.Min(1, 2 * tail / whole);
    }
}
