using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// The metrics of a benchmark of realms: the plain mean over its realms, every realm weighing the same however many
/// images it has. So "Average Top-1 Accuracy" of OmniBenchmark is read here; no file of its authors states it.
/// </summary>
internal static class AverageOverRealms
{
    /// <param name="metrics">The benchmark's metrics.</param>
    /// <param name="realms">Each realm's scores, by metric.</param>
    public static IReadOnlyList<Score> Of(
        IReadOnlyList<string> metrics, IReadOnlyList<IReadOnlyDictionary<string, Score>> realms) =>
    [
        .. metrics.Select(metric => Mean(metric, [.. realms.Select(realm => realm[OfOneRealm(metric)])])),
    ];

    private static string OfOneRealm(string metric) => metric switch
    {
        Metric.AverageTop1Accuracy => Metric.Top1Accuracy,
        Metric.AverageTop1AccuracyMaxOverTest => Metric.Top1AccuracyMaxOverTest,
        _ => throw new InvalidOperationException($"{metric} is no mean over realms."),
    };

    private static Score Mean(string metric, IReadOnlyList<Score> realms)
    {
        List<(long Correct, long Count)> counts = [.. realms.Select(realm => (realm.Correct!.Value, realm.Count!.Value))];
        return new Score(
            metric, StratifiedMean.Of(counts), StratifiedMean.Interval(counts), Correct: null, counts.Sum(realm => realm.Count));
    }
}
