using Leaderboard.Api.Checkpoints;
using Leaderboard.Shared.Checkpoints;
using Npgsql;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// Removes every hour what nobody asks for any more: answers kept for repeated requests, and checkpoints that no submission
/// needs and whose removal a server did not live to see.
/// </summary>
internal sealed partial class Leftovers(
    NpgsqlDataSource db, CheckpointStore store, TimeProvider time, ILogger<Leftovers> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await IdempotencyKey.ForgetAsync(db, time.GetUtcNow() - IdempotencyKey.Lifetime, stoppingToken);
                await db.RemoveUnneededAsync(store, stoppingToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or IOException)
            {
                LogLeft(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What nobody needs any more stays for another hour: {Reason}")]
    private partial void LogLeft(string reason);
}
