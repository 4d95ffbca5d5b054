using System.Globalization;
using System.Security.Claims;

namespace Leaderboard.Api.Accounts;

/// <summary>Who asks: decides which private rows are seen, and which quotas hold.</summary>
/// <param name="UserId">The key's user; null for a request without a key.</param>
/// <param name="IsAdmin">True where the key has scope <c>admin</c>.</param>
internal sealed record Caller(Guid? UserId, bool IsAdmin)
{
    public const string ScopeClaim = "scope";
    public const string KeyClaim = "api_key";
    public const string ExpiryClaim = "expires_at";

    public static Caller Of(ClaimsPrincipal user) => new(
        Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null,
        user.HasClaim(ScopeClaim, Scopes.Admin));

    /// <summary>The user of a request that authorization has let in.</summary>
    public static Guid UserIdOf(ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

    /// <summary>The key of a request that authorization has let in.</summary>
    public static Guid KeyIdOf(ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(KeyClaim)!);

    /// <summary>When the request's key ends by itself, UTC; null: never.</summary>
    public static DateTime? ExpiryOf(ClaimsPrincipal user) => user.FindFirstValue(ExpiryClaim) is { } at
        ? DateTime.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
        : null;

    /// <summary>The scopes of the request's key.</summary>
    public static IReadOnlyList<string> ScopesOf(ClaimsPrincipal user) =>
        [.. user.FindAll(ScopeClaim).Select(claim => claim.Value)];
}
