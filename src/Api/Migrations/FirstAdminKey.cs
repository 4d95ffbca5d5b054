using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary>The key that lets the first person in.</summary>
internal static class FirstAdminKey
{
    private const string AdminKeyExists = $"""
        select exists (
            select from api_keys k join users u on u.id = k.user_id where 'admin' = any(k.scopes) and {ApiKeyQueries.IsLive})
        """;

    private const string EnableAdmin = "update users set disabled_at = null where name = 'admin'";

    /// <summary>
    /// Makes user <c>admin</c> and a key, and writes the key to its file, unless there is an admin's key. A file whose
    /// key is not live is then told, and left as it is.
    /// </summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, LeaderboardFolders folders)
    {
        var file = folders.AdminKeyFile;
        var now = TimeProvider.System.GetUtcNow();
        if (await connection.ExecuteScalarAsync<bool>(AdminKeyExists, new { now }))
        {
            if (await FindFaultAsync(connection, file, now) is { } fault)
            {
                Console.WriteLine(
                    $"{fault} For a new key: Leaderboard.Api key create --user admin --name LABEL --scope submit "
                    + "--scope admin");
            }
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync();
        var request = new ApiKeyRequest("admin", "first key", [Scopes.Submit, Scopes.Admin]);
        await connection.ExecuteAsync(EnableAdmin);
        await WriteAsync(file, (await ApiKeyEndpoints.AddAsync(connection, request, CancellationToken.None)).Key);
        await transaction.CommitAsync();
        Console.WriteLine($"Made an admin key: {file}");
    }

    private const string KeyIsLive = $"""
        select exists (
            select from api_keys k join users u on u.id = k.user_id where k.key_sha256 = @keySha256 and {ApiKeyQueries.IsLive})
        """;

    // A home may outlive its database, or be used with another.
    private static async Task<string?> FindFaultAsync(NpgsqlConnection connection, string file, DateTimeOffset now)
    {
        if (!File.Exists(file))
        {
            return $"An admin key exists, but its file {file} does not.";
        }
        var keySha256 = ApiKey.Hash((await File.ReadAllTextAsync(file)).Trim());
        return await connection.ExecuteScalarAsync<bool>(KeyIsLive, new { keySha256, now })
            ? null
            : $"The key in {file} opens nothing: it was revoked, has expired, or is of another database than this one.";
    }

    // Whole and for the owner alone from the moment that it has its name.
    private static async Task WriteAsync(string file, string key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unnamed = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var writer = new StreamWriter(unnamed, options))
        {
            await writer.WriteLineAsync(key);
        }
        File.Move(unnamed, file, overwrite: true);
    }
}
