namespace Leaderboard.Api.Results;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ResultExamples
{
    private const string Source = "https://arxiv.org/abs/2009.07995";
    private const string Reason = "Table 2, last row; read again.";

    private static readonly Guid Id = new("7e6d5c4b-3a29-4180-9f8e-7d6c5b4a3928");
    private static readonly DateTime RecordedAt = new(2026, 11, 26, 10, 5, 0, DateTimeKind.Utc);

    public static readonly ResultRequest Request = new(
        "webvision-1.0", "top1_accuracy", 0.739, "MoPro (ResNet-50)", Source, "arxiv:2009.07995",
        Note: "Table 2, last row");

    public static readonly AcceptRequest Acceptance = new(Reason);

    public static readonly ReasonRequest Refusal = new("The source does not have this figure.");

    public static readonly CorrectionRequest Correction = new(Reason, Value: 0.739);

    public static readonly Result Result = new(
        Id, Request.Benchmark, "1", Request.Metric, Request.Value, Interval: null, "reported", "accepted", Reason: null,
        Request.ModelName, "ada", Claimed: null, DifferencePp: null, Request.Paper, CodeUrl: null, Source, Request.Note,
        ProtocolDeviation: null, UsesAdditionalData: false, Parameters: null, new DateOnly(2020, 9, 17), Evaluation: null,
        "public", RecordedAt, WithdrawnAt: null, Corrects: null, CorrectedBy: null);

    public static readonly ResultHistory History = new(
        Id,
        [
            new ResultEvent(
                new DateTime(2026, 11, 26, 10, 0, 0, DateTimeKind.Utc), "submitted", Id, Request.Value, "ada",
                Reason: null, CorrectedBy: null),
            new ResultEvent(RecordedAt, "accepted", Id, Request.Value, "admin", Reason, CorrectedBy: null),
        ]);
}
