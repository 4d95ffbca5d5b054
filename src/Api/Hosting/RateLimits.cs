using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Leaderboard.Api.Compat.PapersWithCode;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// Token buckets: a bucket a user or, without a key, an address; and one an address for registrations. What is left in
/// them is told by <c>RateLimit</c> and <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers).
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Policy anonymous;
    private readonly Policy user;
    private readonly Policy registrations;
    private readonly PartitionedRateLimiter<HttpContext> requests;
    private readonly PartitionedRateLimiter<HttpContext> signUps;

    public RateLimits(IOptions<RateLimitOptions> options)
    {
        anonymous = new Policy("anonymous", options.Value.AnonymousPerMinute, Minute);
        user = new Policy("user", options.Value.UserPerMinute, Minute);
        registrations = new Policy("registrations", options.Value.RegistrationsPerHour, Hour);
        requests = PartitionedRateLimiter.Create<HttpContext, string>(http => PartitionOf(http, PolicyOf(http)));
        signUps = PartitionedRateLimiter.Create<HttpContext, string>(
            http => PartitionOf(http, IsRegistration(http) ? registrations : null));
        // The rarer first: what the second refuses has taken from the first already.
        All = PartitionedRateLimiter.CreateChained(signUps, requests);
    }

    public PartitionedRateLimiter<HttpContext> All { get; }

    /// <summary>Tells the client what it may still send.</summary>
    public void SetHeaders(HttpContext http)
    {
        Add(PolicyOf(http), requests);
        Add(IsRegistration(http) ? registrations : null, signUps);

        void Add(Policy? policy, PartitionedRateLimiter<HttpContext> limiter)
        {
            if (policy is { Limit: > 0 } && limiter.GetStatistics(http) is { } statistics)
            {
                var left = Math.Max(0, statistics.CurrentAvailablePermits);
                http.Response.Headers.Append("RateLimit-Policy", policy.Described);
                http.Response.Headers.Append("RateLimit", string.Create(
                    CultureInfo.InvariantCulture, $"\"{policy.Name}\";r={left};t={policy.SecondsUntilFull(left)}"));
            }
        }
    }

    public void Dispose()
    {
        All.Dispose();
        requests.Dispose();
        signUps.Dispose();
    }

    // Health, metrics, the dashboard and the documentation are no part of the API.
    private Policy? PolicyOf(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api") && !PapersWithCodeApi.Serves(http) ? null
        : http.User.FindFirstValue(ClaimTypes.NameIdentifier) is null ? anonymous
        : user;

    private static bool IsRegistration(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/api/v1/registrations");

    private static RateLimitPartition<string> PartitionOf(HttpContext http, Policy? policy) =>
        policy is not { Limit: > 0 }
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(
                $"{policy.Name} {WhoOf(http, policy)}",
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = policy.Limit,
                    TokensPerPeriod = 1,
                    ReplenishmentPeriod = policy.Window / policy.Limit,
                });

    private static string? WhoOf(HttpContext http, Policy policy) =>
        policy.Name == "user" ? http.User.FindFirstValue(ClaimTypes.NameIdentifier) : AddressOf(http);

    // A provider gives each of its customers a /64 at least, and who has one has all of its addresses.
    private static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private sealed record Policy(string Name, int Limit, TimeSpan Window)
    {
        public string Described { get; } = string.Create(
            CultureInfo.InvariantCulture, $"\"{Name}\";q={Limit};w={Window.TotalSeconds}");

        /// <summary>From an empty bucket, until it holds a token: what <c>Retry-After</c> says then.</summary>
        public long SecondsUntilFull(long left) => Math.Max(
            1, (long)Math.Ceiling((left == 0 ? 1 : Limit - left) * Window.TotalSeconds / Limit));
    }
}
