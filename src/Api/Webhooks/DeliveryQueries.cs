using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Webhooks;

/// <summary>A delivery that this process is to attempt.</summary>
internal sealed record ClaimedDelivery(Guid Id, Guid WebhookId, int Attempts, string Body, string Url, byte[] Secret);

internal static class DeliveryQueries
{
    // Longer than an attempt may take: of a process that dies in between, another one takes the delivery over.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // One at a time to each webhook, so that a slow one holds up itself alone.
    private const string ClaimDue = """
        with due as (
            select distinct on (d.webhook_id) d.id, d.next_attempt_at
            from webhook_deliveries d
            join webhooks w on w.id = d.webhook_id
            join users u on u.id = w.user_id
            where d.state = 'pending' and d.next_attempt_at <= now() and w.disabled_at is null and u.disabled_at is null
              and d.webhook_id <> all(@busy)
            order by d.webhook_id, d.next_attempt_at
        ),
        claimed as (
            select d.id
            from webhook_deliveries d
            where d.id in (select id from due order by next_attempt_at limit @free)
              and d.state = 'pending' and d.next_attempt_at <= now()
            for update skip locked
        )
        update webhook_deliveries d
        set attempts = d.attempts + 1, next_attempt_at = now() + @lease
        from claimed c, webhooks w
        where d.id = c.id and w.id = d.webhook_id
        returning d.id, d.webhook_id, d.attempts, d.body, w.url, w.secret
        """;

    /// <summary>Takes deliveries that are due, none to a webhook that this process is busy with.</summary>
    public static async Task<IReadOnlyList<ClaimedDelivery>> ClaimDueAsync(
        this NpgsqlDataSource db, Guid[] busy, int free, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ClaimedDelivery>(new CommandDefinition(
            ClaimDue, new { busy, free, lease = Lease }, cancellationToken: cancellationToken))).AsList();
    }

    private const string AddTest = """
        insert into webhook_deliveries (webhook_id, event, attempts, next_attempt_at, body)
        select w.id, @Test, 1, now() + @lease, json_build_object(
            'type', @Test::text,
            'timestamp', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'data', json_build_object('webhook', w.id))::text
        from webhooks w
        where w.id = @WebhookId
        for key share
        returning id, webhook_id, attempts, body, @Url as url, @Secret as secret
        """;

    /// <summary>A delivery that tells nothing, for its sender to attempt at once; null where the webhook is gone.</summary>
    public static async Task<ClaimedDelivery?> AddTestAsync(
        this NpgsqlDataSource db, WebhookQueries.WebhookRow webhook, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = new { WebhookId = webhook.Id, WebhookRules.Test, lease = Lease, webhook.Url, webhook.Secret };
        return await connection.QuerySingleOrDefaultAsync<ClaimedDelivery>(
            new CommandDefinition(AddTest, row, cancellationToken: cancellationToken));
    }

    private const string Record = """
        update webhook_deliveries
        set state = @state, status = @Status, error = @Error,
            next_attempt_at = case when @state = 'pending' then now() + @delay end,
            ended_at = case when @state <> 'pending' then now() end
        where id = @Id and state = 'pending' and attempts = @Attempts
        """;

    /// <summary>Records how an attempt ended; with a delay, it is tried again after it.</summary>
    public static async Task RecordAttemptAsync(
        this NpgsqlDataSource db, ClaimedDelivery delivery, AttemptOutcome outcome, TimeSpan? delay,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var state = outcome.Error is null ? "delivered" : delay is null ? "failed" : "pending";
        var row = new { delivery.Id, delivery.Attempts, outcome.Status, outcome.Error, state, delay };
        await connection.ExecuteAsync(new CommandDefinition(Record, row, cancellationToken: cancellationToken));
    }

    private const string Enable = """
        update webhooks set disabled_at = case when @reason::text is not null then now() end, disabled_reason = @reason
        where id = @id and (disabled_at is null) <> (@reason::text is null)
        """;

    /// <summary>Sends nothing to a webhook any more, for a reason; or again, for none.</summary>
    public static async Task DisableAsync(
        this NpgsqlDataSource db, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Enable, new { id, reason }, cancellationToken: cancellationToken));
    }

    // What waits for a webhook that nobody enables again would wait for ever.
    private const string Forget = """
        delete from webhook_deliveries where ended_at < now() - interval '30 days';
        delete from webhook_deliveries d
        using webhooks w
        where w.id = d.webhook_id and w.disabled_at < now() - interval '30 days'
          and d.state = 'pending' and d.created_at < now() - interval '30 days'
        """;

    public static async Task ForgetOldAsync(this NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Forget, cancellationToken: cancellationToken));
    }

    private const string Find = """
        select id, event, state, attempts, status, error, created_at, next_attempt_at, ended_at
        from webhook_deliveries
        where webhook_id = @webhookId and (@id::uuid is null or id = @id)
          and (@beforeId::uuid is null or (created_at, id) < (@beforeCreatedAt, @beforeId))
        order by created_at desc, id desc
        limit @rows
        """;

    public static async Task<Page<WebhookDelivery>> ListDeliveriesAsync(
        this NpgsqlDataSource db, Guid webhookId, Guid? id, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var before = Cursor.Read<DeliveryCursor>(cursor);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var parameters = new
        {
            webhookId,
            id,
            beforeId = before?.Id,
            beforeCreatedAt = before?.CreatedAt.ToUniversalTime(),
            rows = limit + 1,
        };
        var found = (await connection.QueryAsync<WebhookDelivery>(
            new CommandDefinition(Find, parameters, cancellationToken: cancellationToken))).AsList();
        var items = found.Take(limit).ToList();
        return new Page<WebhookDelivery>(
            items, found.Count > limit ? Cursor.Of(new DeliveryCursor(items[^1].CreatedAt, items[^1].Id)) : null);
    }

    private sealed record DeliveryCursor(DateTime CreatedAt, Guid Id);
}
