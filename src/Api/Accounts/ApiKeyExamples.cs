namespace Leaderboard.Api.Accounts;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ApiKeyExamples
{
    public static readonly ApiKeyRequest Request = new("ada", "laptop", [Scopes.Submit]);

    public static readonly CreatedApiKey Created = new(
        "ada", "laptop", [Scopes.Submit], "lb_the-key-is-shown-this-once",
        new Guid("0d9c1a52-7b7e-4a0f-9c52-3d1e5f6a7b80"), ExpiresAt: null);
}
