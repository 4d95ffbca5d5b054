namespace Leaderboard.Api.Evaluations;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class EvaluationExamples
{
    internal static readonly Guid Id = new("5b0f8d6e-8a54-4d6f-9b1e-0c7a2f3d4e5f");

    public static readonly Evaluation Evaluation = new(
        Id, new Guid("0d4ad0b4-4f1c-4c26-9d3c-3e0c4f5f7a10"), "MoPro-V2", "webvision-1.0", "1", EvalTransform: null,
        "succeeded", QueuePosition: null, new Progress(50000, 50000, 812.4, EtaSeconds: null),
        [new Score("top1_accuracy", 0.739, [0.7351, 0.7428], "wilson", 36950, 50000, Split: null, Partial: false)],
        [new ClaimedScore("top1_accuracy", 0.739, 0.739, 0)], Provenance: null, Failure: null, Realm: null, PartOf: null,
        Realms: [], RerunOf: null, Agrees: null, Reused: false, ReusedFrom: null,
        new DateTime(2026, 11, 26, 9, 30, 0, DateTimeKind.Utc),
        new DateTime(2026, 11, 26, 9, 30, 2, DateTimeKind.Utc), new DateTime(2026, 11, 26, 9, 31, 4, DateTimeKind.Utc));

    public static readonly ClassAccuracies Classes = new(
        Id, [new ClassAccuracy(0, 46, 50, 0.92, Realm: null), new ClassAccuracy(1, 41, 50, 0.82, Realm: null)]);
}
