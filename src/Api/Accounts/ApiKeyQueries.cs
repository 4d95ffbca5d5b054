using System.Security.Claims;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class ApiKeyQueries
{
    /// <summary>A key <c>k</c> of a user <c>u</c> that opens something at <c>@now</c>.</summary>
    public const string IsLive =
        "k.revoked_at is null and (k.expires_at is null or k.expires_at > @now) and u.disabled_at is null";

    // Dapper fills no array of a positional record.
    private const string FindApiKey = """
        select k.id, k.user_id, u.name as user_name, array_to_string(k.scopes, ' ') as scopes, k.expires_at, k.revoked_at,
               u.disabled_at, k.last_used_at
        from api_keys k
        join users u on u.id = k.user_id
        where k.key_sha256 = @keySha256
        """;

    /// <summary>The key of this digest, also one that opens nothing any more.</summary>
    public static async Task<ApiKeyHolder?> FindApiKeyAsync(
        this NpgsqlDataSource db, byte[] keySha256, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ApiKeyHolder>(
            new CommandDefinition(FindApiKey, new { keySha256 }, cancellationToken: cancellationToken));
    }

    private const string FindLive =
        $"select exists (select from api_keys k join users u on u.id = k.user_id where k.id = @id and {IsLive})";

    /// <summary>Whether the key that let a request in would let it in now; true where there was none.</summary>
    public static async Task<bool> IsLiveAsync(
        this NpgsqlDataSource db, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Caller.Of(user).UserId is null)
        {
            return true;
        }
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = new { id = Caller.KeyIdOf(user), now = clock.GetUtcNow() };
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(FindLive, row, cancellationToken: cancellationToken));
    }

    /// <summary>Whether there is a user of this name.</summary>
    public static Task<bool> UserExistsAsync(
        this NpgsqlConnection connection, string user, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from users where name = @user)", new { user }, cancellationToken: cancellationToken));

    // The update that changes nothing makes the row of an existing user come back.
    private const string EnsureUser = """
        insert into users (name) values (@user) on conflict (name) do update set name = excluded.name returning id
        """;

    /// <summary>The user of this name, made where there is none.</summary>
    public static Task<Guid> EnsureUserAsync(
        this NpgsqlConnection connection, string user, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<Guid>(
            new CommandDefinition(EnsureUser, new { user }, cancellationToken: cancellationToken));

    private const string AddApiKey = """
        insert into api_keys (user_id, name, key_sha256, prefix, scopes, expires_at)
        values (@userId, @label, @keySha256, @prefix, @scopes, @expiresAt)
        returning id, expires_at
        """;

    /// <summary>Gives a user a further key. The key itself is not kept.</summary>
    public static async Task<CreatedApiKey> AddApiKeyAsync(
        this NpgsqlConnection connection,
        Guid userId,
        string user,
        string label,
        IReadOnlyList<string> scopes,
        DateTime? expiresAt,
        CancellationToken cancellationToken)
    {
        var key = ApiKey.Create();
        var distinct = scopes.Distinct().ToArray();
        var row = new
        {
            userId,
            label,
            keySha256 = ApiKey.Hash(key),
            prefix = ApiKey.Beginning(key),
            scopes = distinct,
            expiresAt = expiresAt is { } at ? ApiKeyRules.InUtc(at).UtcDateTime : (DateTime?)null,
        };
        var added = await connection.QuerySingleAsync<AddedKey>(
            new CommandDefinition(AddApiKey, row, cancellationToken: cancellationToken));
        return new CreatedApiKey(user, label, distinct, key, added.Id, added.ExpiresAt);
    }

    private sealed record AddedKey(Guid Id, DateTime? ExpiresAt);

    public sealed record ApiKeyHolder(
        Guid Id,
        Guid UserId,
        string UserName,
        string Scopes,
        DateTime? ExpiresAt,
        DateTime? RevokedAt,
        DateTime? DisabledAt,
        DateTime? LastUsedAt);
}
