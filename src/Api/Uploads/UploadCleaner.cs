using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Checkpoints;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Uploads;

/// <summary>Ends uploads that have expired, and removes every file that no unfinished upload needs.</summary>
internal sealed partial class UploadCleaner(
    NpgsqlDataSource db,
    UploadFolder folder,
    TimeProvider time,
    IOptions<UploadOptions> options,
    ILogger<UploadCleaner> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                LogAway(away.Message);
            }
            catch (IOException failure)
            {
                LogFailure(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var ended = await db.EndExpiredUploadsAsync(now, before: now - options.Value.Lifetime, cancellationToken);
        if (ended > 0)
        {
            LogEnded(ended);
        }
        // Listed before the rows are read: a file is made for a row that is there already.
        var files = folder.List();
        var unfinished = await db.UnfinishedUploadsAsync(files, cancellationToken);
        foreach (var id in files.Where(id => !unfinished.Contains(id)))
        {
            folder.Remove(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} uploads have expired and are removed.")]
    private partial void LogEnded(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away, expired uploads wait: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files of uploads could not be removed.")]
    private partial void LogFailure(Exception exception);
}
