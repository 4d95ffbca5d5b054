namespace Leaderboard.Api.Webhooks;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class WebhookExamples
{
    private const string Url = "https://ci.example/leaderboard";

    private static readonly Guid Id = new("3f1c8b52-6d0e-4c7a-8b19-2e5d7a9c4f60");
    private static readonly string[] Events = ["evaluation.succeeded", "evaluation.failed"];
    private static readonly DateTime CreatedAt = new(2026, 11, 26, 9, 25, 0, DateTimeKind.Utc);

    public static readonly WebhookRequest Request = new(Url, Events);

    public static readonly CreatedWebhook Created = new(Id, Url, Events, CreatedAt, "whsec_the-secret-is-shown-this-once");

    public static readonly Webhook Webhook = new(Id, Url, Events, CreatedAt, DisabledAt: null, DisabledReason: null);

    public static readonly WebhookDelivery Delivery = new(
        new Guid("8d2e4a16-90b7-4f3c-a5d8-1c6b7e0f9a24"), "evaluation.succeeded", "delivered", Attempts: 1, Status: 204,
        Error: null, new DateTime(2026, 11, 26, 9, 31, 4, DateTimeKind.Utc), NextAttemptAt: null,
        new DateTime(2026, 11, 26, 9, 31, 5, DateTimeKind.Utc));
}
