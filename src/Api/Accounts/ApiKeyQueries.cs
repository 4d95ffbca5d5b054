using Dapper;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class ApiKeyQueries
{
    // Dapper fills no array of a positional record.
    private const string FindApiKey = """
        select k.user_id, u.name as user_name, array_to_string(k.scopes, ' ') as scopes
        from api_keys k
        join users u on u.id = k.user_id
        where k.key_sha256 = @keySha256 and k.revoked_at is null
        """;

    public static async Task<ApiKeyHolder?> FindApiKeyAsync(
        this NpgsqlDataSource db, byte[] keySha256, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ApiKeyHolder>(
            new CommandDefinition(FindApiKey, new { keySha256 }, cancellationToken: cancellationToken));
    }

    // The update that changes nothing makes the row of an existing user come back.
    private const string AddApiKey = """
        with holder as (
            insert into users (name) values (@user)
            on conflict (name) do update set name = excluded.name
            returning id
        )
        insert into api_keys (user_id, name, key_sha256, scopes)
        select id, @label, @keySha256, @scopes from holder
        """;

    /// <summary>
    /// Gives a user, made where there is none of the name, a further key. The key itself is not kept.
    /// </summary>
    public static async Task<string> AddApiKeyAsync(
        this NpgsqlConnection connection,
        string user,
        string label,
        IReadOnlyList<string> scopes,
        CancellationToken cancellationToken)
    {
        var key = ApiKey.Create();
        var row = new { user, label, keySha256 = ApiKey.Hash(key), scopes = scopes.Distinct().ToArray() };
        await connection.ExecuteAsync(new CommandDefinition(AddApiKey, row, cancellationToken: cancellationToken));
        return key;
    }

    public sealed record ApiKeyHolder(Guid UserId, string UserName, string Scopes);
}
