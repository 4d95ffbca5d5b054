using Leaderboard.Evaluator.Protocols;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class PredictingFromLogitsTests
{
    [Fact]
    public void The_five_largest_are_kept_best_first() =>
        Assert.Equal([6, 0, 4, 2, 3], Classification.Predict([5, -1, 2, 1, 3, 0, 9], 0, _ => "a.jpg").Top);

    [Fact]
    public void Of_equal_logits_the_lower_class_comes_first() =>
        Assert.Equal([1, 2, 4, 0, 3], Classification.Predict([1, 7, 7, 1, 7, 1], 0, _ => "a.jpg").Top);

    [Fact]
    public void Every_order_of_logits_is_sorted_as_a_stable_sort_does()
    {
        var random = new Random(Seed: 1);
        for (var round = 0; round < 1000; round++)
        {
            var logits = Enumerable.Range(0, random.Next(2, 40)).Select(_ => (float)random.Next(-5, 5)).ToArray();
            var expected = Enumerable.Range(0, logits.Length).OrderByDescending(c => logits[c]).Take(5);

            Assert.Equal(expected, Classification.Predict(logits, 0, _ => "a.jpg").Top);
        }
    }

    [Fact]
    public void Confidence_is_the_softmax_of_the_prediction()
    {
        var confidence = Classification.Predict([0, MathF.Log(3)], 0, _ => "a.jpg").Confidence;

        Assert.Equal(0.75f, confidence, 1e-6f);
    }

    [Fact]
    public void Huge_logits_do_not_overflow() =>
        Assert.Equal(1, Classification.Predict([-3e38f, 3e38f, 0], 0, _ => "a.jpg").Confidence);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_cannot_be_compared_ends_the_run_and_names_the_sample(float logit)
    {
        var failure = Assert.Throws<EvaluationFailedException>(() => Classification.Predict([0, logit], 0, _ => "a.jpg"));

        Assert.Equal(FailureCodes.OutputNotFinite, failure.Code);
        Assert.Contains("a.jpg", failure.Message, StringComparison.Ordinal);
    }
}
