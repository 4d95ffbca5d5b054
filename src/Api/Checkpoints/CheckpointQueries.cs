using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Npgsql;

namespace Leaderboard.Api.Checkpoints;

internal static class CheckpointQueries
{
    // Bytes that were removed come as if for the first time.
    public const string AddCheckpoint = """
        insert into checkpoints (sha256, size, format) values (@sha256, @size, @format)
        on conflict (sha256) do update set removed_at = null, inspection = 'pending', inspection_report = null,
            inspection_failure = null, inspection_attempts = 0, job_id = null, created_at = now()
        where checkpoints.removed_at is not null
        """;

    private const string AddOwner =
        "insert into checkpoint_owners (checkpoint_sha256, user_id) values (@sha256, @userId) on conflict do nothing";

    /// <summary>The same for every request that brings these bytes, and for no request of another kind.</summary>
    public static string FingerprintOf(ReceivedCheckpoint received) => $"checkpoint {received.Sha256}";

    /// <summary>Records a checkpoint as this user's, and stores its file.</summary>
    public static async Task<RecordedCheckpoint> AddCheckpointAsync(
        this NpgsqlDataSource db,
        ReceivedCheckpoint received,
        Caller caller,
        UserQuotas quotas,
        IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var recorded = await transaction.RecordCheckpointAsync(received, caller, quotas, cancellationToken);
        if (key is { Earlier: null })
        {
            await key.FinishAsync(transaction, FingerprintOf(received), submissionId: null, cancellationToken);
        }
        await transaction.CommitWithFileAsync(received, db);
        return recorded;
    }

    /// <summary>
    /// Records a checkpoint as this user's where their quota has room for it, in a transaction that is committed with its file.
    /// </summary>
    public static async Task<RecordedCheckpoint> RecordCheckpointAsync(
        this NpgsqlTransaction transaction,
        ReceivedCheckpoint received,
        Caller caller,
        UserQuotas quotas,
        CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await UserQuotas.LockAsync(transaction, caller, cancellationToken);
        var row = new { received.Sha256, received.Size, received.Format, caller.UserId };
        var added = await connection.ExecuteAsync(
            new CommandDefinition(AddCheckpoint, row, transaction, cancellationToken: cancellationToken));
        var owned = await connection.ExecuteAsync(
            new CommandDefinition(AddOwner, row, transaction, cancellationToken: cancellationToken));
        if (owned == 1)
        {
            await quotas.RequireStorageAsync(transaction, caller, received.Size, cancellationToken);
        }
        return new RecordedCheckpoint(IsNew: added == 1, IsNewToUser: owned == 1);
    }

    // Metadata is seen by owners, admins, and everybody once a public submission uses the checkpoint. An owner sees
    // the time of their own upload: an earlier one would tell that somebody else holds the same bytes.
    private const string FindCheckpoint = """
        select c.sha256, c.size, c.format, c.inspection, c.inspection_report::text, c.inspection_failure::text,
               coalesce(o.created_at, c.created_at) as created_at
        from checkpoints c
        left join checkpoint_owners o on o.checkpoint_sha256 = c.sha256 and o.user_id = @userId
        where c.sha256 = @sha256
          and (@isAdmin
               or o.user_id is not null
               or exists (select from submissions s where s.checkpoint_sha256 = c.sha256 and s.visibility = 'public'))
        """;

    public static async Task<CheckpointRow?> FindCheckpointAsync(
        this NpgsqlDataSource db, string sha256, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<CheckpointRow>(new CommandDefinition(
            FindCheckpoint, new { sha256, caller.UserId, caller.IsAdmin }, cancellationToken: cancellationToken));
    }

    /// <summary>What recording a checkpoint changed.</summary>
    /// <param name="IsNew">True where nobody had stored these bytes before.</param>
    /// <param name="IsNewToUser">True where this user had not.</param>
    public sealed record RecordedCheckpoint(bool IsNew, bool IsNewToUser);

    public sealed record CheckpointRow(
        string Sha256,
        long Size,
        string Format,
        string Inspection,
        string? InspectionReport,
        string? InspectionFailure,
        DateTime CreatedAt);
}
