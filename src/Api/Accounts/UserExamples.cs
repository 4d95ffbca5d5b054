using Leaderboard.Api.Quotas;

namespace Leaderboard.Api.Accounts;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class UserExamples
{
    private const string Name = "ada";

    private static readonly DateTime CreatedAt = new(2026, 11, 26, 9, 0, 0, DateTimeKind.Utc);

    private static readonly QuotaStates Quotas = new(
        new QuotaState(500, 2, 498, new DateTime(2026, 11, 27, 9, 30, 0, DateTimeKind.Utc)),
        new QuotaState(200, 1, 199, ResetsAt: null),
        new QuotaState(200, 0, 200, ResetsAt: null),
        new QuotaState(200_000_000_000, 102_550_000, 199_897_450_000, ResetsAt: null));

    public static readonly QuotaOverrides Overrides = new(SubmissionsPerDay: 500);

    public static readonly UserRequest Request = new(Name);

    public static readonly RegistrationRequest Registration = new(Name, ApiKeyExamples.Created.Label);

    public static readonly User User = new(Name, CreatedAt, DisabledAt: null, Overrides);

    public static readonly UserDetails Details = new(Name, CreatedAt, DisabledAt: null, Overrides, Quotas);

    public static readonly NewUser New = new(
        new User(Name, CreatedAt, DisabledAt: null, new QuotaOverrides()), ApiKeyExamples.Created);

    public static readonly Me Me = new(
        Name, CreatedAt,
        new SentApiKey(ApiKeyExamples.Created.Id, ApiKeyExamples.Created.Label, [Scopes.Submit], ExpiresAt: null), Quotas);
}
