using Dapper;
using Npgsql;

namespace Leaderboard.Api.Search;

/// <summary>
/// Puts into search what was written by the thousand. Who writes so calls <c>refresh_search</c> at the end; this does it for
/// those who were interrupted.
/// </summary>
internal sealed partial class SearchRefresher(NpgsqlDataSource db, TimeProvider time, ILogger<SearchRefresher> logger)
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
                await db.RefreshSearchAsync(stoppingToken);
            }
            catch (NpgsqlException failure)
            {
                LogFailure(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Search could not be brought up to date: {Reason}")]
    private partial void LogFailure(string reason);
}

internal static class SearchRefreshing
{
    /// <summary>Takes minutes after an import of half a million papers; each few thousand are found as soon as they are done.</summary>
    public static async Task RefreshSearchAsync(this NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await connection.RefreshSearchAsync(cancellationToken);
    }

    /// <summary>The same, outside of a transaction.</summary>
    public static Task RefreshSearchAsync(this NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "call refresh_search()", commandTimeout: 0, cancellationToken: cancellationToken));
}
