using System.Text.Json;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Leaderboards;

/// <summary>A board's row as it is stored.</summary>
internal sealed record BoardRow(
    long Rank,
    string ModelName,
    double Value,
    string Kind,
    double? IntervalLow,
    double? IntervalHigh,
    string? IntervalMethod,
    double? Claimed,
    Guid? ClaimedResult,
    bool UsesAdditionalData,
    long? Parameters,
    string? PaperId,
    string? PaperTitle,
    string? PaperUrl,
    string? CodeUrl,
    DateOnly Dated,
    Guid? EvaluationId,
    string? SourceUrl,
    string? Note,
    string? Submitter,
    string? EvalTransform,
    string? Precision,
    string? Split,
    string? ProtocolDeviation,
    double Cost,
    DateTime RecordedAt,
    Guid Id)
{
    public LeaderboardEntry ToEntry(long rank, bool? tiedWithFirst) => new(
        rank, ModelName, Value, Kind, this is { IntervalLow: { } low, IntervalHigh: { } high } ? [low, high] : null,
        Claimed, UsesAdditionalData, Parameters,
        PaperId is null ? null : new LeaderboardPaper(PaperId, PaperTitle, PaperUrl),
        CodeUrl, Dated, EvaluationId, SourceUrl, Note, Submitter,
        EvalTransform is null ? null : JsonSerializer.Deserialize<EvalTransform>(EvalTransform, LeaderboardJson.Options),
        Precision, Split, ProtocolDeviation, IntervalMethod, tiedWithFirst, Id,
        Claimed is { } claimed ? PercentagePoints.Between(claimed, Value) : null, ClaimedResult);
}
