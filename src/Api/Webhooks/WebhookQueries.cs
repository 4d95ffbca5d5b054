using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Webhooks;

internal static class WebhookQueries
{
    /// <summary>Webhooks of one user.</summary>
    public const int MaxWebhooks = 10;

    // Two at once must not both be the last one.
    private const string LockUser = "select from users where id = @userId for no key update";

    private const string Add = """
        insert into webhooks (user_id, url, events, secret)
        select @userId, @Url, @events, @secret
        where (select count(*) from webhooks where user_id = @userId) < @max
        returning id, created_at
        """;

    public static async Task<CreatedWebhook> AddWebhookAsync(
        this NpgsqlDataSource db, WebhookRequest request, byte[] secret, Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var events = request.Events.Distinct().ToArray();
        var row = new { userId, request.Url, events, secret, max = MaxWebhooks };
        await connection.ExecuteAsync(new CommandDefinition(LockUser, row, transaction, cancellationToken: cancellationToken));
        var added = await connection.QuerySingleOrDefaultAsync<AddedRow>(
            new CommandDefinition(Add, row, transaction, cancellationToken: cancellationToken))
            ?? throw Problems.WebhooksTooMany.Because($"A user has at most {MaxWebhooks} webhooks; delete one of them.");
        await transaction.CommitAsync(cancellationToken);
        return new CreatedWebhook(added.Id, request.Url, events, added.CreatedAt, WebhookSecret.Write(secret));
    }

    // Dapper fills no array of a positional record.
    private const string Find = """
        select id, url, array_to_string(events, ' ') as events, created_at, disabled_at, disabled_reason, secret
        from webhooks
        where user_id = @userId and (@id::uuid is null or id = @id)
        order by created_at, id
        """;

    public static async Task<IReadOnlyList<WebhookRow>> ListWebhooksAsync(
        this NpgsqlDataSource db, Guid userId, Guid? id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<WebhookRow>(
            new CommandDefinition(Find, new { userId, id }, cancellationToken: cancellationToken))).AsList();
    }

    private const string Delete = "delete from webhooks where user_id = @userId and id = @id";

    /// <summary>Deletes a webhook with all that was to be sent to it; false where the user has none of this id.</summary>
    public static async Task<bool> DeleteWebhookAsync(
        this NpgsqlDataSource db, Guid userId, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(Delete, new { userId, id }, cancellationToken: cancellationToken)) == 1;
    }

    private sealed record AddedRow(Guid Id, DateTime CreatedAt);

    public sealed record WebhookRow(
        Guid Id, string Url, string Events, DateTime CreatedAt, DateTime? DisabledAt, string? DisabledReason, byte[] Secret)
    {
        public Webhook ToWebhook() => new(Id, Url, Events.Split(' '), CreatedAt, DisabledAt, DisabledReason);
    }
}
