using System.Security.Claims;
using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Accounts;

/// <summary>The keys of one user.</summary>
internal static class OwnKeyQueries
{
    private const int MaxLiveKeys = 50;

    private const string Columns = """
        k.id, k.name as label, k.prefix, array_to_string(k.scopes, ' ') as scopes, k.created_at, k.expires_at, k.last_used_at,
        k.revoked_at, k.replaced_by
        """;

    private const string ListKeys = $"""
        select {Columns} from api_keys k
        where k.user_id = @userId
          and (@beforeId::uuid is null or (k.created_at, k.id) < (@beforeCreatedAt, @beforeId))
        order by k.created_at desc, k.id desc
        limit @rows
        """;

    public static async Task<Page<OwnApiKey>> ListKeysAsync(
        this NpgsqlDataSource db, Guid userId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var before = Cursor.Read<KeyCursor>(cursor);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = new
        {
            userId,
            rows = limit + 1,
            beforeId = before?.Id,
            beforeCreatedAt = before?.CreatedAt.ToUniversalTime(),
        };
        var found = (await connection.QueryAsync<KeyRow>(
            new CommandDefinition(ListKeys, row, cancellationToken: cancellationToken))).AsList();
        var items = found.Take(limit).Select(key => key.ToKey()).ToList();
        return new Page<OwnApiKey>(
            items, found.Count > limit ? Cursor.Of(new KeyCursor(items[^1].CreatedAt, items[^1].Id)) : null);
    }

    // Locks the user, so that of racing requests one after the other counts.
    private const string LockUser = "select from users where id = @userId for no key update";

    private const string CountLive =
        $"select count(*) from api_keys k join users u on u.id = k.user_id where u.id = @userId and {ApiKeyQueries.IsLive}";

    /// <summary>Refuses a key too many, until the transaction ends.</summary>
    public static async Task RequireRoomAsync(
        this NpgsqlTransaction transaction, Guid userId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var row = new { userId, now = clock.GetUtcNow() };
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(LockUser, row, transaction, cancellationToken: cancellationToken));
        if (await transaction.Connection!.ExecuteScalarAsync<long>(
            new CommandDefinition(CountLive, row, transaction, cancellationToken: cancellationToken)) >= MaxLiveKeys)
        {
            throw Problems.ApiKeysExhausted.Because($"A user has at most {MaxLiveKeys} keys that open something. Revoke one.");
        }
    }

    private const string FindKey = $"select {Columns} from api_keys k where k.id = @id and k.user_id = @userId for update";

    /// <summary>A key of this user, locked, for the key that was sent to end: itself, or one that allows no more.</summary>
    public static async Task<OwnApiKey> TakeKeyAsync(
        this NpgsqlTransaction transaction, Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var userId = Caller.UserIdOf(user);
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<KeyRow>(
            new CommandDefinition(FindKey, new { id, userId }, transaction, cancellationToken: cancellationToken))
            ?? throw Problems.ApiKeyUnknown.Because($"None of your API keys has the id {id}.");
        var key = row.ToKey();
        var held = Caller.ScopesOf(user);
        if (id != Caller.KeyIdOf(user))
        {
            ApiKeyRules.RequireMore(held);
        }
        ApiKeyRules.RequireWithin(key.Scopes, held);
        return key;
    }

    private const string Revoke =
        "update api_keys set revoked_at = @now where id = @id and revoked_at is null";

    public static Task RevokeKeyAsync(
        this NpgsqlTransaction transaction, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Revoke, new { id, now }, transaction, cancellationToken: cancellationToken));

    private const string Replace = """
        update api_keys
        set replaced_by = @replacement,
            revoked_at = case when @until = @now then @now end,
            expires_at = case when @until = @now then expires_at else least(expires_at, @until) end
        where id = @id
        """;

    /// <summary>Ends a key at <paramref name="until"/>, for the key that takes its place.</summary>
    public static Task ReplaceKeyAsync(
        this NpgsqlTransaction transaction,
        Guid id,
        Guid replacement,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Replace, new { id, replacement, now, until }, transaction, cancellationToken: cancellationToken));

    private sealed record KeyCursor(DateTime CreatedAt, Guid Id);

    private sealed record KeyRow(
        Guid Id,
        string Label,
        string? Prefix,
        string Scopes,
        DateTime CreatedAt,
        DateTime? ExpiresAt,
        DateTime? LastUsedAt,
        DateTime? RevokedAt,
        Guid? ReplacedBy)
    {
        public OwnApiKey ToKey() => new(
            Id, Label, Prefix, Scopes.Split(' '), CreatedAt, ExpiresAt, LastUsedAt, RevokedAt, ReplacedBy);
    }
}
