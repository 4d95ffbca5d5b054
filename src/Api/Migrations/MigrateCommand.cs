using Dapper;
using DbUp;
using DbUp.Engine.Output;
using Leaderboard.Api.Search;
using Leaderboard.Shared;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary><c>Api migrate</c>: brings the database up to date. It may run any number of times, also at once.</summary>
internal static class MigrateCommand
{
    // Any constant will do, as long as every version of this software takes the same.
    private const long MigrationLock = 0x6c65616465726264;

    public static async Task RunAsync(string connectionString, LeaderboardFolders folders, string catalogue)
    {
        // Held by a connection of its own: DbUp and Hangfire open and close theirs.
        await using var locked = new NpgsqlConnection(connectionString);
        await locked.OpenAsync();
        await locked.ExecuteAsync("select pg_advisory_lock(@MigrationLock)", new { MigrationLock }, commandTimeout: 0);

        ApplyScripts(connectionString);
        HangfireStorage.Open(connectionString, createSchema: true);

        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await CatalogueLoader.LoadAsync(connection, catalogue);
        await connection.RefreshSearchAsync(CancellationToken.None);
        await FirstAdminKey.EnsureAsync(connection, folders);
    }

    private static void ApplyScripts(string connectionString)
    {
        var upgrade = DeployChanges.To
            .PostgresqlDatabase(connectionString)
            .WithScripts(MigrationScripts.Read())
            .JournalToPostgresqlTable("public", MigrationScripts.Journal)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!upgrade.Successful)
        {
            throw new InvalidOperationException($"Migration {upgrade.ErrorScript?.Name} failed.", upgrade.Error);
        }
        foreach (var script in upgrade.Scripts)
        {
            Console.WriteLine($"Applied {script.Name}.");
        }
    }
}
