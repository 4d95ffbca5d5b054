using Dapper;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Leaderboard.Shared.Hosting;

/// <summary>The connection to PostgreSQL and how rows become records.</summary>
public static class Database
{
    /// <summary>What metrics call the pool of connections: by default they would show the connection string.</summary>
    public const string Name = "leaderboard";

    /// <summary>Set once a process: <c>model_name</c> fills <c>ModelName</c>.</summary>
    public static void UseSnakeCaseColumns() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>The connection string that is configured; its absence and its faults name the variable.</summary>
    public static string ConnectionString(IConfiguration configuration)
    {
        const string Key = "ConnectionStrings__Leaderboard";
        if (configuration.GetConnectionString("Leaderboard") is not { Length: > 0 } text)
        {
            throw new SettingException(
                $"Set {Key} to the PostgreSQL to use, for example 'Host=localhost;Database=leaderboard;Username=leaderboard'.");
        }
        try
        {
            return Complete(text);
        }
        catch (ArgumentException exception)
        {
            throw new SettingException($"{Key} is no connection string of Npgsql: {exception.Message}");
        }
    }

    /// <summary>
    /// The connection string as given, without the GSSAPI probe that prints a warning where the library is missing.
    /// </summary>
    public static string Complete(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { GssEncryptionMode = GssEncryptionMode.Disable }.ConnectionString;
}
