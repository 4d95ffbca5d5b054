using Leaderboard.Api.Evaluations;

namespace Leaderboard.Api.Submissions;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class SubmissionExamples
{
    private const string Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public static readonly SubmissionRequest Request = new(
        "MoPro-V2", ["webvision-1.0"], Checkpoint: Sha256, Paper: "arxiv:2009.07995",
        CodeUrl: "https://github.com/salesforce/MoPro", Claimed: [new Claim("webvision-1.0", "top1_accuracy", 0.739)]);

    public static readonly SubmissionChange Change = new("private");

    public static readonly Submission Submission = new(
        new Guid("0d4ad0b4-4f1c-4c26-9d3c-3e0c4f5f7a10"), "MoPro-V2", Sha256,
        new DateTime(2026, 11, 26, 9, 30, 0, DateTimeKind.Utc), "ada", Architecture: null, Weights: null,
        EvalTransform: null, "logits", "float32", "arxiv:2009.07995", "https://github.com/salesforce/MoPro",
        UsesAdditionalData: false, "public", LabelOrder: null, [new Claim("webvision-1.0", "top1_accuracy", 0.739)],
        [
            new EvaluationSummary(
                EvaluationExamples.Id, "webvision-1.0", "1", "running", QueuePosition: null,
                new Progress(12000, 50000, 812.4, 47), [], Failure: null, RerunOf: null),
        ]);
}
