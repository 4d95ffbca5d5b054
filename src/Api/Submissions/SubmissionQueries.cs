using System.Text.Json;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Evaluations;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Api.Submissions;

/// <summary>Which submissions a list holds.</summary>
internal sealed record SubmissionFilter(string? ModelName, string? Benchmark, string? State, bool Mine);

internal static class SubmissionQueries
{
    private const string FindSubmissions = """
        select s.id, s.model_name, s.checkpoint_sha256, s.created_at, u.name as submitter, s.architecture, s.weights,
               s.eval_transform::text, s.output, s.precision, s.paper_id, s.code_url, s.uses_additional_data, s.visibility,
               s.label_order
        from submissions s
        join users u on u.id = s.user_id
        where s.deleted_at is null
          and (s.visibility = 'public' or @isAdmin or s.user_id = @userId)
          and (@id::uuid is null or s.id = @id)
          and (not @mine or s.user_id = @userId)
          and (@modelName::text is null or s.model_name = @modelName)
          and (@benchmark::text is null and @state::text is null or exists (
                  select from evaluations e
                  join benchmarks b on b.id = e.benchmark_id
                  where e.submission_id = s.id
                    and (@benchmark::text is null or b.name = @benchmark)
                    and (@state::text is null or e.state = @state)))
          and (@beforeId::uuid is null or (s.created_at, s.id) < (@beforeCreatedAt, @beforeId))
        order by s.created_at desc, s.id desc
        limit @rows
        """;

    public static async Task<Submission?> FindSubmissionAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var found = await db.FindAsync(
            id, new SubmissionFilter(null, null, null, Mine: false), caller, before: null, rows: 1, cancellationToken);
        return found.SingleOrDefault();
    }

    public static async Task<Page<Submission>> ListSubmissionsAsync(
        this NpgsqlDataSource db,
        SubmissionFilter filter,
        Caller caller,
        int limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var before = Cursor.Read<SubmissionCursor>(cursor);
        var found = await db.FindAsync(id: null, filter, caller, before, rows: limit + 1, cancellationToken);
        var items = found.Take(limit).ToList();
        return new Page<Submission>(
            items, found.Count > limit ? Cursor.Of(new SubmissionCursor(items[^1].CreatedAt, items[^1].Id)) : null);
    }

    private static async Task<IReadOnlyList<Submission>> FindAsync(
        this NpgsqlDataSource db,
        Guid? id,
        SubmissionFilter filter,
        Caller caller,
        SubmissionCursor? before,
        int rows,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var parameters = new
        {
            id,
            filter.ModelName,
            filter.Benchmark,
            filter.State,
            filter.Mine,
            caller.UserId,
            caller.IsAdmin,
            rows,
            beforeId = before?.Id,
            beforeCreatedAt = before?.CreatedAt.ToUniversalTime(),
        };
        var found = (await connection.QueryAsync<SubmissionRow>(
            new CommandDefinition(FindSubmissions, parameters, cancellationToken: cancellationToken))).AsList();
        var ids = found.Select(row => row.Id).ToArray();
        var evaluations = await connection.ListEvaluationsAsync(ids, cancellationToken);
        var claims = (await connection.QueryAsync<ClaimRow>(
            new CommandDefinition(FindClaims, new { ids }, cancellationToken: cancellationToken)))
            .ToLookup(claim => claim.SubmissionId);
        return [.. found.Select(row => row.ToSubmission(claims[row.Id], evaluations[row.Id]))];
    }

    private const string FindClaims = """
        select c.submission_id, b.name as benchmark, c.metric, c.value
        from claims c
        join benchmarks b on b.id = c.benchmark_id
        where c.submission_id = any(@ids)
        order by b.name, c.metric
        """;

    private sealed record SubmissionCursor(DateTime CreatedAt, Guid Id);

    private sealed record ClaimRow(Guid SubmissionId, string Benchmark, string Metric, double Value);

    private sealed record SubmissionRow(
        Guid Id,
        string ModelName,
        string CheckpointSha256,
        DateTime CreatedAt,
        string Submitter,
        string? Architecture,
        string? Weights,
        string? EvalTransform,
        string Output,
        string Precision,
        string? PaperId,
        string? CodeUrl,
        bool UsesAdditionalData,
        string Visibility,
        string? LabelOrder)
    {
        public Submission ToSubmission(IEnumerable<ClaimRow> claims, IEnumerable<EvaluationSummary> evaluations) => new(
            Id, ModelName, CheckpointSha256, CreatedAt, Submitter, Architecture, Weights,
            EvalTransform is null ? null : JsonSerializer.Deserialize<EvalTransform>(EvalTransform, LeaderboardJson.Options),
            Output, Precision, PaperId, CodeUrl, UsesAdditionalData, Visibility, LabelOrder,
            [.. claims.Select(claim => new Claim(claim.Benchmark, claim.Metric, claim.Value))], [.. evaluations]);
    }
}
