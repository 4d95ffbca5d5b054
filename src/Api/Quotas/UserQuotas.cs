using Leaderboard.Api.Accounts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Quotas;

/// <summary>
/// Holds each user to what they may have. Counted from the rows themselves, under a lock on the user's row in the
/// transaction that adds to them: of racing requests exactly as many get in as there is room for.
/// </summary>
internal sealed class UserQuotas(NpgsqlDataSource db, IOptions<QuotaOptions> options, TimeProvider clock)
{
    public async Task<QuotaStates> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var use = await FindAsync(connection, caller, cancellationToken);
        var held = !caller.IsAdmin;
        return new QuotaStates(
            use.Submissions.ToState(held), use.Evaluations.ToState(held), use.Failures.ToState(held),
            use.Bytes.ToState(held));
    }

    /// <summary>Refuses a submission of which it is known before its body is read that there is no room for
    /// it.</summary>
    /// <param name="least">Bytes that its file has at least; 0 where that is not known.</param>
    /// <param name="most">Bytes that its file has at most.</param>
    public async Task RefuseSubmissionEarlyAsync(Caller caller, long least, long most, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            RequireSubmission(await FindAsync(connection, caller, cancellationToken), evaluations: 1);
        }
        await RefuseUploadEarlyAsync(caller, least, most, sha256: null, cancellationToken);
    }

    /// <summary>
    /// Refuses an upload of which it is known before its body is read that there is no room for it. What the user may have
    /// already, and then takes no further room, is let through: once it is here, it is known what it is.
    /// </summary>
    /// <param name="least">Bytes that it has at least.</param>
    /// <param name="most">Bytes that it has at most.</param>
    /// <param name="sha256">Its announced digest; null where none is.</param>
    public async Task RefuseUploadEarlyAsync(
        Caller caller, long least, long most, string? sha256, CancellationToken cancellationToken)
    {
        if (caller.IsAdmin || least == 0)
        {
            return;
        }
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (!await connection.MayOwnAsync(caller.UserId!.Value, least, most, sha256, cancellationToken))
        {
            (await FindAsync(connection, caller, cancellationToken)).Bytes.RequireBytes(least);
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

    /// <summary>Refuses a submission of this many evaluations where there is no room; the user must be
    /// locked.</summary>
    public async Task RequireSubmissionAsync(
        NpgsqlTransaction transaction, Caller caller, int evaluations, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            RequireSubmission(await FindAsync(transaction.Connection!, caller, cancellationToken), evaluations);
        }
    }

    /// <summary>
    /// Refuses an evaluation of a submission that was taken before, where there is no room; the user must be locked.
    /// </summary>
    public async Task RequireRerunAsync(
        NpgsqlTransaction transaction, Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            RequireSubmission(await FindAsync(transaction.Connection!, caller, cancellationToken), evaluations: 1);
        }
    }

    /// <summary>
    /// Refuses what the transaction has stored where it is too much, its checkpoint counted already; the user must be
    /// locked.
    /// </summary>
    public async Task RequireStorageAsync(
        NpgsqlTransaction transaction, Caller caller, long added, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            var use = await FindAsync(transaction.Connection!, caller, cancellationToken);
            (use.Bytes with { Used = use.Bytes.Used - added }).RequireBytes(added);
        }
    }

    private static void RequireSubmission(Use use, int evaluations)
    {
        use.Submissions.Require(1);
        use.Failures.Require(1);
        use.Evaluations.Require(evaluations);
    }

    private async Task<Use> FindAsync(NpgsqlConnection connection, Caller caller, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = await connection.FindUseAsync(caller.UserId!.Value, now - Quota.Day, cancellationToken);
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
}
