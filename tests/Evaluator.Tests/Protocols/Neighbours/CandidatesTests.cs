using Leaderboard.Evaluator.Protocols.Neighbours;
using Leaderboard.Evaluator.Tests.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Protocols.Neighbours;

public sealed class CandidatesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(42, 64)]
    [InlineData(42, 1000)]
    public void The_nearest_are_kept_and_of_equal_ones_the_earlier(int wanted, int block)
    {
        // 21 values only, of both signs, both zeros among them.
        float[] similarities = [.. NamedTensor.Between("similarities", -10, 10, 1000).Select(x => MathF.Round(x) / 10)];
        var candidates = new Candidates(wanted);

        for (var round = 0; round < 2; round++)
        {
            candidates.Clear();
            for (var first = 0; first < similarities.Length; first += block)
            {
                candidates.Offer(similarities.AsSpan(first, Math.Min(block, similarities.Length - first)), first);
            }
            int[] expected =
                [.. Enumerable.Range(0, 1000).OrderByDescending(i => similarities[i]).ThenBy(i => i).Take(wanted)];

            Assert.Equal(expected, candidates.Samples());
            Assert.Equal(similarities[expected[^1]], candidates.Threshold);
        }
    }

    [Fact]
    public void Fewer_than_wanted_are_all_kept()
    {
        var candidates = new Candidates(5);

        candidates.Offer([0.5f, -0.5f, 0], 0);

        Assert.Equal([0, 1, 2], candidates.Samples().Order());
        Assert.Equal(float.NegativeInfinity, candidates.Threshold);
    }
}
