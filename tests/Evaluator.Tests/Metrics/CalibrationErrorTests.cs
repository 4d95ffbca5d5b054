using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void Value_and_interval_are_those_of_the_reference()
    {
        foreach (var golden in MetricGoldens.Read<CalibrationGolden>("calibration.json"))
        {
            var error = new CalibrationError([.. golden.Confidences.Zip(golden.Correct)]);
            var interval = error.Interval();

            Assert.Equal(golden.Value, error.Value, 1e-12);
            Assert.Equal(golden.Interval[0], interval.Low, 1e-12);
            Assert.Equal(golden.Interval[1], interval.High, 1e-12);
            Assert.Equal("bootstrap_1000_seed_0", interval.Method);
            Assert.InRange(error.Value, interval.Low, interval.High);
        }
    }

    [Fact]
    public void A_bin_holds_its_right_end_and_not_its_left()
    {
        // A fifth is the end of the third bin, and the float of that name lies just above it: two bins, whose gaps of
        // 0.8 and -0.2 would all but cancel in one.
        var above = 0.2f;
        var below = MathF.BitDecrement(above);

        Assert.Equal(0.5, new CalibrationError([(above, true), (below, false)]).Value, 6);
        Assert.Equal(0.3, new CalibrationError([(below, true), (below, false)]).Value, 6);
        Assert.Equal(0.5, new CalibrationError([(1f, true), (1f, false)]).Value);
    }

    [Fact]
    public void A_confidence_of_zero_counts_too() =>
        Assert.Equal(0.5, new CalibrationError([(0f, true), (0f, false)]).Value);

    [Fact]
    public void Certain_and_always_wrong_is_the_worst()
    {
        var error = new CalibrationError([(1f, false), (1f, false)]);

        Assert.Equal(1, error.Value);
        Assert.Equal((1, 1), (error.Interval().Low, error.Interval().High));
    }

    [Fact]
    public void It_compares_confidence_with_the_first_class_alone()
    {
        Prediction[] predictions = [new([0, 1], 0.75f), new([1, 0], 0.75f)];
        var score = Assert.Single(ClassificationScores.Of(
            [Metric.ExpectedCalibrationError], [[0], [0]], predictions, classCount: 2));

        Assert.Equal(0.25, score.Value);
        Assert.Equal((null, 2L), (score.Correct, score.Count));
        Assert.NotNull(score.Interval);
        Assert.False(Metric.All[score.Metric].HigherIsBetter);
    }

    // A percentile interval of the same bootstrap holds none of these.
    [Fact]
    public void The_interval_holds_a_calibrated_networks_error_of_zero()
    {
        var random = new Random(Seed: 1);
        var held = 0;
        for (var round = 0; round < 100; round++)
        {
            var samples = Enumerable.Range(0, 500).Select(_ =>
            {
                var confidence = Math.Pow(random.NextDouble(), 0.25);
                return ((float)confidence, random.NextDouble() < confidence);
            });
            held += new CalibrationError([.. samples]).Interval().Low == 0 ? 1 : 0;
        }
        Assert.InRange(held, 90, 100);
    }
}
