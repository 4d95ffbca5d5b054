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
    /// <param name="configuration">Where it stands.</param>
    /// <param name="connections">Connections that a pool holds where the string does not say.</param>
    public static string ConnectionString(IConfiguration configuration, int connections)
    {
        const string Key = "ConnectionStrings__Leaderboard";
        if (configuration.GetConnectionString("Leaderboard") is not { Length: > 0 } text)
        {
            throw new SettingException(
                $"Set {Key} to the PostgreSQL to use, for example 'Host=localhost;Database=leaderboard;Username=leaderboard'.");
        }
        try
        {
            return Complete(text, connections);
        }
        catch (ArgumentException exception)
        {
            throw new SettingException($"{Key} is no connection string of Npgsql: {exception.Message}");
        }
    }

    /// <summary>
    /// The connection string as given, without the GSSAPI probe that prints a warning where the library is missing. Its pool is
    /// no larger than a server of ordinary settings has room for beside the other programs: who finds it empty waits.
    /// </summary>
    public static string Complete(string connectionString, int connections)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { GssEncryptionMode = GssEncryptionMode.Disable };
        if (!builder.ShouldSerialize("Maximum Pool Size"))
        {
            builder.MaxPoolSize = Math.Max(connections, builder.MinPoolSize);
        }
        return builder.ConnectionString;
    }
}
