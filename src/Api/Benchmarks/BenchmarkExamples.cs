using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Benchmarks;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class BenchmarkExamples
{
    public static readonly BenchmarkDefinition Definition = new(
        "cifar10-jpg", "1", "image-classification", "cifar10-jpg", Protocol.Classify, Layouts.ImageFolder, "cifar10_jpg", 10,
        new EvalTransform(null, EvalTransform.Bilinear, null, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ["top1_accuracy", "top5_accuracy"]);

    private static readonly DatasetState Indexed = new(
        "worker-4f1d2c9a0b7e", "cpu", "indexed", Message: null, new DateTime(2026, 11, 26, 9, 0, 3, DateTimeKind.Utc));

    private const string Manifest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    public static readonly BenchmarkSummary Summary = new(
        Definition.Name, Definition.Version, Definition, Manifest, 10_000, [Indexed]);

    public static readonly Benchmark Benchmark = new(
        Definition.Name, Definition.Version, Definition, Manifest, 10_000, [Indexed], Splits: [], DatasetReport: null, ["1"],
        Sources: [], new DateTime(2026, 11, 26, 9, 0, 0, DateTimeKind.Utc));
}
