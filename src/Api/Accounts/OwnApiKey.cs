namespace Leaderboard.Api.Accounts;

/// <summary>Asks for a further key of one's own.</summary>
/// <param name="Label">What the key is for, 1 to 100 characters.</param>
/// <param name="Scopes">What the key allows, one or more of <c>read</c>, <c>submit</c>, <c>admin</c>; none that the key
/// that is sent lacks, <c>read</c> aside, which every key has.</param>
/// <param name="ExpiresAt">When the key ends, within ten years and no later than the key that is sent, UTC where no zone
/// is named; null: never, which a key that expires may not ask for.</param>
public sealed record OwnApiKeyRequest(string Label, IReadOnlyList<string> Scopes, DateTime? ExpiresAt = null);

/// <summary>Asks for a key in place of another.</summary>
/// <param name="GraceSeconds">For how long the old key still opens what it did, 0 to 604800 (7 days) seconds; 0 by
/// default.</param>
/// <param name="ExpiresAt">When the new key ends, within ten years, UTC where no zone is named; null: when the old one
/// would have.</param>
public sealed record RotationRequest(int GraceSeconds = 0, DateTime? ExpiresAt = null);

/// <summary>An API key without its secret.</summary>
/// <param name="Id">Id of the key.</param>
/// <param name="Label">What the key is for.</param>
/// <param name="Prefix">The key's first nine characters; null for a key older than this field.</param>
/// <param name="Scopes">What the key allows.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it ends, or ended, by itself, UTC; null: never.</param>
/// <param name="LastUsedAt">When it was last sent, UTC, up to a minute behind; null: never.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null: it was not.</param>
/// <param name="ReplacedBy">Id of the key that took its place; null: none did.</param>
public sealed record OwnApiKey(
    Guid Id,
    string Label,
    string? Prefix,
    IReadOnlyList<string> Scopes,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    DateTime? LastUsedAt,
    DateTime? RevokedAt,
    Guid? ReplacedBy);
