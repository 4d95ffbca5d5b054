using System.Net;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Webhooks;

/// <summary>What a webhook must be.</summary>
internal static class WebhookRules
{
    public const string Test = "webhook.test";

    public static readonly IReadOnlyList<string> Events =
        ["evaluation.running", "evaluation.succeeded", "evaluation.failed", "evaluation.cancelled"];

    public static void Validate(WebhookRequest request, WebhookOptions options)
    {
        var errors = new Errors();
        errors.RequireUrl(request.Url, "url");
        if (Uri.TryCreate(request.Url, UriKind.Absolute, out var url))
        {
            errors.Require(
                url.Scheme == Uri.UriSchemeHttps || options.AllowPrivateAddresses, "url", "must be an https address");
            errors.Require(url.UserInfo.Length == 0 && url.Fragment.Length == 0, "url", "must have no user and no fragment");
            // A name is looked up when it is delivered to, each time.
            errors.Require(
                options.AllowPrivateAddresses || !IPAddress.TryParse(url.IdnHost, out var address) || PublicAddress.Is(address),
                "url", "must not be an address of a private network");
        }
        errors.Require(
            request.Events.Count > 0 && request.Events.All(name => Events.Contains(name)),
            "events", $"must hold some of {string.Join(", ", Events)}");
        errors.Require(
            request.Secret is null || WebhookSecret.TryRead(request.Secret) is not null,
            "secret", $"must be '{WebhookSecret.Prefix}' and {WebhookSecret.MinBytes} to {WebhookSecret.MaxBytes} bytes in base64");
        errors.ThrowIfAny();
    }
}
