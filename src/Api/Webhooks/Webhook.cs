namespace Leaderboard.Api.Webhooks;

/// <summary>Asks to be told of one's evaluations.</summary>
/// <param name="Url">Where to, an https address of a public host.</param>
/// <param name="Events">
/// Of what: <c>evaluation.running</c>, <c>evaluation.succeeded</c>, <c>evaluation.failed</c>, <c>evaluation.cancelled</c>.
/// </param>
/// <param name="Secret">
/// What deliveries are signed with: <c>whsec_</c> and 24 to 64 bytes in base64. Null: one is made.
/// </param>
public sealed record WebhookRequest(string Url, IReadOnlyList<string> Events, string? Secret = null);

/// <summary>Where a user is told of their evaluations.</summary>
/// <param name="Id">Id of the webhook.</param>
/// <param name="Url">Where to.</param>
/// <param name="Events">Of what.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="DisabledAt">Since when nothing is sent, UTC; a test call that arrives ends that. Null: all is sent.</param>
/// <param name="DisabledReason">Why nothing is sent.</param>
public sealed record Webhook(
    Guid Id, string Url, IReadOnlyList<string> Events, DateTime CreatedAt, DateTime? DisabledAt, string? DisabledReason);

/// <summary>A webhook, just made.</summary>
/// <param name="Id">Id of the webhook.</param>
/// <param name="Url">Where to.</param>
/// <param name="Events">Of what.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Secret">What deliveries are signed with. It is shown this once.</param>
public sealed record CreatedWebhook(Guid Id, string Url, IReadOnlyList<string> Events, DateTime CreatedAt, string Secret);

/// <summary>One message to a webhook.</summary>
/// <param name="Id">Its id, <c>webhook-id</c> at every attempt.</param>
/// <param name="Event">Of what it tells, or <c>webhook.test</c>.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, or <c>failed</c> after the last attempt.</param>
/// <param name="Attempts">Attempts begun.</param>
/// <param name="Status">HTTP status that the last attempt was answered with; null where it was not answered.</param>
/// <param name="Error">Why the last attempt did not deliver it; null where it did.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="NextAttemptAt">When it is tried next, UTC; null once it has ended.</param>
/// <param name="EndedAt">When it was delivered or given up, UTC.</param>
public sealed record WebhookDelivery(
    Guid Id,
    string Event,
    string State,
    int Attempts,
    int? Status,
    string? Error,
    DateTime CreatedAt,
    DateTime? NextAttemptAt,
    DateTime? EndedAt);
