using System.Globalization;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Tests.Protocols;
using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class TIntervalTests
{
    [Fact]
    public void Its_quantiles_are_those_of_scipy()
    {
        foreach (var quantile in ProtocolGoldens.Read("student.json").EnumerateObject())
        {
            Assert.Equal(
                quantile.Value.GetDouble(), TInterval.Quantile(int.Parse(quantile.Name, CultureInfo.InvariantCulture)), 1e-9);
        }
    }

    [Fact]
    public void Five_draws_give_mean_and_2_776_standard_errors()
    {
        // Mean 0.6, sample variance 0.01 / 4.
        var interval = TInterval.Of([0.55, 0.55, 0.6, 0.65, 0.65])!.Value;

        Assert.Equal(0.6 - (2.7764451051977987 * Math.Sqrt(0.0025 / 5)), interval.Low, 1e-12);
        Assert.Equal(0.6 + (2.7764451051977987 * Math.Sqrt(0.0025 / 5)), interval.High, 1e-12);
    }

    [Fact]
    public void It_stays_within_0_and_1_and_one_draw_has_none()
    {
        Assert.Equal(new Interval(0, 1, TInterval.Method), TInterval.Of([0, 1]));
        Assert.Equal(new Interval(0.5, 0.5, TInterval.Method), TInterval.Of([0.5, 0.5, 0.5]));
        Assert.Null(TInterval.Of([0.5]));
    }
}
