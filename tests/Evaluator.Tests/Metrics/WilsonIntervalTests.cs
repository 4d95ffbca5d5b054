using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class WilsonIntervalTests
{
    // By definition the ends are the proportions p whose score test just accepts: (x/n - p)^2 = z^2 p (1 - p) / n.
    [Theory]
    [InlineData(915, 1000)]
    [InlineData(77, 125)]
    [InlineData(36950, 50000)]
    [InlineData(1, 7)]
    public void Its_ends_solve_the_score_equation(long correct, long count)
    {
        const double Z = 1.959963984540054;
        var interval = WilsonInterval.Of(correct, count);

        foreach (var p in new[] { interval.Low, interval.High })
        {
            var distance = (double)correct / count - p;
            Assert.Equal(Z * Z * p * (1 - p) / count, distance * distance, 1e-12);
        }
        Assert.InRange((double)correct / count, interval.Low, interval.High);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 10)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void At_the_ends_it_stays_within_zero_and_one(long correct, long count)
    {
        var interval = WilsonInterval.Of(correct, count);

        Assert.InRange(interval.Low, 0, (double)correct / count);
        Assert.InRange(interval.High, (double)correct / count, 1);
        Assert.True(interval.Low < interval.High);
    }
}
