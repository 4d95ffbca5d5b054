using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;

namespace Leaderboard.Shared.Hosting;

/// <summary>Hangfire's storage, set up alike in every process that enqueues or fetches.</summary>
public static class HangfireStorage
{
    /// <summary>The schema of Hangfire's own tables; the sweep reads <c>jobqueue</c> in it.</summary>
    public const string Schema = "hangfire";

    /// <summary>
    /// A job's lease slides while it runs: without that, Hangfire.PostgreSql hands a job that outlives the timeout to
    /// a second worker (hangfire-postgres/Hangfire.PostgreSql#353).
    /// </summary>
    public static PostgreSqlStorage Open(string connectionString, bool createSchema = false)
    {
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = Schema,
            PrepareSchemaIfNecessary = createSchema,
            AllowDegradedModeWithoutStorage = false,
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromMinutes(1),
            QueuePollInterval = TimeSpan.FromSeconds(1),
        };
        // Of its own, as Hangfire's by default; it lasts as long as the process.
        var source = new NpgsqlDataSourceBuilder(connectionString) { Name = $"{Database.Name}-jobs" }.Build();
        return new PostgreSqlStorage(new Connections(source), options);
    }

    private sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }

    /// <summary>How jobs are written, and where to.</summary>
    public static void UseLeaderboardQueue(this IGlobalConfiguration configuration, string connectionString) =>
        configuration.UseLeaderboardSerialization().UseStorage(Open(connectionString));

    /// <summary>How jobs are written, alike in every process.</summary>
    public static IGlobalConfiguration UseLeaderboardSerialization(this IGlobalConfiguration configuration) =>
        configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings();
}
