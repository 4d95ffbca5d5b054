using Dapper;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// Ends an evaluation on several realms once its realms have ended: with their average, exactly once however many
/// workers finish at a time, since each holds the lock of its row while it counts; or as failed where a realm failed, for
/// a missing realm leaves no average. One realm's fault lets the others go on, so that each has its own score; a
/// checkpoint's fault is every realm's, and ends them all.
/// </summary>
internal static class RealmSettlement
{
    // What the first realm that meets it tells of all; anything else may be one realm's alone.
    private static readonly HashSet<string> FaultsOfAllRealms =
    [
        FailureCodes.CheckpointEmpty, FailureCodes.CheckpointUnrecognised, FailureCodes.CheckpointTruncated,
        FailureCodes.CheckpointUnsafe, FailureCodes.CheckpointTooLarge, FailureCodes.ArchitectureUnknown,
        FailureCodes.ArchitectureAmbiguous, FailureCodes.TensorsMismatch, FailureCodes.InputMismatch,
        FailureCodes.PrecisionUnsupported, FailureCodes.FeaturesUnavailable, FailureCodes.ImageSizeMismatch,
    ];

    private const string Lock = "select state from evaluations where id = @parentId for no key update";

    /// <summary>Keeps all others from changing a realm's evaluation, or ending that of all realms.</summary>
    public static async Task LockParentAsync(this NpgsqlTransaction transaction, ClaimedEvaluation evaluation)
    {
        if (evaluation.ParentId is { } parentId)
        {
            await transaction.Connection!.ExecuteAsync(Lock, new { parentId }, transaction);
        }
    }

    /// <summary>Ends the evaluation that a realm's is a part of, where that was the last.</summary>
    public static Task SettleParentAsync(this NpgsqlTransaction transaction, ClaimedEvaluation evaluation) =>
        evaluation.ParentId is { } parentId ? transaction.SettleAsync(parentId) : Task.CompletedTask;

    private const string FindSettled = """
        select p.id
        from evaluations p
        where p.has_realms and p.state in ('queued', 'running')
          and (exists (select from evaluations c where c.parent_id = p.id and c.state = 'failed')
               or not exists (select from evaluations c where c.parent_id = p.id and c.state in ('queued', 'running')))
        """;

    /// <summary>Ends what is due: a realm's evaluation may have been given up without a worker.</summary>
    public static async Task SettleAllAsync(this NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var due = await connection.QueryAsync<Guid>(
            new CommandDefinition(FindSettled, cancellationToken: cancellationToken));
        foreach (var parentId in due)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await transaction.LockSubmissionAsync(parentId);
            await transaction.SettleAsync(parentId);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private const string FindRealms = """
        select c.id, c.realm, c.state, c.done, c.failure_code, c.failure_message, c.provenance::text as provenance
        from evaluations c
        where c.parent_id = @parentId
        order by c.realm_ordinal
        """;

    private static async Task SettleAsync(this NpgsqlTransaction transaction, Guid parentId)
    {
        var connection = transaction.Connection!;
        if (await connection.ExecuteScalarAsync<string>(Lock, new { parentId }, transaction) is not ("queued" or "running"))
        {
            return;
        }
        var realms = (await connection.QueryAsync<RealmRow>(FindRealms, new { parentId }, transaction)).AsList();
        var unfinished = realms.Exists(realm => realm.State is "queued" or "running");
        var failed = realms.FindAll(realm => realm.State == "failed");
        if (failed.Find(realm => FaultsOfAllRealms.Contains(realm.FailureCode!)) is { } fault)
        {
            await FailAsync(transaction, parentId, fault, others: 0);
        }
        else if (!unfinished && failed is [var first, ..])
        {
            await FailAsync(transaction, parentId, first, failed.Count - 1);
        }
        else if (!unfinished && realms.Exists(realm => realm.State == "cancelled"))
        {
            await transaction.Connection!.ExecuteAsync(CancelParent, new { parentId }, transaction);
        }
        else if (!unfinished)
        {
            await SucceedAsync(transaction, parentId, realms);
        }
    }

    private const string Cancel = """
        update evaluations
        set state = 'cancelled', finished_at = now(), job_id = null, worker = null, lease_expires_at = null
        where parent_id = @parentId and state in ('queued', 'running')
        """;

    private const string CancelParent = "update evaluations set state = 'cancelled', finished_at = now() where id = @parentId";

    private const string Fail = """
        update evaluations
        set state = 'failed', failure_code = @code, failure_message = @message, finished_at = now()
        where id = @parentId
        """;

    private static async Task FailAsync(NpgsqlTransaction transaction, Guid parentId, RealmRow fault, int others)
    {
        var message = $"Realm {fault.Realm}: {fault.FailureMessage}"
            + (others > 0 ? FormattableString.Invariant($" So it is with {others} realms more.") : "");
        await transaction.Connection!.ExecuteAsync(Cancel, new { parentId }, transaction);
        await transaction.Connection!.ExecuteAsync(Fail, new { parentId, code = fault.FailureCode, message }, transaction);
    }

    private const string FindDefinition = """
        select b.definition::text from evaluations e join benchmarks b on b.id = e.benchmark_id where e.id = @parentId
        """;

    private const string FindScores = """
        select s.evaluation_id, s.metric, s.value, s.correct, s.count, s.split, s.partial
        from scores s
        where s.evaluation_id = any(@ids)
        """;

    // A worker may have died between its claim of a realm and saying that all realms run.
    private const string Begin = "update evaluations set state = 'running' where id = @parentId";

    private static async Task SucceedAsync(NpgsqlTransaction transaction, Guid parentId, List<RealmRow> realms)
    {
        var connection = transaction.Connection!;
        var definition = LeaderboardJson.Parse<BenchmarkDefinition>(
            (await connection.ExecuteScalarAsync<string>(FindDefinition, new { parentId }, transaction))!);
        var scores = (await connection.QueryAsync<RealmScore>(
            FindScores, new { ids = realms.Select(realm => realm.Id).ToArray() }, transaction)).AsList();
        var byRealm = scores.ToLookup(score => score.EvaluationId);
        var splits = scores.Select(score => score.Split).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var outcome = new EvaluationOutcome(
            AverageOverRealms.Of(
                definition.Metrics,
                [.. realms.Select(realm => byRealm[realm.Id].ToDictionary(score => score.Metric, score => score.ToScore()))]),
            Predictions: null,
            Correct: null,
            RealmProvenance.Of([.. realms.Select(realm => LeaderboardJson.Parse<Provenance>(realm.Provenance!))]),
            ManifestId: null,
            realms.Sum(realm => realm.Done),
            string.Join('+', splits),
            // Some realms on test and some on val: no other row has that mixture, and the split names it.
            scores.Exists(score => score.Partial) || splits.Count > 1);
        await connection.ExecuteAsync(Begin, new { parentId }, transaction);
        await transaction.SucceedAsync(parentId, attempt: 0, outcome);
        await transaction.RankAsync(parentId);
    }

    private sealed record RealmRow(
        Guid Id, string Realm, string State, int Done, string? FailureCode, string? FailureMessage, string? Provenance);

    private sealed record RealmScore(
        Guid EvaluationId, string Metric, double Value, long? Correct, long? Count, string? Split, bool Partial)
    {
        public Score ToScore() => new(Metric, Value, Interval: null, Correct, Count);
    }
}
