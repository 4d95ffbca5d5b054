using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Tests.Metrics;

public sealed class ClassificationScoresTests
{
    // Five samples of three classes; class 2 has none.
    private static readonly int[][] Targets = [[0], [0], [0], [1], [1]];
    private static readonly Prediction[] Predictions =
    [
        new([0, 1, 2], 0.9f), new([0, 2, 1], 0.8f), new([1, 0, 2], 0.7f), new([0, 1, 2], 0.6f), new([1, 0, 2], 0.5f),
    ];

    [Fact]
    public void Top1_is_a_count_divided_once()
    {
        var score = Assert.Single(Scores(Metric.Top1Accuracy));

        Assert.Equal((3L, 5L, 3.0 / 5), (score.Correct, score.Count, score.Value));
        Assert.Equal("wilson", score.Interval?.Method);
    }

    [Fact]
    public void Top5_of_three_classes_is_always_right() => Assert.Equal(1, Assert.Single(Scores(Metric.Top5Accuracy)).Value);

    [Fact]
    public void The_mean_over_classes_leaves_empty_classes_out()
    {
        var score = Assert.Single(Scores(Metric.MeanPerClassAccuracy));

        Assert.Equal((2.0 / 3 + 1.0 / 2) / 2, score.Value, 15);
        Assert.Equal("stratified_wilson", score.Interval?.Method);
    }

    [Fact]
    public void Of_several_right_classes_any_is_right()
    {
        int[][] several = [[1, 2], [0, 1], [0, 1], [2], [0]];

        var score = Assert.Single(ClassificationScores.Of([Metric.Top1Accuracy], several, Predictions, classCount: 3));

        Assert.Equal((2L, 5L), (score.Correct, score.Count));
    }

    [Fact]
    public void No_score_is_made_of_fewer_predictions_than_samples() => Assert.Throws<InvalidOperationException>(
        () => ClassificationScores.Of([Metric.Top1Accuracy], Targets, Predictions[..4], classCount: 3));

    [Fact]
    public void A_metric_of_another_protocol_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Scores(Metric.AverageTop1Accuracy));

    private static IReadOnlyList<Score> Scores(string metric) =>
        ClassificationScores.Of([metric], Targets, Predictions, classCount: 3);
}
