using System.Text.Json;
using Dapper;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// An evaluation that this worker has claimed, with all that it needs to run. <c>Attempt</c> says which run this is,
/// from 1; every later statement names it, so that a worker that lost its lease changes nothing.
/// </summary>
internal sealed record ClaimedEvaluation(
    Guid Id,
    int Attempt,
    Guid BenchmarkId,
    BenchmarkDefinition Benchmark,
    string CheckpointSha256,
    string? Architecture,
    string? Weights,
    EvalTransform? EvalTransform,
    string Precision)
{
    /// <summary>What happens to each image: the submission's own transform, or else the benchmark's.</summary>
    public EvalTransform Transform => EvalTransform ?? Benchmark.EvalTransform;
}

/// <summary>The life of an evaluation in the database. Every change of state names the state and attempt that it leaves.</summary>
internal static class EvaluationLifecycle
{
    /// <summary>A running evaluation whose worker has not renewed its lease for this long is somebody else's.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>Runs that an evaluation may begin before it is given up.</summary>
    public const int MaxAttempts = 3;

    private const string Claim = """
        with claimed as (
            update evaluations
            set state = 'running', attempts = attempts + 1, worker = @worker, lease_expires_at = now() + @lease,
                done = 0, total = null, images_per_second = null, started_at = now()
            where id = @id and state = 'queued'
            returning id, attempts, benchmark_id, submission_id
        )
        select c.id, c.attempts as attempt, c.benchmark_id, b.definition::text as definition,
               s.checkpoint_sha256, s.architecture, s.weights, s.eval_transform::text as eval_transform, s.precision
        from claimed c
        join benchmarks b on b.id = c.benchmark_id
        join submissions s on s.id = c.submission_id
        """;

    /// <summary>Takes a queued evaluation; null where it is not queued: another delivery of the message has it.</summary>
    public static async Task<ClaimedEvaluation?> ClaimAsync(
        this NpgsqlDataSource db, Guid id, string worker, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ClaimRow>(
            new CommandDefinition(Claim, new { id, worker, lease = Lease }, cancellationToken: cancellationToken));
        return row is null
            ? null
            : new ClaimedEvaluation(
                row.Id, row.Attempt, row.BenchmarkId, Parse<BenchmarkDefinition>(row.Definition)!,
                row.CheckpointSha256, row.Architecture, row.Weights, Parse<EvalTransform>(row.EvalTransform),
                row.Precision);
    }

    private sealed record ClaimRow(
        Guid Id, int Attempt, Guid BenchmarkId, string Definition, string CheckpointSha256, string? Architecture,
        string? Weights, string? EvalTransform, string Precision);

    private const string Renew = """
        update evaluations
        set done = @done, total = @total, images_per_second = @rate, lease_expires_at = now() + @lease
        where id = @id and state = 'running' and attempts = @attempt
        """;

    /// <summary>Reports progress and renews the lease; false where the evaluation is no longer this worker's.</summary>
    public static async Task<bool> RenewAsync(
        this NpgsqlDataSource db, ClaimedEvaluation evaluation, int done, int? total, double? rate,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            Renew, new { evaluation.Id, evaluation.Attempt, done, total, rate, lease = Lease },
            cancellationToken: cancellationToken)) == 1;
    }

    private const string Fail = """
        update evaluations
        set state = 'failed', failure_code = @code, failure_message = @message, finished_at = now(),
            worker = null, lease_expires_at = null
        where id = @id and state = 'running' and attempts = @attempt
        """;

    /// <summary>Ends an evaluation for a reason that running it again would not change.</summary>
    public static async Task FailAsync(
        this NpgsqlDataSource db, ClaimedEvaluation evaluation, string code, string message)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(Fail, new { evaluation.Id, evaluation.Attempt, code, message = Storable(message) });
    }

    private const string Requeue = """
        update evaluations
        set state = 'queued', attempts = attempts - @uncounted, job_id = null, worker = null, lease_expires_at = null
        where id = @id and state = 'running' and attempts = @attempt
        """;

    /// <summary>Puts an evaluation back; the sweep enqueues it. An orderly shutdown does not count as a run.</summary>
    public static async Task RequeueAsync(this NpgsqlDataSource db, ClaimedEvaluation evaluation, bool counted)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(
            Requeue, new { evaluation.Id, evaluation.Attempt, uncounted = counted ? 0 : 1 });
    }

    private const string Succeed = """
        update evaluations
        set state = 'succeeded', done = @sampleCount, total = @sampleCount, images_per_second = @rate,
            finished_at = now(), provenance = @provenance::jsonb, manifest_id = @manifestId,
            worker = null, lease_expires_at = null
        where id = @id and state = 'running' and attempts = @attempt
        """;

    private const string InsertPredictions = """
        insert into predictions (evaluation_id, prediction, confidence, correct)
        values (@id, @prediction, @confidence, @correct)
        """;

    private const string InsertScore = """
        insert into scores (evaluation_id, metric, value, interval_low, interval_high, interval_method, correct, count)
        values (@id, @metric, @value, @low, @high, @method, @correct, @count)
        """;

    // What boards rank is a row of its own, so that a board is one table's index.
    private const string InsertResult = """
        insert into results (benchmark_id, metric, kind, value, interval_low, interval_high, interval_method,
                             model_name, user_id, paper_id, code_url, uses_additional_data, parameters,
                             eval_transform, precision, dated, evaluation_id, is_public)
        select e.benchmark_id, sc.metric, 'verified', sc.value, sc.interval_low, sc.interval_high, sc.interval_method,
               s.model_name, s.user_id, s.paper_id, s.code_url, s.uses_additional_data, @parameters,
               s.eval_transform, s.precision, (s.created_at at time zone 'utc')::date, e.id, s.visibility = 'public'
        from evaluations e
        join submissions s on s.id = e.submission_id
        join scores sc on sc.evaluation_id = e.id
        where e.id = @id
        """;

    /// <summary>
    /// Records scores, predictions and board rows and ends the evaluation, in one transaction; false, and nothing
    /// recorded, where the evaluation is no longer this worker's.
    /// </summary>
    public static async Task<bool> RecordAsync(
        this NpgsqlDataSource db, ClaimedEvaluation evaluation, EvaluationOutcome outcome)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var succeeded = await connection.ExecuteAsync(
            Succeed,
            new
            {
                evaluation.Id,
                evaluation.Attempt,
                sampleCount = outcome.Prediction.Length,
                rate = outcome.Provenance.ImagesPerSecond,
                provenance = JsonSerializer.Serialize(outcome.Provenance, LeaderboardJson.Options),
                outcome.ManifestId,
            },
            transaction);
        if (succeeded == 0)
        {
            return false;
        }
        await connection.ExecuteAsync(
            InsertPredictions,
            new { evaluation.Id, outcome.Prediction, outcome.Confidence, outcome.Correct },
            transaction);
        foreach (var score in outcome.Scores)
        {
            await connection.ExecuteAsync(
                InsertScore,
                new
                {
                    evaluation.Id,
                    score.Metric,
                    score.Value,
                    low = score.Interval?.Low,
                    high = score.Interval?.High,
                    method = score.Interval?.Method,
                    score.Correct,
                    score.Count,
                },
                transaction);
        }
        await connection.ExecuteAsync(
            InsertResult, new { evaluation.Id, parameters = outcome.Provenance.ParameterCount }, transaction);
        await transaction.CommitAsync();
        return true;
    }

    private static T? Parse<T>(string? json) where T : class =>
        json is null ? null : JsonSerializer.Deserialize<T>(json, LeaderboardJson.Options);

    // Names in checkpoints are the submitter's: PostgreSQL's text holds no NUL.
    internal static string Storable(string text) => text.Replace('\0', '\uFFFD');
}
