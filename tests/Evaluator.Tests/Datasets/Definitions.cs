using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Tests.Datasets;

/// <summary>Definitions of benchmarks on a toy dataset.</summary>
internal static class Definitions
{
    public static BenchmarkDefinition Of(string layout, int classCount, string? list = null, params Realm[] realms)
    {
        var transform = new EvalTransform(null, EvalTransform.Bilinear, null, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]);
        return new BenchmarkDefinition(
            "toy", "1", "image-classification", "toy", Protocol.Classify, layout, "toy", classCount,
            transform, ["top1_accuracy"], list, realms.Length == 0 ? null : realms);
    }
}
