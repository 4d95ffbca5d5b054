using System.Text.Json;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Api.Evaluations;

internal static class EvaluationQueries
{
    private const string Columns = """
        select e.id, e.submission_id, s.model_name, b.name as benchmark, b.version, e.state,
               coalesce(r.done, e.done) as done, coalesce(r.total, e.total) as total,
               coalesce(r.images_per_second, e.images_per_second) as images_per_second,
               e.failure_code, e.failure_message, e.queued_at, e.started_at, e.finished_at,
               e.provenance::text as provenance, s.eval_transform::text as eval_transform, e.realm,
               e.parent_id, e.has_realms, e.rerun_of, e.reused_from
        from evaluations e
        join submissions s on s.id = e.submission_id
        join benchmarks b on b.id = e.benchmark_id
        left join lateral (
            select sum(c.done)::int as done,
                   case when bool_and(c.total is not null) then sum(c.total)::int end as total,
                   sum(c.images_per_second) filter (where c.state = 'running') as images_per_second
            from evaluations c
            where e.has_realms and c.parent_id = e.id) r on e.has_realms and e.state in ('queued', 'running')
        """;

    private const string OfSubmissions = $"""
        {Columns}
        where e.submission_id = any(@submissionIds) and e.parent_id is null
        order by b.name, b.version, e.queued_at, e.id
        """;

    public static async Task<ILookup<Guid, EvaluationSummary>> ListEvaluationsAsync(
        this NpgsqlConnection connection, Guid[] submissionIds, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<EvaluationRow>(
            new CommandDefinition(OfSubmissions, new { submissionIds }, cancellationToken: cancellationToken))).AsList();
        var scores = await connection.ListScoresAsync([.. rows.Select(row => row.Id)], cancellationToken);
        var positions = await connection.ListQueuePositionsAsync(
            [.. rows.Where(row => row.State == "queued").Select(row => row.Id)], cancellationToken);
        return rows.ToLookup(row => row.SubmissionId, row => new EvaluationSummary(
            row.Id, row.Benchmark, row.Version, row.State, positions.GetValueOrDefault(row.Id), row.Progress,
            [.. scores[row.Id]], row.Failure, row.RerunOf));
    }

    private const string OneVisible = $"""
        {Columns}
        where e.id = @id and s.deleted_at is null and (s.visibility = 'public' or @isAdmin or s.user_id = @userId)
        """;

    // What a submitter does not claim, the paper may: a standing reported result of the same paper and model.
    private const string FindClaims = """
        with claimed as (
            select distinct on (c.metric) c.metric, c.value
            from evaluations e
            join submissions s on s.id = e.submission_id
            cross join lateral (
                select metric, value, 0 as place, null::float8 as cost
                from claims
                where submission_id = s.id and benchmark_id = e.benchmark_id
                union all
                select metric, value, 1, cost
                from results
                where benchmark_id = e.benchmark_id and kind = 'reported' and model_name = s.model_name and paper_id = s.paper_id
                  and upper_inf(shown)
            ) c
            where e.id = @id
            order by c.metric, c.place, c.cost
        )
        select c.metric, c.value as claimed, sc.value as measured, sc.value - c.value as difference
        from claimed c
        left join scores sc on sc.evaluation_id = @id and sc.metric = c.metric
        order by c.metric
        """;

    private const string OfRealms = $"{Columns} where e.parent_id = @id order by e.realm_ordinal";

    public static async Task<Evaluation?> FindEvaluationAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<EvaluationRow>(new CommandDefinition(
            OneVisible, new { id, caller.UserId, caller.IsAdmin }, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }
        // No longer queued by now, it has no place.
        var positions = await connection.ListQueuePositionsAsync(
            row.State == "queued" ? [id] : [], cancellationToken);
        var origin = await connection.FindOriginAsync(row.Id, row.RerunOf, row.ReusedFrom, caller, cancellationToken);
        var realms = !row.HasRealms ? [] : (await connection.QueryAsync<EvaluationRow>(
            new CommandDefinition(OfRealms, new { id }, cancellationToken: cancellationToken))).AsList();
        var scores = await connection.ListScoresAsync([id, .. realms.Select(realm => realm.Id)], cancellationToken);
        var claims = await connection.QueryAsync<ClaimedScore>(
            new CommandDefinition(FindClaims, new { id }, cancellationToken: cancellationToken));
        return new Evaluation(
            row.Id, row.SubmissionId, row.ModelName, row.Benchmark, row.Version,
            Parse<EvalTransform>(row.EvalTransform), row.State, positions.GetValueOrDefault(id), row.Progress,
            [.. scores[id]], claims.AsList(),
            Parse<Provenance>(row.Provenance), row.Failure, row.Realm, row.ParentId,
            [.. realms.Select(realm => new RealmEvaluation(
                realm.Realm!, realm.Id, realm.State, realm.Progress, [.. scores[realm.Id]],
                Parse<Provenance>(realm.Provenance)?.Learning?.Lambda, realm.Failure))],
            row.RerunOf, origin.Agrees, row.ReusedFrom is not null, origin.ReusedFrom,
            row.QueuedAt, row.StartedAt, row.FinishedAt);
    }

    private static T? Parse<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, LeaderboardJson.Options);

    private const string FindScores = """
        select sc.evaluation_id, sc.metric, sc.value, sc.interval_low, sc.interval_high, sc.interval_method, sc.correct,
               sc.count, sc.split, sc.partial
        from scores sc
        join evaluations e on e.id = sc.evaluation_id
        join benchmarks b on b.id = e.benchmark_id
        where sc.evaluation_id = any(@ids)
        order by array_position(array(select jsonb_array_elements_text(b.definition -> 'metrics')), sc.metric), sc.metric
        """;

    private static async Task<ILookup<Guid, Score>> ListScoresAsync(
        this NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<ScoreRow>(
            new CommandDefinition(FindScores, new { ids }, cancellationToken: cancellationToken));
        return rows.ToLookup(row => row.EvaluationId, row => new Score(
            row.Metric, row.Value, row is { IntervalLow: { } low, IntervalHigh: { } high } ? [low, high] : null,
            row.IntervalMethod, row.Correct, row.Count, row.Split, row.Partial));
    }

    private sealed record ScoreRow(
        Guid EvaluationId,
        string Metric,
        double Value,
        double? IntervalLow,
        double? IntervalHigh,
        string? IntervalMethod,
        long? Correct,
        long? Count,
        string? Split,
        bool Partial);

    private sealed record EvaluationRow(
        Guid Id,
        Guid SubmissionId,
        string ModelName,
        string Benchmark,
        string Version,
        string State,
        int Done,
        int? Total,
        double? ImagesPerSecond,
        string? FailureCode,
        string? FailureMessage,
        DateTime QueuedAt,
        DateTime? StartedAt,
        DateTime? FinishedAt,
        string? Provenance,
        string? EvalTransform,
        string? Realm,
        Guid? ParentId,
        bool HasRealms,
        Guid? RerunOf,
        Guid? ReusedFrom)
    {
        public Failure? Failure => FailureCode is null ? null : new Failure(FailureCode, FailureMessage ?? "");

        public Progress Progress => Progress.Of(State, Done, Total, ImagesPerSecond);
    }
}
