namespace Leaderboard.Api.Accounts;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ApiKeyExamples
{
    public static readonly ApiKeyRequest Request = new("ada", "laptop", [Scopes.Submit]);

    public static readonly CreatedApiKey Created = new("ada", "laptop", [Scopes.Submit], "lb_the-key-is-shown-this-once");
}
