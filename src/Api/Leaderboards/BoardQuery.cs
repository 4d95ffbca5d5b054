using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Microsoft.AspNetCore.Mvc;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Which results a board ranks, as a request words it.</summary>
internal sealed record BoardQuery
{
    [FromQuery(Name = "version")]
    [Description("Version of the benchmark; the latest by default, or the one in name@version.")]
    public string? Version { get; init; }

    [FromQuery(Name = "metric")]
    [Description("The metric that ranks, one of the benchmark's; its first by default.")]
    public string? Metric { get; init; }

    [FromQuery(Name = "kind")]
    [Description("Which results: verified, reported or all, the default.")]
    [AllowedValues("verified", "reported", "all")]
    public string? Kind { get; init; }

    [FromQuery(Name = "extra_data")]
    [Description("Only those that use additional training data (true), or none of them (false).")]
    public bool? ExtraData { get; init; }

    [FromQuery(Name = "max_parameters")]
    [Description("Only networks of at most this many parameters.")]
    public long? MaxParameters { get; init; }

    [FromQuery(Name = "eval_transform")]
    [Description(
        "benchmark: only results measured with the benchmark's own transform, or reported; own: only those measured "
        + "with their submitter's; any, the default: all.")]
    [AllowedValues("benchmark", "own", "any")]
    public string? EvalTransform { get; init; }

    [FromQuery(Name = "precision")]
    [Description("Only results measured in float32, or in bfloat16, and those reported; all by default.")]
    [AllowedValues(Shared.Evaluations.Precision.Float32, Shared.Evaluations.Precision.BFloat16)]
    public string? Precision { get; init; }

    [FromQuery(Name = "split")]
    [Description(
        "Only results scored on this split, where the protocol learns on another, and those reported. By default all; of a "
        + "benchmark of realms test alone once a ranked result was scored on it.")]
    [AllowedValues("train", "val", "test")]
    public string? Split { get; init; }

    [FromQuery(Name = "follows_protocol")]
    [Description(
        "true: without the reported figures that are known to deviate from the board's protocol; false, the default: "
        + "all.")]
    public bool? FollowsProtocol { get; init; }

    [FromQuery(Name = "as_of")]
    [Description(
        "The board as it stood at the end of this date, or at this instant, in UTC: without what was recorded later, "
        + "with what was corrected, withdrawn or hidden later.")]
    public string? AsOf { get; init; }

    /// <summary>The same, checked against the benchmark.</summary>
    public BoardFilter ToFilter(BenchmarkDefinition definition)
    {
        var rankedBy = Metric ?? definition.Metrics[0];
        var errors = new Errors();
        errors.Require(
            definition.Metrics.Contains(rankedBy), "metric", $"must be one of {string.Join(", ", definition.Metrics)}");
        errors.Require(Kind is null or "verified" or "reported" or "all", "kind", "must be verified, reported or all");
        errors.Require(MaxParameters is null or >= 0, "max_parameters", "must not be negative");
        errors.Require(
            EvalTransform is null or "benchmark" or "own" or "any", "eval_transform", "must be benchmark, own or any");
        errors.Require(
            Precision is null || Shared.Evaluations.Precision.All.Contains(Precision),
            "precision", "must be float32 or bfloat16");
        errors.Require(Split is null or "train" or "val" or "test", "split", "must be train, val or test");
        errors.Require(
            TryReadInstant(AsOf, out var instant),
            "as_of", "must be a date (2026-11-23) or an instant (2026-11-23T12:00:00Z)");
        errors.ThrowIfAny();
        return new BoardFilter(
            rankedBy, Kind ?? "all", ExtraData, MaxParameters, EvalTransform ?? "any", Precision, Split,
            definition.Realms is not null && Split is null, FollowsProtocol == true, instant);
    }

    private static bool TryReadInstant(string? text, out DateTime? instant)
    {
        instant = null;
        if (text is null)
        {
            return true;
        }
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            // The last microsecond of the day: what PostgreSQL can tell apart.
            instant = date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddTicks(TimeSpan.TicksPerDay - 10);
            return true;
        }
        if (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            instant = moment.UtcDateTime;
            return true;
        }
        return false;
    }
}

/// <summary>Which results a board ranks.</summary>
internal sealed record BoardFilter(
    string Metric,
    string Kind,
    bool? ExtraData,
    long? MaxParameters,
    string EvalTransform,
    string? Precision,
    string? Split,
    bool PrefersTest,
    bool FollowsProtocol,
    DateTime? AsOf);
