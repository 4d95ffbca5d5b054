using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>Turns neighbours into a prediction.</summary>
internal static class WeightedVote
{
    /// <summary>
    /// Each neighbour votes for its class with weight exp(similarity / temperature). The classes come by falling sum of
    /// weights, of equal sums the lower class first; those without votes follow in their order. The confidence is the
    /// first class's share of all weights.
    /// </summary>
    /// <param name="neighbours">The nearest first.</param>
    /// <param name="targets">The class of every train sample.</param>
    /// <param name="voting">Temperature and number of classes.</param>
    public static Prediction Of(
        ReadOnlySpan<Neighbour> neighbours, IReadOnlyList<int> targets, Voting voting)
    {
        var sums = new Dictionary<int, double>();
        var total = 0.0;
        foreach (var neighbour in neighbours)
        {
            // Divided by the nearest one's weight: shares stay as they are, and no temperature makes them overflow.
            var weight = Math.Exp((neighbour.Similarity - neighbours[0].Similarity) / voting.Temperature);
            var target = targets[neighbour.Sample];
            sums[target] = sums.GetValueOrDefault(target) + weight;
            total += weight;
        }
        var top = sums.OrderByDescending(sum => sum.Value).ThenBy(sum => sum.Key).Select(sum => sum.Key)
            .Concat(Enumerable.Range(0, voting.ClassCount).Where(c => !sums.ContainsKey(c)))
            .Take(PredictionsFile.Depth(voting.ClassCount))
            .ToArray();
        return new Prediction(top, (float)Math.Min(1, sums[top[0]] / total));
    }
}
