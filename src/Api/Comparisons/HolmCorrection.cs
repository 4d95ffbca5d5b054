namespace Leaderboard.Api.Comparisons;

/// <summary>
/// Many tests at once, with the chance of even one false rejection kept at a level (S. Holm, "A simple sequentially
/// rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
/// </summary>
internal static class HolmCorrection
{
    /// <summary>Whether each test is rejected: the smallest p-values, up to the first that is not.</summary>
    public static bool[] Rejects(IReadOnlyList<double> pValues, double level)
    {
        var rejects = new bool[pValues.Count];
        var left = pValues.Count;
        foreach (var test in Enumerable.Range(0, pValues.Count).OrderBy(test => pValues[test]))
        {
            if (pValues[test] > level / left)
            {
                break;
            }
            rejects[test] = true;
            left--;
        }
        return rejects;
    }
}
