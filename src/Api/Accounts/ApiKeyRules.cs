using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Accounts;

/// <summary>What a key must be that somebody asks for.</summary>
internal static class ApiKeyRules
{
    /// <summary>Longest life of a key that expires: ten years.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3653);

    public static void CheckLabel(string label, Errors errors) => errors.RequireText(label, "label", maxLength: 100);

    public static void CheckScopes(IReadOnlyList<string> scopes, Errors errors) => errors.Require(
        scopes.Count > 0 && scopes.All(Scopes.All.Contains),
        "scopes",
        $"must hold one or more of {string.Join(", ", Scopes.All)}");

    public static void CheckExpiry(DateTime? expiresAt, TimeProvider clock, Errors errors) => errors.Require(
        expiresAt is not { } at || clock.GetUtcNow() < InUtc(at) && InUtc(at) < clock.GetUtcNow() + LongestLife,
        "expires_at",
        "must be a time in the future, within ten years");

    /// <summary>A time that names no zone is taken for UTC.</summary>
    public static DateTimeOffset InUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, TimeSpan.Zero) : time.ToUniversalTime();

    /// <summary>No key makes one that outlives it.</summary>
    public static void CheckOutlived(DateTime? expiresAt, DateTime? sent, Errors errors) => errors.Require(
        sent is null || (expiresAt is { } at && InUtc(at) <= InUtc(sent.Value)),
        "expires_at",
        $"must not lie beyond that of the key that was sent, {sent:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}");

    /// <summary>A key that only reads makes and ends no others.</summary>
    public static void RequireMore(IEnumerable<string> held)
    {
        if (held.All(scope => scope == Scopes.Read))
        {
            throw Problems.ScopeMissing.Because(
                $"A key of scope {Scopes.Read} alone revokes and rotates itself, and no other.");
        }
    }

    /// <summary>Nobody hands on, or ends, more than their own key allows.</summary>
    public static void RequireWithin(IEnumerable<string> asked, IEnumerable<string> held)
    {
        var beyond = asked.Except(held).Except([Scopes.Read]).ToList();
        if (beyond.Count > 0)
        {
            throw Problems.ScopeMissing.Because(
                $"Scope {string.Join(" and ", beyond)} is not among those of the key that was sent.");
        }
    }
}
