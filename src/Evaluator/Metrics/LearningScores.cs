using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>The metrics of protocols on features. A realm has its own top-1, and the mean over its classes beside it.</summary>
internal static class LearningScores
{
    public static IReadOnlyList<Score> Of(
        BenchmarkDefinition benchmark,
        int classCount,
        IReadOnlyList<int[]> targets,
        IReadOnlyList<Prediction>? predictions,
        Learned learned)
    {
        if (predictions is null)
        {
            return [.. benchmark.Metrics.Select(metric => OverDraws(metric, learned.Draws!))];
        }
        var metrics = benchmark.Realms is null
            ? benchmark.Metrics
            : [Metric.Top1Accuracy, Metric.MeanPerClassAccuracy];
        var scores = ClassificationScores.Of(metrics, targets, predictions, classCount);
        return benchmark.Realms is not null && learned.Penalties is { } penalties
            ? [.. scores, MaxOverTest(penalties.Max(penalty => penalty.EvaluatedAccuracy), targets.Count)]
            : scores;
    }

    private static Score MaxOverTest(double accuracy, int count) => new(
        Metric.Top1AccuracyMaxOverTest, accuracy, WilsonInterval.Of((long)Math.Round(accuracy * count), count),
        (long)Math.Round(accuracy * count), count);

    private static Score OverDraws(string metric, IReadOnlyList<double> draws) =>
        new(metric, draws.Average(), TInterval.Of(draws), Correct: null, Count: null);
}
