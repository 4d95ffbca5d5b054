using System.Collections;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Statistics;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// The metrics of predictions, from integer counts that are divided once. A sample is right at k where its target, or one
/// of its targets, is among the k classes with the largest logits.
/// </summary>
internal static class ClassificationScores
{
    public static IReadOnlyList<Score> Of(
        IReadOnlyList<string> metrics, IReadOnlyList<int[]> targets, IReadOnlyList<Prediction> predictions, int classCount)
    {
        if (targets.Count != predictions.Count || targets.Count == 0)
        {
            throw new InvalidOperationException($"{targets.Count} samples have {predictions.Count} predictions.");
        }
        return [.. metrics.Select(metric => metric switch
        {
            Metric.Top1Accuracy => Accuracy(metric, depth: 1),
            Metric.Top5Accuracy => Accuracy(metric, depth: 5),
            Metric.MeanPerClassAccuracy => MeanPerClass(metric, depth: 1),
            Metric.MeanPerClassTop5Accuracy => MeanPerClass(metric, depth: 5),
            Metric.ExpectedCalibrationError => Calibration(metric),
            _ => throw new InvalidOperationException($"Protocol classify does not measure {metric}."),
        })];

        Score Accuracy(string metric, int depth)
        {
            var correct = Enumerable.Range(0, targets.Count).LongCount(i => IsCorrect(i, depth));
            return new Score(
                metric, (double)correct / targets.Count, WilsonInterval.Of(correct, targets.Count), correct, targets.Count);
        }

        // The plain mean over the classes that have samples (balanced accuracy).
        Score MeanPerClass(string metric, int depth)
        {
            var classes = new (long Correct, long Count)[classCount];
            for (var i = 0; i < targets.Count; i++)
            {
                var target = targets[i].Single();
                classes[target].Count++;
                classes[target].Correct += IsCorrect(i, depth) ? 1 : 0;
            }
            return new Score(
                metric, StratifiedMean.Of(classes), StratifiedMean.Interval(classes), Correct: null, targets.Count);
        }

        Score Calibration(string metric)
        {
            var error = new CalibrationError(
                [.. predictions.Select((prediction, i) => (prediction.Confidence, IsCorrect(i, depth: 1)))]);
            return new Score(metric, error.Value, error.Interval(), Correct: null, targets.Count);
        }

        bool IsCorrect(int sample, int depth) => ClassificationScores.IsCorrect(predictions[sample], targets[sample], depth);
    }

    /// <summary>Whether each prediction is right.</summary>
    public static BitArray Correct(IReadOnlyList<int[]> targets, IReadOnlyList<Prediction> predictions) =>
        new([.. predictions.Select((prediction, i) => IsCorrect(prediction, targets[i], depth: 1))]);

    private static bool IsCorrect(Prediction prediction, int[] targets, int depth) =>
        prediction.Top.AsSpan(0, Math.Min(depth, prediction.Top.Length)).ContainsAny(targets);
}
