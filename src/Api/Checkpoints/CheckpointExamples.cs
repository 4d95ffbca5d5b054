using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Api.Checkpoints;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class CheckpointExamples
{
    public static readonly Checkpoint Checkpoint = new(
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 102_550_000, CheckpointFormat.Safetensors,
        "done", new DateTime(2026, 11, 26, 9, 29, 58, DateTimeKind.Utc),
        new CheckpointInspection(
            "resnet50", "recognised", 25_557_032, 1000,
            [new InspectedTensor("conv1.weight", "float32", [64, 3, 7, 7], LoadedAs: null)], Skipped: []),
        Failure: null);
}
