using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Quotas;

/// <summary>One quota of one user, counted.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Limit">How much the user may have.</param>
/// <param name="Used">How much is used.</param>
/// <param name="Times">When each unit was used, the oldest first; empty where time alone frees none.</param>
/// <param name="Now">When it was counted, UTC.</param>
internal sealed record Quota(string Name, long Limit, long Used, IReadOnlyList<DateTime> Times, DateTime Now)
{
    /// <summary>After this, a unit with a time is free again.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What time alone does not free is worth asking for again after this.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    /// <summary>As it is told to its user, who is held to it or not.</summary>
    public QuotaState ToState(bool held) => held
        ? new QuotaState(Limit, Used, Math.Max(0, Limit - Used), FreesAt(Math.Min(Limit, Used), 1))
        : new QuotaState(null, Used, null, FreesAt(Used, 1));

    /// <summary>Refuses what goes over it, for now.</summary>
    public void Require(long requested)
    {
        if (requested <= Limit - Used)
        {
            return;
        }
        var freesAt = FreesAt(Limit, requested);
        throw new RefusedException(Problems.QuotaExceeded, Describe(requested, freesAt))
        {
            // Nothing that a client waits for makes room for more than the limit.
            RetryAfter = requested > Limit ? null : freesAt - Now ?? AskAgain,
            Quota = new ExceededQuota(Name, Limit, Used, requested, freesAt),
        };
    }

    /// <summary>Refuses bytes that go over it, until others are gone.</summary>
    public void RequireBytes(long requested)
    {
        if (requested > 0 && requested > Limit - Used)
        {
            throw new RefusedException(Problems.StorageQuotaExceeded, Describe(requested, freesAt: null))
            {
                Quota = new ExceededQuota(Name, Limit, Used, requested, FreesAt: null),
            };
        }
    }

    // When so many units more fit under the limit; null where time alone never makes it so.
    private DateTime? FreesAt(long limit, long requested)
    {
        var mustGo = Used + requested - limit;
        return mustGo >= 1 && mustGo <= Times.Count ? Times[(int)mustGo - 1] + Day : null;
    }

    private string Describe(long requested, DateTime? freesAt) =>
        $"{Name}: {Used} of {Limit} are used, and this asks for {requested} more."
        + (freesAt is { } at ? $" There is room from {at:yyyy-MM-dd'T'HH:mm:ss'Z'} on." : "");
}
