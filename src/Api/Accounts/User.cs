using Leaderboard.Api.Quotas;

namespace Leaderboard.Api.Accounts;

/// <summary>A user.</summary>
/// <param name="Name">Name of the user, shown beside what they hand in.</param>
/// <param name="CreatedAt">When the user was made, UTC.</param>
/// <param name="DisabledAt">Since when none of the user's keys opens anything, UTC; null: they do.</param>
/// <param name="QuotaOverrides">What an admin has set for this user in place of the installation's quotas.</param>
public sealed record User(string Name, DateTime CreatedAt, DateTime? DisabledAt, QuotaOverrides QuotaOverrides);

/// <summary>A user, and what is left to them.</summary>
/// <param name="Name">Name of the user.</param>
/// <param name="CreatedAt">When the user was made, UTC.</param>
/// <param name="DisabledAt">Since when none of the user's keys opens anything, UTC; null: they do.</param>
/// <param name="QuotaOverrides">What an admin has set for this user in place of the installation's quotas.</param>
/// <param name="Quotas">What the user may have and has; it does not hold for a key of scope <c>admin</c>.</param>
public sealed record UserDetails(
    string Name, DateTime CreatedAt, DateTime? DisabledAt, QuotaOverrides QuotaOverrides, QuotaStates Quotas);

/// <summary>Asks for a user.</summary>
/// <param name="Name">Name of the user, 1 to 40 of a to z, 0 to 9, <c>-</c>, <c>_</c> and <c>.</c>, a letter or digit
/// at both ends.</param>
/// <param name="Label">What the first key is for, 1 to 100 characters.</param>
/// <param name="Scopes">What the first key allows, one or more of <c>read</c>, <c>submit</c>, <c>admin</c>; null:
/// <c>submit</c>.</param>
/// <param name="ExpiresAt">When the first key ends, within ten years, UTC where no zone is named; null: never.</param>
public sealed record UserRequest(
    string Name, string Label = "first key", IReadOnlyList<string>? Scopes = null, DateTime? ExpiresAt = null);

/// <summary>Asks to be registered.</summary>
/// <param name="Name">Name of the user, 1 to 40 of a to z, 0 to 9, <c>-</c>, <c>_</c> and <c>.</c>, a letter or digit
/// at both ends.</param>
/// <param name="Label">What the first key, of scope <c>submit</c>, is for, 1 to 100 characters.</param>
public sealed record RegistrationRequest(string Name, string Label = "first key");

/// <summary>A user, just made.</summary>
/// <param name="User">The user.</param>
/// <param name="ApiKey">The user's first key, shown this once.</param>
public sealed record NewUser(User User, CreatedApiKey ApiKey);

/// <summary>Whose key was sent, what it allows, and what is left.</summary>
/// <param name="User">Name of the user.</param>
/// <param name="CreatedAt">When the user was made, UTC.</param>
/// <param name="ApiKey">The key that was sent.</param>
/// <param name="Quotas">What the user may have and has. A key of scope <c>admin</c> is held to none.</param>
public sealed record Me(string User, DateTime CreatedAt, SentApiKey ApiKey, QuotaStates Quotas);

/// <summary>The API key that was sent.</summary>
/// <param name="Id">Id of the key.</param>
/// <param name="Label">What the key is for.</param>
/// <param name="Scopes">What the key allows.</param>
/// <param name="ExpiresAt">When the key ends, UTC; null: never.</param>
public sealed record SentApiKey(Guid Id, string Label, IReadOnlyList<string> Scopes, DateTime? ExpiresAt);
