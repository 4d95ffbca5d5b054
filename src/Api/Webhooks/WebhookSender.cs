using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Webhooks;

/// <summary>
/// Sends what is due, at least once, from any number of processes: a delivery is claimed for a while, and claimed again
/// where its process has died. Its id is the same at every attempt, for receivers to tell.
/// </summary>
internal sealed partial class WebhookSender(
    NpgsqlDataSource db,
    WebhookClient client,
    IOptions<WebhookOptions> options,
    TimeProvider time,
    ILogger<WebhookSender> logger) : BackgroundService
{
    private const int MaxAtOnce = 32;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    // The webhooks that something is being sent to.
    private readonly ConcurrentDictionary<Guid, byte> busy = new();
    private long forgotten;

    /// <summary>Attempts a delivery once, which is its last where it is a test.</summary>
    public async Task AttemptAsync(ClaimedDelivery delivery, bool isTest, CancellationToken cancellationToken)
    {
        var outcome = await client.SendAsync(
            delivery.Url, delivery.Secret, delivery.Id, delivery.Body, cancellationToken);
        var isGone = outcome.Status == StatusCodes.Status410Gone;
        TimeSpan? delay = isTest || isGone || delivery.Attempts >= options.Value.MaxAttempts
            ? null
            : DelayAfter(delivery.Attempts);
        await db.RecordAttemptAsync(delivery, outcome, delay, CancellationToken.None);
        if (isGone)
        {
            await db.DisableAsync(delivery.WebhookId, "It was answered with 410 Gone.", CancellationToken.None);
        }
        else if (isTest && outcome.Error is null)
        {
            await db.DisableAsync(delivery.WebhookId, reason: null, CancellationToken.None);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await BeginDueAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                LogAway(logger, away.Message);
            }
        }
    }

    private async Task BeginDueAsync(CancellationToken stoppingToken)
    {
        if (forgotten == 0 || time.GetElapsedTime(forgotten) > ForgetEvery)
        {
            forgotten = time.GetTimestamp();
            await db.ForgetOldAsync(stoppingToken);
        }
        var taken = busy.Keys.ToArray();
        if (taken.Length < MaxAtOnce)
        {
            foreach (var delivery in await db.ClaimDueAsync(taken, MaxAtOnce - taken.Length, stoppingToken))
            {
                busy.TryAdd(delivery.WebhookId, 0);
                _ = DeliverAsync(delivery, stoppingToken);
            }
        }
    }

    private async Task DeliverAsync(ClaimedDelivery delivery, CancellationToken stoppingToken)
    {
        try
        {
            await AttemptAsync(delivery, isTest: false, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Its claim runs out, and another process sends it.
        }
        catch (Exception fault) // nobody awaits this: whatever goes wrong, the claim runs out and it is tried again
        {
            LogFault(logger, delivery.Id, fault);
        }
        finally
        {
            busy.TryRemove(delivery.WebhookId, out _);
        }
    }

    // Chance keeps what failed together from coming back together.
    private TimeSpan DelayAfter(int attempts)
    {
        var delay = options.Value.FirstRetry * Math.Pow(3, attempts - 1);
        return (delay < LongestDelay ? delay : LongestDelay) * (RandomNumberGenerator.GetInt32(80, 121) / 100.0);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away, webhooks wait: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Delivery {DeliveryId} could not be attempted.")]
    private static partial void LogFault(ILogger logger, Guid deliveryId, Exception fault);
}
