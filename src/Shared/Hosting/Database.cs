using Dapper;
using Npgsql;

namespace Leaderboard.Shared.Hosting;

/// <summary>The connection to PostgreSQL and how rows become records.</summary>
public static class Database
{
    /// <summary>Set once a process: <c>model_name</c> fills <c>ModelName</c>.</summary>
    public static void UseSnakeCaseColumns() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>
    /// The connection string as given, without the GSSAPI probe that prints a warning where the library is missing.
    /// </summary>
    public static string Complete(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { GssEncryptionMode = GssEncryptionMode.Disable }.ConnectionString;
}
