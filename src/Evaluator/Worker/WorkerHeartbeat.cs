using Dapper;
using Leaderboard.Evaluator.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Tells the database every 3 seconds that this worker is alive.</summary>
internal sealed partial class WorkerHeartbeat(
    NpgsqlDataSource db,
    WorkerIdentity identity,
    WorkerOptions options,
    Sandbox sandbox,
    ILogger<WorkerHeartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private const string Beat = """
        insert into workers (id, device, sandbox, software, heartbeat_at)
        values (@id, @device, @sandbox, @software, now())
        on conflict (id) do update set heartbeat_at = now()
        """;

    private const string ForgetTheDead = "delete from workers where heartbeat_at < now() - interval '1 hour'";

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from workers where id = @id", new { identity.Id }, cancellationToken: cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(stoppingToken);
                await connection.ExecuteAsync(new CommandDefinition(
                    Beat,
                    new
                    {
                        identity.Id,
                        options.Device,
                        sandbox = sandbox.Unavailable ?? "bubblewrap",
                        software = FeatureRecipe.CurrentSoftware,
                    },
                    cancellationToken: stoppingToken));
                await connection.ExecuteAsync(new CommandDefinition(ForgetTheDead, cancellationToken: stoppingToken));
            }
            catch (NpgsqlException away)
            {
                LogAway(away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(20, LogLevel.Warning, "The database is away, no heartbeat: {Reason}")]
    private partial void LogAway(string reason);
}
