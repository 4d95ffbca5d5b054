using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Quotas;

/// <summary>
/// Holds each user to what they may have. Counted from the rows themselves, under a lock on the user's row in the
/// transaction that adds to them: of racing requests exactly as many get in as there is room for.
/// </summary>
internal sealed class UserQuotas(NpgsqlDataSource db, IOptions<QuotaOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What time alone does not free is worth asking for again after this.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    public async Task<QuotaStates> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var use = await FindAsync(connection, caller, cancellationToken);
        return new QuotaStates(
            State(use.Submissions), State(use.Evaluations), State(use.Failures), State(use.Bytes));

        QuotaState State(Quota quota) => caller.IsAdmin
            ? new QuotaState(null, quota.Used, null, quota.FreesAt(quota.Used, 1))
            : new QuotaState(
                quota.Limit, quota.Used, Math.Max(0, quota.Limit - quota.Used),
                quota.FreesAt(Math.Min(quota.Limit, quota.Used), 1));
    }

    /// <summary>Refuses a submission of which it is known before its body is read that there is no room for it.</summary>
    /// <param name="bytes">Bytes that a new checkpoint has at least; 0 where that is not known.</param>
    public async Task RefuseSubmissionEarlyAsync(Caller caller, long bytes, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            var use = await FindAsync(connection, caller, cancellationToken);
            RequireSubmission(use, evaluations: 1);
            RequireBytes(use, bytes);
        }
    }

    /// <summary>Refuses an upload of which it is known before its body is read that there is no room for it.</summary>
    /// <param name="bytes">Bytes that it has at least.</param>
    /// <param name="sha256">Its announced digest: what the user has already takes no further room.</param>
    public async Task RefuseUploadEarlyAsync(
        Caller caller, long bytes, string? sha256, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin
            && (sha256 is null || !await db.OwnsCheckpointAsync(caller.UserId!.Value, sha256, cancellationToken)))
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            RequireBytes(await FindAsync(connection, caller, cancellationToken), bytes);
        }
    }

    /// <summary>
    /// Locks the user until the transaction ends; to be called in it before anything is written that a quota counts.
    /// </summary>
    public static Task LockAsync(
        NpgsqlTransaction transaction, Caller caller, CancellationToken cancellationToken) =>
        caller.IsAdmin
            ? Task.CompletedTask
            : transaction.LockUserAsync(caller.UserId!.Value, cancellationToken);

    /// <summary>Refuses a submission of this many evaluations where there is no room; the user must be locked.</summary>
    public async Task RequireSubmissionAsync(
        NpgsqlTransaction transaction, Caller caller, int evaluations, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            RequireSubmission(await FindAsync(transaction.Connection!, caller, cancellationToken), evaluations);
        }
    }

    /// <summary>
    /// Refuses further evaluations of a submission that was taken before, where there is no room; the user must be locked.
    /// </summary>
    public async Task RequireEvaluationsAsync(
        NpgsqlTransaction transaction, Caller caller, int evaluations, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            var use = await FindAsync(transaction.Connection!, caller, cancellationToken);
            Require(use.Failures, 1);
            Require(use.Evaluations, evaluations);
        }
    }

    /// <summary>
    /// Refuses what the transaction has stored where it is too much, its checkpoint counted already; the user must be locked.
    /// </summary>
    public async Task RequireStorageAsync(
        NpgsqlTransaction transaction, Caller caller, long added, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            var use = await FindAsync(transaction.Connection!, caller, cancellationToken);
            RequireBytes(use with { Bytes = use.Bytes with { Used = use.Bytes.Used - added } }, added);
        }
    }

    private static void RequireSubmission(Use use, int evaluations)
    {
        Require(use.Submissions, 1);
        Require(use.Failures, 1);
        Require(use.Evaluations, evaluations);
    }

    private static void Require(Quota quota, long requested)
    {
        if (quota.Used + requested <= quota.Limit)
        {
            return;
        }
        var freesAt = quota.FreesAt(quota.Limit, requested);
        throw new RefusedException(Problems.QuotaExceeded, Describe(quota, requested, freesAt))
        {
            // Nothing that a client waits for makes room for more than the limit.
            RetryAfter = requested > quota.Limit ? null : freesAt - quota.Now ?? AskAgain,
            Quota = new ExceededQuota(quota.Name, quota.Limit, quota.Used, requested, freesAt),
        };
    }

    private static void RequireBytes(Use use, long requested)
    {
        var quota = use.Bytes;
        if (requested > 0 && requested > quota.Limit - quota.Used)
        {
            throw new RefusedException(Problems.StorageQuotaExceeded, Describe(quota, requested, null))
            {
                Quota = new ExceededQuota(quota.Name, quota.Limit, quota.Used, requested, null),
            };
        }
    }

    private static string Describe(Quota quota, long requested, DateTime? freesAt) =>
        $"{quota.Name}: {quota.Used} of {quota.Limit} are used, and this asks for {requested} more."
        + (freesAt is { } at ? $" There is room from {at:yyyy-MM-dd'T'HH:mm:ss'Z'} on." : "");

    private async Task<Use> FindAsync(NpgsqlConnection connection, Caller caller, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = await connection.FindUseAsync(caller.UserId!.Value, now - Day, cancellationToken);
        var (own, all) = (found.Overrides, options.Value);
        return new Use(
            Of("submissions_per_day", own.SubmissionsPerDay ?? all.SubmissionsPerDay, found.Submitted),
            new Quota(
                "concurrent_evaluations", own.ConcurrentEvaluations ?? all.ConcurrentEvaluations, found.Unfinished, [],
                now.UtcDateTime),
            Of("failed_evaluations_per_day", own.FailedEvaluationsPerDay ?? all.FailedEvaluationsPerDay, found.Failed),
            new Quota("stored_bytes", own.StoredBytes ?? all.StoredBytes, found.Bytes, [], now.UtcDateTime));

        Quota Of(string name, long limit, IReadOnlyList<DateTime> times) =>
            new(name, limit, times.Count, times, now.UtcDateTime);
    }

    private sealed record Use(Quota Submissions, Quota Evaluations, Quota Failures, Quota Bytes);

    /// <param name="Times">When each unit was used, the oldest first; empty where time alone frees none.</param>
    private sealed record Quota(string Name, long Limit, long Used, IReadOnlyList<DateTime> Times, DateTime Now)
    {
        /// <summary>When so many units more fit under a limit; null where time alone never makes it so.</summary>
        public DateTime? FreesAt(long limit, long requested)
        {
            var mustGo = Used + requested - limit;
            return Times.Count > 0 && mustGo >= 1 && mustGo <= Times.Count ? Times[(int)mustGo - 1] + Day : null;
        }
    }
}
