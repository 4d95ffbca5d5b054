using Dapper;
using Leaderboard.Shared.Checkpoints;
using Npgsql;

namespace Leaderboard.Api.Checkpoints;

internal static class UnneededCheckpoint
{
    // Whoever uploads these bytes adds an owner, and to do so waits for this lock, or is waited for.
    private const string Lock = "select from checkpoints where sha256 = @sha256 for update";

    private const string MarkRemoved = """
        update checkpoints c
        set removed_at = now()
        where c.sha256 = @sha256 and c.removed_at is null
          and not exists (select from checkpoint_owners o where o.checkpoint_sha256 = c.sha256)
          and not exists (select from submissions s where s.checkpoint_sha256 = c.sha256 and s.deleted_at is null)
        """;

    private const string FindUnneeded = """
        select c.sha256
        from checkpoints c
        where c.removed_at is null
          and not exists (select from checkpoint_owners o where o.checkpoint_sha256 = c.sha256)
          and not exists (select from submissions s where s.checkpoint_sha256 = c.sha256 and s.deleted_at is null)
        """;

    /// <summary>Removes what a server that died, or lost its database, left when a submission was deleted.</summary>
    public static async Task RemoveUnneededAsync(
        this NpgsqlDataSource db, CheckpointStore store, CancellationToken cancellationToken)
    {
        List<string> unneeded;
        await using (var connection = await db.OpenConnectionAsync(cancellationToken))
        {
            unneeded = (await connection.QueryAsync<string>(
                new CommandDefinition(FindUnneeded, cancellationToken: cancellationToken))).AsList();
        }
        foreach (var sha256 in unneeded)
        {
            await db.RemoveUnneededAsync(sha256, store, cancellationToken);
        }
    }

    /// <summary>
    /// Removes a checkpoint's bytes where nobody owns it and no submission has it. Its row stays, for what was measured.
    /// </summary>
    public static async Task RemoveUnneededAsync(
        this NpgsqlDataSource db, string sha256, CheckpointStore store, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(Lock, new { sha256 }, transaction, cancellationToken: cancellationToken));
        if (await connection.ExecuteAsync(
            new CommandDefinition(MarkRemoved, new { sha256 }, transaction, cancellationToken: cancellationToken)) == 1)
        {
            // If the commit fails, the file is gone and nobody misses it: the next upload of these bytes brings it back.
            store.Remove(sha256);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }
}
