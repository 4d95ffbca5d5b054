using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary>The key that lets the first person in.</summary>
internal static class FirstAdminKey
{
    private const string AdminKeyExists =
        "select exists (select from api_keys where 'admin' = any(scopes) and revoked_at is null)";

    /// <summary>
    /// Makes user <c>admin</c> and a key, and writes the key to its file, unless there is an admin's key. A file whose
    /// key is not live is then told, and left as it is.
    /// </summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, LeaderboardFolders folders)
    {
        var file = folders.AdminKeyFile;
        if (await connection.ExecuteScalarAsync<bool>(AdminKeyExists))
        {
            if (await FindFaultAsync(connection, file) is { } fault)
            {
                Console.WriteLine(
                    $"{fault} For a new key: Leaderboard.Api key create --user admin --name LABEL --scope submit "
                    + "--scope admin");
            }
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync();
        var key = await connection.AddApiKeyAsync(
            "admin", "first key", [Scopes.Submit, Scopes.Admin], CancellationToken.None);
        await WriteAsync(file, key);
        await transaction.CommitAsync();
        Console.WriteLine($"Made an admin key: {file}");
    }

    private const string KeyIsLive =
        "select exists (select from api_keys where key_sha256 = @keySha256 and revoked_at is null)";

    // A home may outlive its database, or be used with another.
    private static async Task<string?> FindFaultAsync(NpgsqlConnection connection, string file)
    {
        if (!File.Exists(file))
        {
            return $"An admin key exists, but its file {file} does not.";
        }
        var keySha256 = ApiKey.Hash((await File.ReadAllTextAsync(file)).Trim());
        return await connection.ExecuteScalarAsync<bool>(KeyIsLive, new { keySha256 })
            ? null
            : $"The key in {file} opens nothing: it was revoked, or is of another database than this one.";
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
