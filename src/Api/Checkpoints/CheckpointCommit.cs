using Dapper;
using Npgsql;

namespace Leaderboard.Api.Checkpoints;

internal static class CheckpointCommit
{
    /// <summary>
    /// Commits the transaction that recorded a checkpoint, the file put in its place just before. Both stay, or
    /// neither.
    /// </summary>
    public static async Task CommitWithFileAsync(
        this NpgsqlTransaction transaction, ReceivedCheckpoint received, NpgsqlDataSource db)
    {
        // The row is inserted first: whoever stores the same bytes waits at that insert until this transaction ends,
        // and what refuses the request has done so while the file has no name yet. Only the renaming and the commit
        // are left, and a client that goes away stops neither. If the commit fails, the file is taken back. A file
        // without a row is what is left where the process or the database dies in between, and the next upload of
        // these bytes takes its place.
        try
        {
            received.Commit();
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch
        {
            await transaction.DisposeAsync();
            await TakeBackUnlessRecordedAsync(received, db);
            throw;
        }
    }

    // The row that is inserted here and rolled back is a lock: nobody can begin to rely on the file that is removed.
    private static async Task TakeBackUnlessRecordedAsync(ReceivedCheckpoint received, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var row = new { received.Sha256, received.Size, received.Format };
        if (await connection.ExecuteAsync(CheckpointQueries.AddCheckpoint, row, transaction) == 1)
        {
            received.TakeBack();
        }
    }
}
