using Leaderboard.Evaluator.Metrics;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>
/// A fifth of a train split, held out to select on where nothing else is there to select on. Drawn by the Fisher-Yates
/// shuffle with <see cref="SeededDraws"/> from seed 0, so that any language draws the same; both parts keep the split's
/// order.
/// </summary>
internal static class Holdout
{
    /// <summary>What provenance calls it.</summary>
    public const string Name = "train_holdout_20_percent_seed_0";

    /// <summary>Indexes of what is learnt from and of the ⌊N / 5⌋ held out, each ascending.</summary>
    public static (int[] Kept, int[] HeldOut) Of(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        var draws = new SeededDraws(seed: 0);
        for (var last = count - 1; last > 0; last--)
        {
            var other = draws.Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        var heldOut = count / 5;
        return ([.. order[heldOut..].Order()], [.. order[..heldOut].Order()]);
    }
}
