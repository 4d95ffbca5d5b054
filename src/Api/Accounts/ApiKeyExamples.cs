namespace Leaderboard.Api.Accounts;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ApiKeyExamples
{
    private const string Label = "laptop";

    private static readonly Guid Id = new("0d9c1a52-7b7e-4a0f-9c52-3d1e5f6a7b80");

    public static readonly ApiKeyRequest Request = new("ada", Label, [Scopes.Submit]);

    public static readonly CreatedApiKey Created = new(
        "ada", Label, [Scopes.Submit], "lb_the-key-is-shown-this-once", Id, ExpiresAt: null);

    public static readonly OwnApiKeyRequest OwnRequest = new(
        "CI", [Scopes.Submit], new DateTime(2027, 11, 26, 0, 0, 0, DateTimeKind.Utc));

    public static readonly RotationRequest Rotation = new(GraceSeconds: 3600);

    public static readonly OwnApiKey Own = new(
        Id, Label, "lb_the-ke", [Scopes.Submit], new DateTime(2026, 11, 26, 9, 0, 0, DateTimeKind.Utc), ExpiresAt: null,
        new DateTime(2026, 11, 26, 9, 30, 0, DateTimeKind.Utc), RevokedAt: null, ReplacedBy: null);
}
