using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Looks for the datasets every 15 seconds, apart from the heartbeat, which slow storage must not hold up.</summary>
internal sealed partial class DatasetWatch(DatasetStates states, ILogger<DatasetWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                await states.ReportAllAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                LogAway(away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(30, LogLevel.Warning, "The datasets' states could not be written: {Reason}")]
    private partial void LogAway(string reason);
}
