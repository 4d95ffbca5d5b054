using Dapper;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// An evaluation that this worker has claimed, with all that it needs to run. <c>Attempt</c> says which run this is,
/// from 1; every later statement names it, so that a worker that lost its lease changes nothing. An evaluation of one
/// realm has the evaluation on all realms for a parent.
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
    string Precision,
    bool GivesFeatures,
    Guid? ParentId,
    Realm? Realm,
    bool IsRerun = false)
{
    /// <summary>What happens to each image: the submission's own transform, or else the benchmark's.</summary>
    public EvalTransform Transform => EvalTransform ?? Benchmark.EvalTransform;

    /// <summary>Classes of what is evaluated.</summary>
    public int ClassCount => Realm?.ClassCount ?? Benchmark.ClassCount;
}

/// <summary>
/// The life of an evaluation in the database. Every change of state names the state and attempt that it leaves.
/// </summary>
/// <remarks>
/// Rows are locked in one order everywhere, here and in the API, so that nobody waits in a circle:
/// <list type="number">
/// <item>the user, whose quota is counted;</item>
/// <item>the submission;</item>
/// <item>the checkpoint, and who owns it;</item>
/// <item>the evaluation on all realms, then a realm's;</item>
/// <item>the boards: any change of <c>results</c> waits for the one before it, until that commits.</item>
/// </list>
/// No key changes, so rows are locked <c>for no key update</c>: whoever holds the boards may still refer to them, as a reused
/// evaluation does to its source.
/// </remarks>
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
            where id = @id and state = 'queued' and not has_realms
            returning id, attempts, benchmark_id, submission_id, parent_id, realm, rerun_of
        )
        select c.id, c.attempts as attempt, c.benchmark_id, b.definition::text as definition,
               s.checkpoint_sha256, s.architecture, s.weights, s.eval_transform::text as eval_transform, s.precision,
               s.output = 'features' as gives_features, c.parent_id, c.realm, c.rerun_of is not null as is_rerun
        from claimed c
        join benchmarks b on b.id = c.benchmark_id
        join submissions s on s.id = c.submission_id
        """;

    private const string BeginParent = """
        update evaluations set state = 'running', started_at = now() where id = @parentId and state = 'queued'
        """;

    /// <summary>Takes a queued evaluation; null where it is not queued: another delivery of the message has it.</summary>
    public static async Task<ClaimedEvaluation?> ClaimAsync(
        this NpgsqlDataSource db, Guid id, string worker, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ClaimRow>(
            new CommandDefinition(Claim, new { id, worker, lease = Lease }, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }
        if (row.ParentId is not null)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(BeginParent, new { row.ParentId }, cancellationToken: cancellationToken));
        }
        var benchmark = LeaderboardJson.Parse<BenchmarkDefinition>(row.Definition);
        return new ClaimedEvaluation(
            row.Id, row.Attempt, row.BenchmarkId, benchmark, row.CheckpointSha256, row.Architecture, row.Weights,
            LeaderboardJson.Parse<EvalTransform>(row.EvalTransform), row.Precision, row.GivesFeatures, row.ParentId,
            row.Realm is null ? null : benchmark.Realms!.Single(realm => realm.Name == row.Realm), row.IsRerun);
    }

    private sealed record ClaimRow(
        Guid Id, int Attempt, Guid BenchmarkId, string Definition, string CheckpointSha256, string? Architecture,
        string? Weights, string? EvalTransform, string Precision, bool GivesFeatures, Guid? ParentId, string? Realm,
        bool IsRerun);

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
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.LockSubmissionAsync(evaluation.ParentId ?? evaluation.Id);
        await transaction.LockParentAsync(evaluation);
        await connection.ExecuteAsync(
            Fail, new { evaluation.Id, evaluation.Attempt, code, message = Storable(message) }, transaction);
        await transaction.SettleParentAsync(evaluation);
        await transaction.CommitAsync();
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

    // Names in checkpoints are the submitter's: PostgreSQL's text holds no NUL.
    internal static string Storable(string text) => text.Replace('\0', '\uFFFD');
}
