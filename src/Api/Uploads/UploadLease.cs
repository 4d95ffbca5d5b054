using Dapper;
using Npgsql;

namespace Leaderboard.Api.Uploads;

/// <summary>
/// The right to write to an upload, had by one request at a time among all servers. It slides, so that a server that
/// died frees its uploads within 15 seconds; every statement names its holder, so that one who lost it changes nothing.
/// </summary>
internal sealed class UploadLease : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource db;
    private readonly Guid id;
    private readonly Guid holder = Guid.NewGuid();
    private readonly PeriodicTimer timer = new(RenewEvery);
    private readonly CancellationTokenSource lost = new();
    private Task renewal = Task.CompletedTask;

    private UploadLease(NpgsqlDataSource db, Guid id) => (this.db, this.id) = (db, id);

    /// <summary>Bytes that are on disk, as they were recorded last.</summary>
    public long Received { get; private set; }

    /// <summary>Set once another has the lease, or the upload has ended.</summary>
    public CancellationToken Lost => lost.Token;

    private const string Take = """
        update uploads set holder = @holder, held_until = now() + interval '15 seconds'
        where id = @id and ended_at is null and checkpoint_sha256 is null and coalesce(held_until < now(), true)
        returning received
        """;

    /// <summary>The lease; null where another has it, or the upload has ended or is finished.</summary>
    public static async Task<UploadLease?> TakeAsync(NpgsqlDataSource db, Guid id, CancellationToken cancellationToken)
    {
        var lease = new UploadLease(db, id);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            Take, new { id, lease.holder }, cancellationToken: cancellationToken)) is not { } received)
        {
            lease.timer.Dispose();
            return null;
        }
        lease.Received = received;
        lease.renewal = lease.RenewAsync();
        return lease;
    }

    private const string Record = """
        update uploads set received = @received, expires_at = @expiresAt
        where id = @id and holder = @holder and ended_at is null and checkpoint_sha256 is null
        """;

    /// <summary>Counts bytes that are on disk; false where the lease is lost.</summary>
    public async Task<bool> RecordAsync(long received, DateTime expiresAt)
    {
        if (await ExecuteAsync(Record, new { id, holder, received, expiresAt }) != 1)
        {
            await lost.CancelAsync();
            return false;
        }
        Received = received;
        return true;
    }

    private const string Finish = """
        update uploads set received = length, checkpoint_sha256 = @sha256
        where id = @id and holder = @holder and ended_at is null and checkpoint_sha256 is null
        """;

    /// <summary>Binds the upload to its checkpoint, in the transaction that records that; false where the lease is
    /// lost.</summary>
    public async Task<bool> FinishAsync(NpgsqlTransaction transaction, string sha256) =>
        await transaction.Connection!.ExecuteAsync(Finish, new { id, holder, sha256 }, transaction) == 1;

    private const string Release =
        "update uploads set holder = null, held_until = null where id = @id and holder = @holder";

    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await renewal;
        await ExecuteAsync(Release, new { id, holder });
        lost.Dispose();
    }

    private const string Renew =
        "update uploads set held_until = now() + interval '15 seconds' where id = @id and holder = @holder";

    private async Task RenewAsync()
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                if (await ExecuteAsync(Renew, new { id, holder }) != 1)
                {
                    await lost.CancelAsync();
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // The next tick tries again; a lease lost meanwhile is noticed by whatever is recorded next.
            }
        }
    }

    // What has arrived is counted whether or not the client is still there.
    private async Task<int> ExecuteAsync(string sql, object row)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        return await connection.ExecuteAsync(sql, row);
    }
}
