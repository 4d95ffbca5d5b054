using System.Text.Json;
using Leaderboard.Shared;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Metrics;

/// <summary>Reads what <c>Goldens/metrics/make_goldens.py</c> wrote.</summary>
internal static class MetricGoldens
{
    public static T[] Read<T>(string name)
    {
        using var file = File.OpenRead(
            Path.Combine(Repository.Root, "tests", "Evaluator.Tests", "Goldens", "metrics", name));
        return JsonSerializer.Deserialize<T[]>(file, LeaderboardJson.Options)!;
    }
}

internal sealed record CalibrationGolden(float[] Confidences, bool[] Correct, double Value, double[] Interval);

internal sealed record StrataGolden(long[][] Strata, double Value, double[] Interval);
