using System.Data;
using System.Text.Json;
using Dapper;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Which results a board ranks.</summary>
internal sealed record BoardFilter(
    Metric Metric, string Kind, bool? ExtraData, long? MaxParameters, bool BenchmarkTransform, string? Precision, DateTime? AsOf,
    bool FollowsProtocol);

internal static class LeaderboardQueries
{
    // A model is an owner's model_name; reported figures have no owner. Its line is its best result. A row counts from
    // recorded_at up to withdrawn_at.
    internal const string Best = """
        with best as (
            select distinct on (owner, model_name) *
            from (
                select *, case when kind = 'verified' then user_id end as owner, value * @sign as cost
                from results
                where benchmark_id = @benchmarkId
                  and metric = @metric
                  and is_public
                  and not partial
                  and (not @followsProtocol or protocol_deviation is null)
                  and (@kind = 'all' or kind = @kind)
                  and (@extraData::boolean is null or uses_additional_data = @extraData)
                  and (@maxParameters::bigint is null or parameters <= @maxParameters)
                  and (not @benchmarkTransform or eval_transform is null)
                  and (@precision::text is null or coalesce(precision, @precision) = @precision)
                  and recorded_at <= coalesce(@asOf, 'infinity'::timestamptz)
                  and (withdrawn_at is null or withdrawn_at > coalesce(@asOf, 'infinity'::timestamptz))
            ) counted
            order by owner, model_name, cost, dated, recorded_at, id
        )
        """;

    // Ties share a rank (1, 2, 2, 4); within a tie the earlier result is listed first.
    private const string Board = $"""
        {Best},
        ranked as (
            select rank() over (order by cost) as rank, best.* from best
        )
        select r.rank, r.model_name, r.value, r.kind, r.interval_low, r.interval_high, r.interval_method,
               c.value as claimed, r.uses_additional_data, r.parameters, r.paper_id, p.title as paper_title, p.url as paper_url, r.code_url,
               r.dated, r.evaluation_id, r.source_url, r.note, u.name as submitter,
               r.eval_transform::text as eval_transform, r.precision, r.split, r.protocol_deviation,
               r.cost, r.recorded_at, r.id
        from ranked r
        left join users u on u.id = r.owner
        left join papers p on p.id = r.paper_id
        left join evaluations e on e.id = r.evaluation_id
        left join claims c
            on c.submission_id = e.submission_id and c.benchmark_id = r.benchmark_id and c.metric = r.metric
        where @afterId::uuid is null
           or (r.cost, r.dated, r.recorded_at, r.id) > (@afterCost, @afterDated, @afterRecordedAt, @afterId)
        order by r.cost, r.dated, r.recorded_at, r.id
        limit @rows
        """;

    public static async Task<LeaderboardPage> ReadBoardAsync(
        this NpgsqlDataSource db,
        BenchmarkVersion benchmark,
        BoardFilter filter,
        int limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var after = Cursor.Read<BoardCursor>(cursor);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        // The page and the tests of the whole board must be of one state of it.
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        var parameters = new
        {
            benchmarkId = benchmark.Id,
            metric = filter.Metric.Name,
            filter.Kind,
            filter.ExtraData,
            filter.MaxParameters,
            filter.BenchmarkTransform,
            filter.Precision,
            filter.AsOf,
            filter.FollowsProtocol,
            sign = filter.Metric.HigherIsBetter ? -1 : 1,
            rows = limit + 1,
            compared = TiesWithFirst.MaxCompared,
            afterId = after?.Id,
            afterCost = after?.Cost,
            afterDated = after?.Dated,
            afterRecordedAt = after?.RecordedAt.ToUniversalTime(),
        };
        var found = (await connection.QueryAsync<BoardRow>(
            new CommandDefinition(Board, parameters, transaction, cancellationToken: cancellationToken))).AsList();
        var ties = found.Count == 0
            ? []
            : await transaction.FindTiesAsync(benchmark, filter.Metric, parameters, cancellationToken);
        var rows = found.Take(limit).ToList();
        return new LeaderboardPage(
            benchmark.Name, benchmark.Version, filter.Metric.Name, filter.Metric.HigherIsBetter,
            [.. rows.Select(row => row.ToEntry(ties.GetValueOrDefault(row.Id)))],
            found.Count > limit ? Cursor.Of(rows[^1].ToCursor()) : null);
    }

    private static async Task<Dictionary<Guid, bool?>> FindTiesAsync(
        this NpgsqlTransaction transaction, BenchmarkVersion benchmark, Metric metric, object parameters,
        CancellationToken cancellationToken)
    {
        var compared = await transaction.ListComparedAsync(parameters, cancellationToken);
        return TiesWithFirst.Of(
            compared,
            Metric.Proportions.Contains(metric.Name) ? benchmark.Definition.SampleCount : null,
            metric.Name == Metric.AverageTop1Accuracy
                ? await transaction.ListComparedRealmsAsync(compared, cancellationToken)
                : null);
    }

    private sealed record BoardCursor(double Cost, DateOnly Dated, DateTime RecordedAt, Guid Id);

    private sealed record BoardRow(
        long Rank,
        string ModelName,
        double Value,
        string Kind,
        double? IntervalLow,
        double? IntervalHigh,
        string? IntervalMethod,
        double? Claimed,
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
        public LeaderboardEntry ToEntry(bool? tiedWithFirst) => new(
            Rank, ModelName, Value, Kind, this is { IntervalLow: { } low, IntervalHigh: { } high } ? [low, high] : null,
            Claimed, UsesAdditionalData, Parameters,
            PaperId is null ? null : new LeaderboardPaper(PaperId, PaperTitle, PaperUrl),
            CodeUrl, Dated, EvaluationId, SourceUrl, Note, Submitter,
            EvalTransform is null ? null : JsonSerializer.Deserialize<EvalTransform>(EvalTransform, LeaderboardJson.Options),
            Precision, Split, ProtocolDeviation, IntervalMethod, tiedWithFirst);

        public BoardCursor ToCursor() => new(Cost, Dated, RecordedAt, Id);
    }
}
