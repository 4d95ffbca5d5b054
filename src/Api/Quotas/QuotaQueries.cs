using Dapper;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Api.Quotas;

internal static class QuotaQueries
{
    // No submitter can help these, so they are held against nobody.
    private static readonly string[] FaultsOfTheInstallation =
    [
        FailureCodes.DatasetMissing, FailureCodes.DatasetChanged, FailureCodes.ImageUnreadable, FailureCodes.WorkerLost,
        FailureCodes.WorkerFailed,
    ];

    private const string FindUse = """
        select u.submissions_per_day, u.concurrent_evaluations, u.failed_evaluations_per_day, u.stored_bytes,
               (select count(*) from evaluations e join submissions s on s.id = e.submission_id
                where s.user_id = u.id and e.parent_id is null and e.state in ('queued', 'running')) as unfinished,
               (select coalesce(sum(c.size), 0)::bigint from checkpoint_owners o
                join checkpoints c on c.sha256 = o.checkpoint_sha256
                where o.user_id = u.id)
               + (select coalesce(sum(length), 0)::bigint from uploads
                  where user_id = u.id and checkpoint_sha256 is null and ended_at is null) as bytes
        from users u
        where u.id = @userId
        """;

    // A rerun is as much work as a submission, and counts as one of whoever asked for it.
    private const string FindSubmissionTimes = """
        select s.created_at as at from submissions s
        where s.user_id = @userId and s.created_at > @since
          and exists (select from evaluations e
                      where e.submission_id = s.id and e.parent_id is null and e.state <> 'failed')
        union all
        select e.queued_at from evaluations e
        where e.rerun_by = @userId and e.queued_at > @since and e.parent_id is null and e.state <> 'failed'
        order by at
        """;

    private const string FindFailureTimes = """
        select e.finished_at from evaluations e
        join submissions s on s.id = e.submission_id
        where s.user_id = @userId and e.parent_id is null and e.state = 'failed' and e.finished_at > @since
          and e.failure_code <> all(@faultsOfTheInstallation)
        order by e.finished_at
        """;

    /// <summary>What a user has used, and what an admin has set for them.</summary>
    public static async Task<Use> FindUseAsync(
        this NpgsqlConnection connection, Guid userId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        CommandDefinition Command(string sql) => new(
            sql, new { userId, since, FaultsOfTheInstallation }, cancellationToken: cancellationToken);

        var row = await connection.QuerySingleAsync<UseRow>(Command(FindUse));
        var submitted = (await connection.QueryAsync<DateTime>(Command(FindSubmissionTimes))).AsList();
        var failed = (await connection.QueryAsync<DateTime>(Command(FindFailureTimes))).AsList();
        return new Use(
            new QuotaOverrides(
                row.SubmissionsPerDay, row.ConcurrentEvaluations, row.FailedEvaluationsPerDay, row.StoredBytes),
            row.Unfinished, row.Bytes, submitted, failed);
    }

    private const string LockUser = "select from users where id = @userId for no key update";

    /// <summary>Lets requests of one user count and write one after the other, until the transaction ends.</summary>
    public static Task LockUserAsync(
        this NpgsqlTransaction transaction, Guid userId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(LockUser, new { userId }, transaction, cancellationToken: cancellationToken));

    private const string SetQuota = """
        update users
        set submissions_per_day = @submissionsPerDay, concurrent_evaluations = @concurrentEvaluations,
            failed_evaluations_per_day = @failedEvaluationsPerDay, stored_bytes = @storedBytes
        where name = @name
        """;

    /// <summary>Sets a user's own quotas; false where there is none of the name.</summary>
    public static async Task<bool> SetQuotaAsync(
        this NpgsqlDataSource db, string name, QuotaOverrides overrides, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = new
        {
            name,
            overrides.SubmissionsPerDay,
            overrides.ConcurrentEvaluations,
            overrides.FailedEvaluationsPerDay,
            overrides.StoredBytes,
        };
        return await connection.ExecuteAsync(new CommandDefinition(SetQuota, row, cancellationToken: cancellationToken)) == 1;
    }

    private const string MayOwn = """
        select exists (
            select from checkpoint_owners o join checkpoints c on c.sha256 = o.checkpoint_sha256
            where o.user_id = @userId and c.size between @least and @most and (@sha256::text is null or c.sha256 = @sha256))
        """;

    /// <summary>Whether a user has a checkpoint of this digest, if there is one, and of a size between these.</summary>
    public static Task<bool> MayOwnAsync(
        this NpgsqlConnection connection, Guid userId, long least, long most, string? sha256,
        CancellationToken cancellationToken) => connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(MayOwn, new { userId, least, most, sha256 }, cancellationToken: cancellationToken));

    private sealed record UseRow(
        long? SubmissionsPerDay,
        long? ConcurrentEvaluations,
        long? FailedEvaluationsPerDay,
        long? StoredBytes,
        long Unfinished,
        long Bytes);

    /// <summary>What a user has used.</summary>
    /// <param name="Overrides">What an admin has set for the user.</param>
    /// <param name="Unfinished">Evaluations queued or running.</param>
    /// <param name="Bytes">Bytes of checkpoints, and of uploads that are to become some.</param>
    /// <param name="Submitted">When each submission that counts was handed in, or asked for again, the oldest first.</param>
    /// <param name="Failed">When each evaluation that counts failed, the oldest first.</param>
    public sealed record Use(
        QuotaOverrides Overrides,
        long Unfinished,
        long Bytes,
        IReadOnlyList<DateTime> Submitted,
        IReadOnlyList<DateTime> Failed);
}
