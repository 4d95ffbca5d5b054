using Dapper;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Evaluations whose worker has not renewed its lease.</summary>
internal static class LostEvaluations
{
    // It waits for no row: who has one locked renews its lease or ends it, several sweeps run at a time, and a statement
    // that waits while it holds some may wait in a circle (40P01).
    private const string TakeBack = """
        with lost as (
            select id from evaluations
            where state = 'running' and lease_expires_at < now()
            order by id
            for update skip locked
        )
        update evaluations e
        set state = case when attempts < @maxAttempts then 'queued' else 'failed' end,
            failure_code = case when attempts < @maxAttempts then null else @code end,
            failure_message = case when attempts < @maxAttempts then null else @message end,
            finished_at = case when attempts < @maxAttempts then null else now() end,
            job_id = null, worker = null, lease_expires_at = null
        from lost
        where e.id = lost.id
        """;

    /// <summary>Puts them back, those whose worker was lost too often failed; how many they are.</summary>
    public static async Task<int> TakeBackLostAsync(this NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            TakeBack,
            new
            {
                maxAttempts = EvaluationLifecycle.MaxAttempts,
                code = FailureCodes.WorkerLost,
                message = $"Its worker was lost {EvaluationLifecycle.MaxAttempts} times while running it.",
            },
            cancellationToken: cancellationToken));
    }
}
