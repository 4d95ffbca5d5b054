using System.Security.Claims;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Webhooks;

internal static class WebhookEndpoints
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookSender>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").RequireAuthorization(Scopes.SubmitOrAdmin);
        webhooks.MapPost("/", CreateWebhook).WithName("CreateWebhook")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge,
                Problems.WebhooksTooMany);
        webhooks.MapGet("/", ListWebhooks).WithName("ListWebhooks");
        webhooks.MapGet("/{id:guid}", GetWebhook).WithName("GetWebhook").Refuses(Problems.WebhookUnknown);
        webhooks.MapDelete("/{id:guid}", DeleteWebhook).WithName("DeleteWebhook").Refuses(Problems.WebhookUnknown);
        webhooks.MapPost("/{id:guid}/test", TestWebhook).WithName("TestWebhook").Refuses(Problems.WebhookUnknown);
        webhooks.MapGet("/{id:guid}/deliveries", ListDeliveries).WithName("ListDeliveries")
            .Refuses(
                Problems.WebhookUnknown, Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
    }

    /// <summary>Has an address told of one's evaluations.</summary>
    /// <remarks>
    /// Each message is a POST of JSON: <c>type</c> (the event), <c>timestamp</c>, <c>data</c> (evaluation, submission,
    /// model_name, benchmark, version, state, rerun_of, scores, failure). It is signed as Standard Webhooks has it:
    /// <c>webhook-signature</c> is <c>v1,</c> and, in base64, the HMAC-SHA-256 of
    /// <c>{webhook-id}.{webhook-timestamp}.{body}</c> under the bytes that stand in base64 behind <c>whsec_</c>. Refuse
    /// timestamps of more than five minutes ago. An answer of 2xx within ten seconds ends it; anything else is tried again
    /// after 5 s, 15 s, 45 s …, ten times in all, with the same <c>webhook-id</c>; 410 ends all messages. A message may come
    /// twice. Private addresses are never connected to, redirects never followed, unless the operator allows the former.
    /// </remarks>
    internal static async Task<Created<CreatedWebhook>> CreateWebhook(
        WebhookRequest request, NpgsqlDataSource db, IOptions<WebhookOptions> options, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        WebhookRules.Validate(request, options.Value);
        var secret = request.Secret is { } given ? WebhookSecret.TryRead(given)! : WebhookSecret.Create();
        var created = await db.AddWebhookAsync(request, secret, Caller.UserIdOf(user), cancellationToken);
        return TypedResults.Created($"/api/v1/webhooks/{created.Id}", created);
    }

    /// <summary>Lists one's webhooks, the oldest first.</summary>
    internal static async Task<Ok<Page<Webhook>>> ListWebhooks(
        NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var found = await db.ListWebhooksAsync(Caller.UserIdOf(user), id: null, cancellationToken);
        return TypedResults.Ok(new Page<Webhook>([.. found.Select(row => row.ToWebhook())], Next: null));
    }

    /// <summary>Shows a webhook.</summary>
    /// <param name="id">Id of the webhook.</param>
    internal static async Task<Ok<Webhook>> GetWebhook(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok((await FindAsync(id, db, user, cancellationToken)).ToWebhook());

    /// <summary>Deletes a webhook; what was not delivered is not sent any more.</summary>
    /// <param name="id">Id of the webhook.</param>
    internal static async Task<NoContent> DeleteWebhook(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await db.DeleteWebhookAsync(Caller.UserIdOf(user), id, cancellationToken)
            ? TypedResults.NoContent()
            : throw Unknown(id);

    /// <summary>Sends a message of event <c>webhook.test</c> at once, and tells what became of it.</summary>
    /// <remarks>It is tried once. Where it arrives, a webhook that was disabled is so no longer.</remarks>
    /// <param name="id">Id of the webhook.</param>
    internal static async Task<Ok<WebhookDelivery>> TestWebhook(
        Guid id, NpgsqlDataSource db, WebhookSender sender, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var webhook = await FindAsync(id, db, user, cancellationToken);
        var delivery = await db.AddTestAsync(webhook, cancellationToken) ?? throw Unknown(id);
        await sender.AttemptAsync(delivery, isTest: true, cancellationToken);
        var page = await db.ListDeliveriesAsync(id, delivery.Id, limit: 1, cursor: null, cancellationToken);
        return TypedResults.Ok(page.Items is [var sent] ? sent : throw Unknown(id));
    }

    /// <summary>Lists what was sent to a webhook in the last 30 days, the newest first.</summary>
    /// <param name="id">Id of the webhook.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<WebhookDelivery>>> ListDeliveries(
        Guid id, HttpContext http, NpgsqlDataSource db, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        await FindAsync(id, db, http.User, cancellationToken);
        var page = await db.ListDeliveriesAsync(id, id: null, Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        return TypedResults.Ok(page);
    }

    private static async Task<WebhookQueries.WebhookRow> FindAsync(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await db.ListWebhooksAsync(Caller.UserIdOf(user), id, cancellationToken) is [var found] ? found : throw Unknown(id);

    private static RefusedException Unknown(Guid id) =>
        Problems.WebhookUnknown.Because($"You have no webhook {id}.");
}
