using System.Threading.Channels;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Accounts;

/// <summary>
/// Writes when each key was last used, at most once a minute a key and never while its request waits.
/// </summary>
internal sealed partial class LastUse(NpgsqlDataSource db, TimeProvider clock, ILogger<LastUse> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // Where the database is too slow for it, uses go unwritten: the next one of the key tells as much.
    private readonly Channel<Guid> used = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Note(Guid keyId, DateTime? lastUsedAt)
    {
        if (lastUsedAt is null || clock.GetUtcNow() - lastUsedAt >= Every)
        {
            used.Writer.TryWrite(keyId);
        }
    }

    private const string Write = """
        update api_keys set last_used_at = @now where id = @keyId and (last_used_at is null or last_used_at <= @before)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var keyId in used.Reader.ReadAllAsync(stoppingToken))
            {
                await WriteAsync(keyId, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not written yet is a minute of one key's life.
        }
    }

    private async Task WriteAsync(Guid keyId, CancellationToken cancellationToken)
    {
        try
        {
            var now = clock.GetUtcNow();
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                Write, new { keyId, now, before = now - Every }, cancellationToken: cancellationToken));
        }
        catch (NpgsqlException exception)
        {
            LogUnwritten(logger, keyId, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last use of API key {KeyId} was not written.")]
    private static partial void LogUnwritten(ILogger logger, Guid keyId, Exception exception);
}
