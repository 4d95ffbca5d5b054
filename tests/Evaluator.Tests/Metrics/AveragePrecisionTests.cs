using Leaderboard.Evaluator.Metrics;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class AveragePrecisionTests
{
    // Ranked + - + -: precision 1 at recall 1/2, 2/3 at recall 1. Eleven points would give (6 + 5 · 2/3) / 11.
    [Theory]
    [InlineData(new[] { true, false, true, false }, (1 + (2.0 / 3)) / 2)]
    [InlineData(new[] { false, true, true, true }, 0.75)]
    [InlineData(new[] { true, true, false, false }, 1.0)]
    [InlineData(new[] { false, false, false, true }, 0.25)]
    public void It_is_the_area_under_the_raised_precision(bool[] ranked, double expected) => Assert.Equal(
        expected, AveragePrecision.Of(ranked, [.. ranked.Select((_, rank) => -(double)rank)])!.Value, 1e-15);

    [Fact]
    public void Without_positives_there_is_none() => Assert.Null(AveragePrecision.Of([false, false], [1, 2]));

    [Fact]
    public void Of_equal_scores_the_later_sample_ranks_first()
    {
        Assert.Equal(1, AveragePrecision.Of([false, true], [0.5, 0.5]));
        Assert.Equal(0.5, AveragePrecision.Of([true, false], [0.5, 0.5]));
    }
}
