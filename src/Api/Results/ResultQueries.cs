using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Results;

/// <summary>Which results a list holds.</summary>
internal sealed record ResultFilter(string? State, string? Kind, Guid? BenchmarkId, bool Mine);

internal static class ResultQueries
{
    private const string Visible = "(r.moderation = 'accepted' and r.is_public or @isAdmin or r.user_id = @userId)";

    private const string FindResults = $"""
        select r.id, b.name as benchmark, b.version, r.metric, r.value, r.interval_low, r.interval_high, r.kind,
               case when r.withdrawn_at is not null then 'withdrawn' else r.moderation end as state,
               (select e.reason from result_events e
                where e.result_id = r.id and e.event in ('rejected', 'corrected', 'withdrawn')
                order by e.at desc, e.id desc limit 1) as reason,
               r.model_name, u.name as submitter, c.value as claimed, r.paper_id, r.code_url, r.source_url, r.note,
               r.protocol_deviation, r.uses_additional_data, r.parameters, r.dated, r.evaluation_id, r.is_public,
               r.recorded_at, r.withdrawn_at, before.id as corrects, r.corrected_by
        from results r
        join benchmarks b on b.id = r.benchmark_id
        left join users u on u.id = r.user_id
        left join results before on before.corrected_by = r.id
        left join evaluations ev on ev.id = r.evaluation_id
        left join claims c
            on c.submission_id = ev.submission_id and c.benchmark_id = r.benchmark_id and c.metric = r.metric
        where {Visible}
          and (@id::uuid is null or r.id = @id)
          and (@state::text is null
               or (@state = 'withdrawn') = (r.withdrawn_at is not null)
                  and (@state = 'withdrawn' or r.moderation = @state))
          and (@kind::text is null or r.kind = @kind)
          and (@benchmarkId::uuid is null or r.benchmark_id = @benchmarkId)
          and (not @mine or r.user_id = @userId)
          and (@beforeId::uuid is null or (r.recorded_at, r.id) < (@beforeRecordedAt, @beforeId))
        order by r.recorded_at desc, r.id desc
        limit @rows
        """;

    public static async Task<Result?> FindResultAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var found = await db.FindAsync(
            id, new ResultFilter(null, null, null, Mine: false), caller, before: null, rows: 1, cancellationToken);
        return found.SingleOrDefault();
    }

    public static async Task<Page<Result>> ListResultsAsync(
        this NpgsqlDataSource db,
        ResultFilter filter,
        Caller caller,
        int limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var before = Cursor.Read<ResultCursor>(cursor);
        var found = await db.FindAsync(id: null, filter, caller, before, rows: limit + 1, cancellationToken);
        var items = found.Take(limit).ToList();
        return new Page<Result>(
            items, found.Count > limit ? Cursor.Of(new ResultCursor(items[^1].RecordedAt, items[^1].Id)) : null);
    }

    private static async Task<IReadOnlyList<Result>> FindAsync(
        this NpgsqlDataSource db,
        Guid? id,
        ResultFilter filter,
        Caller caller,
        ResultCursor? before,
        int rows,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var parameters = new
        {
            id,
            filter.State,
            filter.Kind,
            filter.BenchmarkId,
            filter.Mine,
            caller.UserId,
            caller.IsAdmin,
            rows,
            beforeId = before?.Id,
            beforeRecordedAt = before?.RecordedAt.ToUniversalTime(),
        };
        var found = await connection.QueryAsync<ResultRow>(
            new CommandDefinition(FindResults, parameters, cancellationToken: cancellationToken));
        return [.. found.Select(row => row.ToResult())];
    }

    // Corrections make a chain, each link of which happened to the figure that is looked at.
    private const string ListEvents = $"""
        with recursive
        earlier as (
            select id from results where id = @id
            union
            select r.id from results r join earlier on r.corrected_by = earlier.id
        ),
        later as (
            select id, corrected_by from results where id = @id
            union
            select r.id, r.corrected_by from results r join later on r.id = later.corrected_by
        )
        select e.at, e.event, e.result_id as result, r.value, u.name as user, e.reason,
               case when e.event = 'corrected' then r.corrected_by end as corrected_by
        from result_events e
        join results r on r.id = e.result_id
        left join users u on u.id = e.user_id
        where e.result_id in (select id from earlier union select id from later)
          and {Visible}
        order by e.at, e.id
        """;

    public static async Task<IReadOnlyList<ResultEvent>> ListEventsAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ResultEvent>(new CommandDefinition(
            ListEvents, new { id, caller.UserId, caller.IsAdmin }, cancellationToken: cancellationToken))).AsList();
    }

    private sealed record ResultCursor(DateTime RecordedAt, Guid Id);

    private sealed record ResultRow(
        Guid Id,
        string Benchmark,
        string Version,
        string Metric,
        double Value,
        double? IntervalLow,
        double? IntervalHigh,
        string Kind,
        string State,
        string? Reason,
        string ModelName,
        string? Submitter,
        double? Claimed,
        string? PaperId,
        string? CodeUrl,
        string? SourceUrl,
        string? Note,
        string? ProtocolDeviation,
        bool UsesAdditionalData,
        long? Parameters,
        DateOnly Dated,
        Guid? EvaluationId,
        bool IsPublic,
        DateTime RecordedAt,
        DateTime? WithdrawnAt,
        Guid? Corrects,
        Guid? CorrectedBy)
    {
        public Result ToResult() => new(
            Id, Benchmark, Version, Metric, Value,
            this is { IntervalLow: { } low, IntervalHigh: { } high } ? [low, high] : null, Kind, State, Reason, ModelName,
            Submitter, Claimed, Claimed is { } claimed ? PercentagePoints.Between(claimed, Value) : null, PaperId, CodeUrl, SourceUrl, Note,
            ProtocolDeviation, UsesAdditionalData, Parameters, Dated, EvaluationId, IsPublic ? "public" : "private",
            RecordedAt, WithdrawnAt, Corrects, CorrectedBy);
    }
}
