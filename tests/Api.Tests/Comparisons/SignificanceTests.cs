using System.Text.Json;
using Leaderboard.Api.Comparisons;
using Leaderboard.Shared;
using Leaderboard.Shared.Statistics;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Comparisons;

/// <summary>The tests and intervals behind comparisons, against <c>Goldens/make_comparisons.py</c>.</summary>
public sealed class SignificanceTests
{
    private static readonly Golden Goldens = JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Api.Tests", "Goldens", "comparisons.json")),
        LeaderboardJson.Options)!;

    [Fact]
    public void McNemars_test_is_exact_up_to_ten_million_samples()
    {
        foreach (var (one, other, p) in Goldens.McNemar)
        {
            Assert.Equal(p, McNemarTest.PValue(one, other), p * 1e-9);
            Assert.Equal(McNemarTest.PValue(one, other), McNemarTest.PValue(other, one));
        }
    }

    [Fact]
    public void A_probability_too_small_for_a_number_is_zero() => Assert.Equal(0, McNemarTest.PValue(10_000, 0));

    [Fact]
    public void Newcombes_interval_begins_to_exclude_zero_at_the_p_value()
    {
        foreach (var (one, oneCount, other, otherCount, p) in Goldens.Newcombe)
        {
            var left = new Proportion((double)one / oneCount, oneCount);
            var right = new Proportion((double)other / otherCount, otherCount);

            Assert.Equal(p, NewcombeTest.PValue(left, right), p * 1e-7);
            Assert.Equal(p, NewcombeTest.PValue(right, left), p * 1e-7);
        }
    }

    // Table II of his paper, case (a): 56/70 - 48/80 is 0.0524 to 0.3339.
    [Fact]
    public void Newcombes_interval_is_the_published_one() => Assert.Equal(
        0.0524, NewcombeTest.LowEnd(new Proportion(56 / 70.0, 70), new Proportion(48 / 80.0, 80), WilsonInterval.Z), 0.00005);

    [Fact]
    public void Tangos_interval_is_that_of_a_search_for_the_largest_likelihood()
    {
        foreach (var (one, other, count, expected) in Goldens.Tango)
        {
            var (low, high) = TangoInterval.Of(one, other, count);

            Assert.Equal(expected[0], low, 1e-6);
            Assert.Equal(expected[1], high, 1e-6);
            Assert.InRange((one - other) / (double)count, low, high);
        }
    }

    [Theory]
    [InlineData(7, 0, 7)]
    [InlineData(0, 7, 7)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 0, 1)]
    public void Tangos_interval_stays_within_what_a_difference_can_be(long one, long other, long count)
    {
        var (low, high) = TangoInterval.Of(one, other, count);

        Assert.InRange(low, -1, (one - other) / (double)count);
        Assert.InRange(high, (one - other) / (double)count, 1);
    }

    [Fact]
    public void Holm_stops_at_the_first_test_that_is_not_rejected()
    {
        foreach (var (p, rejects) in Goldens.Holm)
        {
            Assert.Equal(rejects, HolmCorrection.Rejects(p, level: 0.05));
        }
    }

    [Fact]
    public void Tails_of_the_normal_distribution_are_right_in_every_digit_that_counts()
    {
        foreach (var (z, p) in Goldens.Tails)
        {
            Assert.Equal(p, NormalTail.TwoSided(z), p * 1e-11);
        }
    }

    private sealed record Golden(
        McNemarGolden[] McNemar, NewcombeGolden[] Newcombe, TangoGolden[] Tango, HolmGolden[] Holm, TailGolden[] Tails);

    private sealed record McNemarGolden(long One, long Other, double P);

    private sealed record NewcombeGolden(long One, long OneCount, long Other, long OtherCount, double P);

    private sealed record TangoGolden(long One, long Other, long Count, double[] Interval);

    private sealed record HolmGolden(double[] P, bool[] Rejects);

    private sealed record TailGolden(double Z, double P);
}
