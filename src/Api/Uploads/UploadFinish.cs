using Leaderboard.Api.Accounts;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Uploads;

/// <summary>Makes a checkpoint of an upload that is whole, as if it had been posted at once.</summary>
internal sealed class UploadFinish(NpgsqlDataSource db, CheckpointStore store, WorkQueues queues, UserQuotas quotas)
{
    /// <summary>SHA-256 of the checkpoint; null where the lease was lost, and nothing happened.</summary>
    public async Task<string?> TryFinishAsync(Upload upload, UploadLease lease, UploadFile file, Caller caller)
    {
        var sha256 = await file.Sha256Async();
        if (upload.Sha256 is { } announced && announced != sha256)
        {
            throw Problems.DigestMismatch.Because($"The file's SHA-256 is {sha256}, announced was {announced}.");
        }
        // Not disposed, which would remove the file: it stays an upload's where it cannot be recorded.
        var received = new ReceivedCheckpoint(store, file.Stream)
        {
            Sha256 = sha256,
            Format = file.Recognise(),
            Size = upload.Length,
        };
        // All bytes are here, so a client that goes away does not matter any more.
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        if (!await lease.FinishAsync(transaction, sha256))
        {
            return null;
        }
        var recorded = await transaction.RecordCheckpointAsync(received, caller, quotas, CancellationToken.None);
        await transaction.CommitWithFileAsync(received, db);
        if (recorded.IsNew)
        {
            await queues.EnqueueInspectionsAsync([sha256], CancellationToken.None);
        }
        return sha256;
    }
}
