using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Submissions;

/// <summary>
/// What a submitter does to a submission that exists. Its row is locked first, as workers do that put its results on
/// boards: what they add meanwhile is seen here, or sees what was done here. The order of all locks is told at the
/// evaluator's <c>EvaluationLifecycle</c>.
/// </summary>
internal static class SubmissionLife
{
    private const string Lock = """
        select s.checkpoint_sha256, @isAdmin or s.user_id = @userId as is_owned
        from submissions s
        where s.id = @id and s.deleted_at is null and (s.visibility = 'public' or @isAdmin or s.user_id = @userId)
        for no key update
        """;

    private const string SetVisibility = "update submissions set visibility = @visibility where id = @id";

    private const string SetPublic = """
        update results r
        set is_public = (@visibility = 'public')
        from evaluations e
        where e.submission_id = @id and r.evaluation_id = e.id
        """;

    /// <summary>Makes a submission and all its results public or private.</summary>
    public static async Task SetVisibilityAsync(
        this NpgsqlDataSource db, Guid id, string visibility, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.LockAsync(id, caller, cancellationToken);
        await transaction.SayWhoAsync(caller.UserId!.Value, $"The submission was made {visibility}.", cancellationToken);
        foreach (var sql in (string[])[SetVisibility, SetPublic])
        {
            await connection.ExecuteAsync(
                new CommandDefinition(sql, new { id, visibility }, transaction, cancellationToken: cancellationToken));
        }
        await transaction.CommitAsync(cancellationToken);
    }

    // Private from now on: whatever asks for what is public never meets it again.
    private const string Delete =
        "update submissions set deleted_at = now(), visibility = 'private' where id = @id";

    private const string LockOwner = """
        select from checkpoint_owners o
        join submissions s on s.checkpoint_sha256 = o.checkpoint_sha256 and s.user_id = o.user_id
        where s.id = @id
        for update of o
        """;

    private const string LockWholes = """
        select from evaluations where submission_id = @id and parent_id is null order by id for no key update
        """;

    private const string CancelAll = """
        update evaluations
        set state = 'cancelled', finished_at = now(), job_id = null, worker = null, lease_expires_at = null
        where submission_id = @id and state in ('queued', 'running')
        """;

    private const string ForgetAnswer = """
        update idempotency_keys set status = null, location = null, answer = null where submission_id = @id
        """;

    private const string Withdraw = """
        update results r
        set withdrawn_at = now()
        from evaluations e
        where e.submission_id = @id and r.evaluation_id = e.id and r.withdrawn_at is null
        """;

    // Who has no other submission of the checkpoint has no use for it any more.
    private const string Disown = """
        delete from checkpoint_owners o
        using submissions deleted
        where deleted.id = @id and o.checkpoint_sha256 = deleted.checkpoint_sha256 and o.user_id = deleted.user_id
          and not exists (
              select from submissions s
              where s.checkpoint_sha256 = o.checkpoint_sha256 and s.user_id = o.user_id and s.deleted_at is null)
        """;

    /// <summary>Deletes a submission, and gives the SHA-256 of its checkpoint.</summary>
    public static async Task<string> DeleteSubmissionAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await transaction.LockAsync(id, caller, cancellationToken);
        await transaction.SayWhoAsync(caller.UserId!.Value, "The submission was deleted.", cancellationToken);
        foreach (var sql in (string[])[Delete, LockOwner, LockWholes, CancelAll, ForgetAnswer, Withdraw, Disown])
        {
            await connection.ExecuteAsync(
                new CommandDefinition(sql, new { id }, transaction, cancellationToken: cancellationToken));
        }
        await transaction.CommitAsync(cancellationToken);
        return found.CheckpointSha256;
    }

    private static async Task<FoundSubmission> LockAsync(
        this NpgsqlTransaction transaction, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var found = await transaction.Connection!.QuerySingleOrDefaultAsync<FoundSubmission>(new CommandDefinition(
            Lock, new { id, caller.UserId, caller.IsAdmin }, transaction, cancellationToken: cancellationToken))
            ?? throw Problems.SubmissionUnknown.Because($"No submission {id} may be seen with this key.");
        return found.IsOwned ? found : throw Problems.OwnerRequired.Because("It is another user's.");
    }

    private sealed record FoundSubmission(string CheckpointSha256, bool IsOwned);
}
