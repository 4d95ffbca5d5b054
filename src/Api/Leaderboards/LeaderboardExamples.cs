namespace Leaderboard.Api.Leaderboards;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class LeaderboardExamples
{
    private static readonly LeaderboardPaper MoPro = new(
        "arxiv:2009.07995", "MoPro: Webly Supervised Learning with Momentum Prototypes",
        "https://arxiv.org/abs/2009.07995");

    public static readonly LeaderboardPage Page = new(
        "webvision-1.0", "1", "top1_accuracy", HigherIsBetter: true,
        [
            new LeaderboardEntry(
                1, "MoPro-V2", 0.739, "verified", [0.7351, 0.7428], Claimed: 0.739, UsesAdditionalData: false, 25_557_032,
                MoPro, "https://github.com/salesforce/MoPro", new DateOnly(2026, 11, 26),
                new Guid("5b0f8d6e-8a54-4d6f-9b1e-0c7a2f3d4e5f"), SourceUrl: null, Note: null, "ada", EvalTransform: null,
                "float32", Split: null, ProtocolDeviation: null, "wilson", TiedWithFirst: true,
                new Guid("7e6d5c4b-3a29-4180-9f8e-7d6c5b4a3928"), DifferencePp: 0, ClaimedResult: null),
        ],
        Next: null);

    public static readonly ProgressLine Progress = new(
        "webvision-1.0", "1", "top1_accuracy", HigherIsBetter: true,
        [
            new ProgressPoint(
                new DateOnly(2020, 9, 17), "MoPro (ResNet-50)", 0.739, "reported", UsesAdditionalData: false, MoPro,
                Submitter: null, Evaluation: null, new Guid("7e6d5c4b-3a29-4180-9f8e-7d6c5b4a3928")),
        ]);
}
