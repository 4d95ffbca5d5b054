using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

internal static class LeaderboardEndpoints
{
    public static void MapLeaderboards(this IEndpointRouteBuilder api) =>
        api.MapGet("/benchmarks/{name}/leaderboard", GetLeaderboard).WithName("GetLeaderboard").WithTags("Leaderboards")
            .Produces<LeaderboardPage>(StatusCodes.Status200OK, LeaderboardWriter.Json, Csv.MediaType)
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(
                Problems.BenchmarkUnknown, Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);

    /// <summary>Shows a benchmark's ranked board: the best result of each model.</summary>
    /// <remarks>
    /// Answers with an <c>ETag</c>; <c>If-None-Match</c> is honoured. <c>Accept: text/csv</c> gets the same page as
    /// CSV.
    /// </remarks>
    /// <param name="name">Name of the benchmark for its latest version, or <c>name@version</c>.</param>
    /// <param name="metric">The metric that ranks, one of the benchmark's; its first by default.</param>
    /// <param name="kind">Which results: <c>verified</c>, <c>reported</c> or <c>all</c>, the default.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task GetLeaderboard(
        string name,
        HttpContext http,
        NpgsqlDataSource db,
        string? metric,
        [AllowedValues("verified", "reported", "all")]
        string? kind,
        [FromQuery(Name = "extra_data")]
        [Description("Only those that use additional training data (true), or none of them (false).")]
        bool? extraData,
        [FromQuery(Name = "max_parameters")]
        [Description("Only networks of at most this many parameters.")]
        long? maxParameters,
        [FromQuery(Name = "eval_transform")]
        [Description(
            "benchmark: only results measured with the benchmark's own transform, or reported; any, the default: all.")]
        [AllowedValues("benchmark", "any")]
        string? evalTransform,
        [Description("Only results measured in float32, or in bfloat16, and those reported; all by default.")]
        [AllowedValues(Precision.Float32, Precision.BFloat16)]
        string? precision,
        [FromQuery(Name = "as_of")]
        [Description("The board as it stood at the end of this date, or at this instant, in UTC.")]
        string? asOf,
        [FromQuery(Name = "follows_protocol")]
        [Description("true: without the reported figures that are known to deviate from the board's protocol; false, the default: all.")]
        bool? followsProtocol,
        [Range(1, Cursor.MaxLimit)]
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var benchmark = await db.GetBenchmarkAsync(name, cancellationToken);
        var rankedBy = metric ?? benchmark.PrimaryMetric;
        var errors = new Errors();
        errors.Require(
            benchmark.Definition.Metrics.Contains(rankedBy),
            "metric",
            $"must be one of {string.Join(", ", benchmark.Definition.Metrics)}");
        errors.Require(kind is null or "verified" or "reported" or "all", "kind", "must be verified, reported or all");
        errors.Require(maxParameters is null or >= 0, "max_parameters", "must not be negative");
        errors.Require(evalTransform is null or "benchmark" or "any", "eval_transform", "must be benchmark or any");
        errors.Require(
            precision is null || Precision.All.Contains(precision), "precision", "must be float32 or bfloat16");
        errors.Require(
            TryReadInstant(asOf, out var instant), "as_of", "must be a date (2026-11-23) or an instant (2026-11-23T12:00:00Z)");
        errors.ThrowIfAny();

        var filter = new BoardFilter(
            Metric.All[rankedBy], kind ?? "all", extraData, maxParameters, evalTransform == "benchmark", precision,
            instant, followsProtocol == true);
        var page = await db.ReadBoardAsync(benchmark, filter, Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        await LeaderboardWriter.WriteAsync(http, page, cancellationToken);
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
