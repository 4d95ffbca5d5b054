using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Accounts;

/// <summary>Keys as time goes by; each test puts the clock forward.</summary>
public sealed class KeysInTimeTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task An_expired_key_opens_nothing_and_is_told_so()
    {
        using var user = await api.CreateUserAsync("expiring");
        var made = await OwnKeysTests.MakeAsync(
            user, new { label = "x", scopes = (string[])["submit"], expires_at = api.Clock.GetUtcNow().AddHours(1) });
        using var client = api.ClientWith(made.GetProperty("key").GetString());
        await client.GetJsonAsync("/api/v1/me");
        api.Clock.Advance(TimeSpan.FromHours(1));
        var problem = await client.ShouldRefuseAsync("/api/v1/me", null, 401, "unauthenticated");
        Assert.Contains("expired at", problem.GetProperty("detail").GetString());
        await client.ShouldRefuseAsync("/api/v1/benchmarks", null, 401, "unauthenticated");
        await user.ShouldRefuseAsync(
            $"/api/v1/me/api-keys/{made.GetProperty("id")}/rotate", new { }, 409, "api_key_ended");
    }

    [Fact]
    public async Task A_rotated_key_ends_at_once_where_no_grace_is_asked_for()
    {
        using var user = await api.CreateUserAsync("rotating");
        var old = await OwnKeysTests.MakeAsync(user, new { label = "ci", scopes = (string[])["submit"] });
        using var client = api.ClientWith(old.GetProperty("key").GetString());
        using var response = await client.PostAsync(
            $"/api/v1/me/api-keys/{old.GetProperty("id")}/rotate", null, TestContext.Current.CancellationToken);
        var replacement = await response.ReadAsync(HttpStatusCode.Created);
        await client.ShouldRefuseAsync("/api/v1/me", null, 401, "unauthenticated");
        using var next = api.ClientWith(replacement.GetProperty("key").GetString());
        var me = await next.GetJsonAsync("/api/v1/me");
        Assert.Equal("ci", me.GetProperty("api_key").GetProperty("label").GetString());
        Assert.Equal("submit", me.GetProperty("api_key").GetProperty("scopes")[0].GetString());
        await next.ShouldRefuseAsync(
            $"/api/v1/me/api-keys/{old.GetProperty("id")}/rotate", new { }, 409, "api_key_ended");
    }

    [Fact]
    public async Task A_rotated_key_works_through_its_grace_and_is_replaced_once()
    {
        using var user = await api.CreateUserAsync("graceful");
        var old = await OwnKeysTests.MakeAsync(user, new { label = "ci", scopes = (string[])["submit"] });
        var address = $"/api/v1/me/api-keys/{old.GetProperty("id")}/rotate";
        using var client = api.ClientWith(old.GetProperty("key").GetString());
        foreach (var seconds in (int[])[-1, 604_801])
        {
            await client.ShouldRefuseAsync(address, new { grace_seconds = seconds }, 400, "validation_failed");
        }
        var replacement = await client.PostJsonAsync(address, new { grace_seconds = 60 }, HttpStatusCode.Created);
        using var next = api.ClientWith(replacement.GetProperty("key").GetString());
        await next.GetJsonAsync("/api/v1/me");
        await client.GetJsonAsync("/api/v1/me");
        await client.ShouldRefuseAsync(address, new { grace_seconds = 60 }, 409, "api_key_ended");
        Assert.Equal(
            replacement.GetProperty("id").GetString(),
            (await ListedAsync(next, old)).GetProperty("replaced_by").GetString());

        api.Clock.Advance(TimeSpan.FromSeconds(61));
        await client.ShouldRefuseAsync("/api/v1/me", null, 401, "unauthenticated");
        await next.GetJsonAsync("/api/v1/me");
    }

    [Fact]
    public async Task Last_use_is_written_once_a_minute()
    {
        using var user = await api.CreateUserAsync("used");
        var made = await OwnKeysTests.MakeAsync(user, new { label = "x", scopes = (string[])["read"] });
        Assert.Equal(JsonValueKind.Null, (await ListedAsync(user, made)).GetProperty("last_used_at").ValueKind);
        using var client = api.ClientWith(made.GetProperty("key").GetString());

        await client.GetJsonAsync("/api/v1/me");
        var first = await LastUseAfterAsync(user, made, DateTime.MinValue);
        await client.GetJsonAsync("/api/v1/me");
        Assert.Equal(first, await LastUseAfterAsync(user, made, DateTime.MinValue));
        api.Clock.Advance(TimeSpan.FromMinutes(2));
        await client.GetJsonAsync("/api/v1/me");
        Assert.True(await LastUseAfterAsync(user, made, first) - first >= TimeSpan.FromMinutes(2));
    }

    // It is written behind the answer's back.
    private static async Task<DateTime> LastUseAfterAsync(HttpClient user, JsonElement key, DateTime before)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var used = (await ListedAsync(user, key)).GetProperty("last_used_at");
            if (used.ValueKind != JsonValueKind.Null && used.GetDateTime() > before)
            {
                return used.GetDateTime();
            }
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JsonElement> ListedAsync(HttpClient user, JsonElement key) =>
        (await user.GetJsonAsync("/api/v1/me/api-keys")).GetProperty("items").EnumerateArray()
        .Single(listed => listed.GetProperty("id").GetString() == key.GetProperty("id").GetString());
}
