using Leaderboard.Evaluator.Metrics;
using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class StratifiedMeanTests
{
    [Fact]
    public void Value_and_interval_are_those_of_the_reference()
    {
        foreach (var golden in MetricGoldens.Read<StrataGolden>("strata.json"))
        {
            var strata = golden.Strata.Select(stratum => (stratum[0], stratum[1])).ToArray();
            var interval = StratifiedMean.Interval(strata);

            Assert.Equal(golden.Value, StratifiedMean.Of(strata), 1e-12);
            Assert.Equal(golden.Interval[0], interval.Low, 1e-9);
            Assert.Equal(golden.Interval[1], interval.High, 1e-9);
            Assert.Equal("stratified_wilson", interval.Method);
            Assert.InRange(StratifiedMean.Of(strata), interval.Low, interval.High);
        }
    }

    [Fact]
    public void Strata_without_samples_are_left_out()
    {
        (long, long)[] strata = [(3, 4), (0, 0), (1, 2)];

        Assert.Equal(0.625, StratifiedMean.Of(strata));
        Assert.Equal(StratifiedMean.Interval([(3, 4), (1, 2)]), StratifiedMean.Interval(strata));
    }

    [Fact]
    public void Where_all_is_right_the_interval_is_that_of_one_proportion()
    {
        var interval = StratifiedMean.Interval([(10, 10), (10, 10), (10, 10)]);
        var wilson = WilsonInterval.Of(30, 30);

        Assert.Equal(wilson.Low, interval.Low, 12);
        Assert.Equal(1, interval.High);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(3, 20)]
    [InlineData(40, 20)]
    [InlineData(6, 200)]
    public void It_holds_the_true_mean_in_about_95_of_100_samples(int largest, int classCount)
    {
        var random = new Random(Seed: 1);
        var chances = Enumerable.Range(0, classCount).Select(_ => Math.Pow(random.NextDouble(), 0.4)).ToArray();
        var held = 0;
        for (var round = 0; round < 1000; round++)
        {
            var interval = StratifiedMean.Interval([.. chances.Select((chance, i) => Draw(chance, 1 + i % largest))]);
            held += interval.Low <= chances.Average() && chances.Average() <= interval.High ? 1 : 0;
        }
        Assert.InRange(held, 925, 995);

        (long, long) Draw(double chance, int count) =>
            (Enumerable.Range(0, count).LongCount(_ => random.NextDouble() < chance), count);
    }
}
