using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Npgsql;

namespace Leaderboard.Api.Uploads;

internal static class UploadQueries
{
    /// <summary>Uploads that a user may have under way.</summary>
    private const int MaxUnfinished = 100;

    private const string Columns =
        "id, user_id, length, received, metadata, sha256, checkpoint_sha256, expires_at, ended_at";

    private const string Add = $"""
        insert into uploads (user_id, length, metadata, sha256, expires_at)
        values (@userId, @length, @metadata, @sha256, @expiresAt)
        returning {Columns}
        """;

    private const string CountUnfinished =
        "select count(*) from uploads where user_id = @userId and ended_at is null and checkpoint_sha256 is null";

    // What the user has already takes no further room, once: what else comes under its name is refused when it is whole.
    private const string IsOwned = """
        select exists (
            select from checkpoint_owners o join checkpoints c on c.sha256 = o.checkpoint_sha256
            where o.user_id = @userId and c.sha256 = @sha256 and c.size = @length)
        and not exists (
            select from uploads
            where user_id = @userId and sha256 = @sha256 and ended_at is null and checkpoint_sha256 is null)
        """;

    /// <summary>Adds an upload; until it ends, all of it counts as stored.</summary>
    public static async Task<Upload> AddUploadAsync(
        this NpgsqlDataSource db,
        Caller caller,
        UserQuotas quotas,
        long length,
        UploadMetadata metadata,
        DateTime expiresAt,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await UserQuotas.LockAsync(transaction, caller, cancellationToken);
        var row = new { caller.UserId, length, metadata = metadata.Text, metadata.Sha256, expiresAt };
        CommandDefinition Command(string sql) => new(sql, row, transaction, cancellationToken: cancellationToken);

        if (!caller.IsAdmin && await connection.ExecuteScalarAsync<int>(Command(CountUnfinished)) >= MaxUnfinished)
        {
            throw Problems.UploadsTooMany.Because($"Finish or terminate one of your {MaxUnfinished} first.");
        }
        var takesNoRoom = metadata.Sha256 is not null && await connection.ExecuteScalarAsync<bool>(Command(IsOwned));
        var upload = await connection.QuerySingleAsync<Upload>(Command(Add));
        if (!takesNoRoom)
        {
            await quotas.RequireStorageAsync(transaction, caller, length, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return upload;
    }

    private const string Find = $"select {Columns} from uploads where id = @id and user_id = @userId";

    public static async Task<Upload?> FindUploadAsync(
        this NpgsqlDataSource db, Guid id, Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Upload>(
            new CommandDefinition(Find, new { id, userId }, cancellationToken: cancellationToken));
    }

    // Whoever is writing to it notices by losing the lease.
    private const string End = """
        update uploads set ended_at = @now, holder = null, held_until = null
        where id = @id and ended_at is null
        """;

    /// <summary>Ends an upload for good; its file is the caller's to remove.</summary>
    public static async Task EndUploadAsync(
        this NpgsqlDataSource db, Guid id, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(End, new { id, now }, cancellationToken: cancellationToken));
    }

    private const string EndExpired = """
        update uploads set ended_at = @now
        where ended_at is null and expires_at <= @now and coalesce(held_until < now(), true)
        """;

    // As long as an upload may live, it is told that it did.
    private const string Forget = "delete from uploads where ended_at < @before";

    /// <summary>Ends the uploads that have expired, and forgets those that ended before some instant; how many
    /// ended.</summary>
    public static async Task<int> EndExpiredUploadsAsync(
        this NpgsqlDataSource db, DateTime now, DateTime before, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var ended = await connection.ExecuteAsync(
            new CommandDefinition(EndExpired, new { now }, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(
            new CommandDefinition(Forget, new { before }, cancellationToken: cancellationToken));
        return ended;
    }

    private const string AreUnfinished =
        "select id from uploads where id = any(@ids) and ended_at is null and checkpoint_sha256 is null";

    /// <summary>Of some uploads, those that still need their file.</summary>
    public static async Task<IReadOnlySet<Guid>> UnfinishedUploadsAsync(
        this NpgsqlDataSource db, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var unfinished = await connection.QueryAsync<Guid>(
            new CommandDefinition(AreUnfinished, new { ids = ids.ToArray() }, cancellationToken: cancellationToken));
        return unfinished.ToHashSet();
    }
}
