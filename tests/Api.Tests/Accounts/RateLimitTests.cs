using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Leaderboard.Api.Tests.Accounts;

/// <summary>An Api that answers little, behind a proxy.</summary>
public sealed class SparingApiFactory : ApiFactory
{
    protected override IReadOnlyList<string> Settings =>
    [
        "--RateLimits:AnonymousPerMinute=3", "--RateLimits:UserPerMinute=5", "--RateLimits:RegistrationsPerHour=2",
        "--RateLimits:KnownProxies=10.0.0.0/8, 127.0.0.1", "--Accounts:OpenRegistration=true",
    ];
}

public sealed partial class RateLimitTests(SparingApiFactory api) : IClassFixture<SparingApiFactory>
{
    [Fact]
    public async Task What_is_over_the_limit_is_refused_until_the_time_that_is_told()
    {
        for (var left = 2; left >= 0; left--)
        {
            using var response = await AskAsync(api.Anonymous, from: "192.0.2.1");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("\"anonymous\";q=3;w=60", Header(response, "RateLimit-Policy"));
            Assert.Equal(left, Remaining(response, "anonymous"));
        }
        using var refused = await AskAsync(api.Anonymous, from: "192.0.2.1");
        await refused.ShouldBeProblemAsync(429, "rate_limited");
        Assert.Equal("\"anonymous\";r=0;t=20", Header(refused, "RateLimit"));
        Assert.Equal(TimeSpan.FromSeconds(20), refused.Headers.RetryAfter!.Delta);
        // Another address has a bucket of its own.
        using var other = await AskAsync(api.Anonymous, from: "192.0.2.2");
        Assert.Equal(2, Remaining(other, "anonymous"));
    }

    [Fact]
    public async Task The_keys_of_a_user_share_a_bucket_wherever_they_are_sent_from()
    {
        await api.ExecuteAsync("""
            with u as (insert into users (name) values ('shared') returning id)
            insert into api_keys (user_id, name, key_sha256, scopes)
            select u.id, k, sha256(convert_to(k, 'UTF8')), array['read'] from u, unnest(array['lb_one', 'lb_two']) k
            """);
        using var one = api.ClientWith("lb_one");
        using var two = api.ClientWith("lb_two");
        using var first = await AskAsync(one, from: "192.0.2.3");
        Assert.Equal("\"user\";q=5;w=60", Header(first, "RateLimit-Policy"));
        Assert.Equal(4, Remaining(first, "user"));
        using var second = await AskAsync(two, from: "192.0.2.4");
        Assert.Equal(3, Remaining(second, "user"));
    }

    [Fact]
    public async Task Refusals_count_and_tell_what_is_left()
    {
        using var client = api.ClientWith("lb_guessed");
        using var response = await AskAsync(client, from: "192.0.2.5");
        await response.ShouldBeProblemAsync(401, "unauthenticated");
        Assert.Equal(2, Remaining(response, "anonymous"));
        using var nowhere = await AskAsync(api.Anonymous, from: "192.0.2.5", "/api/v1/nowhere");
        Assert.Equal(1, Remaining(nowhere, "anonymous"));
    }

    [Fact]
    public async Task Registrations_are_few_an_hour()
    {
        foreach (var (name, status, left) in (IEnumerable<(string, int, int)>)
            [("few-a", 201, 1), ("few-b", 201, 0), ("few-c", 429, 0)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/registrations")
            {
                Content = Samples.Json(new { name }),
                Headers = { { "X-Forwarded-For", "192.0.2.6" } },
            };
            using var response = await api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(left, Remaining(response, "registrations"));
            Assert.Contains("\"registrations\";q=2;w=3600", Header(response, "RateLimit-Policy"), StringComparison.Ordinal);
            Assert.Equal(status == 429 ? "1800" : null, response.Headers.RetryAfter?.ToString());
        }
    }

    [Fact]
    public async Task Addresses_of_one_ipv6_network_share_a_bucket()
    {
        using var first = await AskAsync(api.Anonymous, from: "2001:db8:1:2::1");
        Assert.Equal(2, Remaining(first, "anonymous"));
        using var same = await AskAsync(api.Anonymous, from: "2001:db8:1:2:ffff::9");
        Assert.Equal(1, Remaining(same, "anonymous"));
        using var other = await AskAsync(api.Anonymous, from: "2001:db8:1:3::1");
        Assert.Equal(2, Remaining(other, "anonymous"));
    }

    [Fact]
    public async Task Only_what_known_proxies_have_written_is_believed()
    {
        // The client wrote the first address, a proxy that is known the second; the last is another known proxy's.
        using var first = await AskAsync(api.Anonymous, from: "203.0.113.1, 192.0.2.7, 10.0.0.9");
        Assert.Equal(2, Remaining(first, "anonymous"));
        using var second = await AskAsync(api.Anonymous, from: "203.0.113.2, 192.0.2.7");
        Assert.Equal(1, Remaining(second, "anonymous"));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/swagger/index.html")]
    public async Task What_is_no_part_of_the_api_has_no_limit(string address)
    {
        for (var times = 0; times < 10; times++)
        {
            using var response = await AskAsync(api.Anonymous, from: "192.0.2.8", address);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit"));
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(
        HttpClient client, string from, string address = "/api/v1/benchmarks")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "X-Forwarded-For", from } } };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        string.Join(", ", response.Headers.GetValues(name));

    private static int Remaining(HttpResponseMessage response, string policy)
    {
        var items = Items().Matches(Header(response, "RateLimit"));
        var item = Assert.Single(items, item => item.Groups["policy"].Value == policy);
        Assert.InRange(int.Parse(item.Groups["t"].Value, CultureInfo.InvariantCulture), 1, 3600);
        return int.Parse(item.Groups["r"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("\"(?<policy>[a-z]+)\";r=(?<r>[0-9]+);t=(?<t>[0-9]+)")]
    private static partial Regex Items();
}

/// <summary>An Api that knows no proxy.</summary>
public sealed class UnproxiedApiFactory : ApiFactory
{
    protected override IReadOnlyList<string> Settings => ["--RateLimits:AnonymousPerMinute=2"];
}

public sealed class ForgedAddressTests(UnproxiedApiFactory api) : IClassFixture<UnproxiedApiFactory>
{
    [Fact]
    public async Task A_forged_address_opens_no_bucket_of_its_own()
    {
        var statuses = new List<HttpStatusCode>();
        for (var client = 0; client < 3; client++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/benchmarks")
            {
                Headers = { { "X-Forwarded-For", $"192.0.2.{client}" } },
            };
            using var response = await api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
            statuses.Add(response.StatusCode);
        }
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }
}
