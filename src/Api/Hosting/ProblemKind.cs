using Leaderboard.Api.Quotas;

namespace Leaderboard.Api.Hosting;

/// <summary>A kind of refusal: one stable code, one status.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Code">Stable code that clients switch on.</param>
/// <param name="Title">What went wrong, the same for every problem of this code.</param>
internal sealed record ProblemKind(int Status, string Code, string Title)
{
    /// <summary>The exception that ends the request with this problem.</summary>
    public RefusedException Because(string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new(this, detail, errors);
}

/// <summary>
/// Ends a request with a problem that its client can act on; written once, in <see cref="ProblemWriter"/>.
/// </summary>
internal sealed class RefusedException(
    ProblemKind kind, string detail, IReadOnlyDictionary<string, string[]>? errors = null) : Exception(detail)
{
    public ProblemKind Kind => kind;

    public IReadOnlyDictionary<string, string[]>? Errors => errors;

    /// <summary>After what time the same request may be taken, where that is known; sent as <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public ExceededQuota? Quota { get; init; }

    /// <summary>Where what was kept of the request is, if something was; sent as <c>Location</c>.</summary>
    public string? Location { get; set; }
}
