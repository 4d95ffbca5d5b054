using System.Net;
using System.Text.Json;
using Dapper;

namespace Leaderboard.Api.Tests.Accounts;

public sealed class OwnKeysTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_of_ones_own_is_listed_without_its_secret_and_stops_when_it_is_revoked()
    {
        using var user = await api.CreateUserAsync("own");
        var made = await MakeAsync(user, new { label = "ci", scopes = (string[])["read", "submit"] });
        var secret = made.GetProperty("key").GetString()!;
        using var ci = api.ClientWith(secret);
        await ci.GetJsonAsync("/api/v1/me");

        var list = await user.GetJsonAsync("/api/v1/me/api-keys");
        Assert.DoesNotContain(secret, list.ToString());
        var listed = list.GetProperty("items")[0];
        Assert.Equal(made.GetProperty("id").GetString(), listed.GetProperty("id").GetString());
        Assert.Equal("ci", listed.GetProperty("label").GetString());
        Assert.StartsWith(listed.GetProperty("prefix").GetString()!, secret, StringComparison.Ordinal);
        Assert.Equal(["read", "submit"], Texts(listed.GetProperty("scopes")));
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("expires_at").ValueKind);
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("revoked_at").ValueKind);
        Assert.Equal(2, list.GetProperty("items").GetArrayLength());
        var page = await user.GetJsonAsync("/api/v1/me/api-keys?limit=1");
        var rest = await user.GetJsonAsync($"/api/v1/me/api-keys?limit=1&cursor={page.GetProperty("next")}");
        Assert.Equal("test", Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("label").GetString());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);

        for (var times = 0; times < 2; times++)
        {
            using var revoked = await user.DeleteAsync($"/api/v1/me/api-keys/{made.GetProperty("id")}", Token);
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }
        var problem = await ci.ShouldRefuseAsync("/api/v1/me", null, 401, "unauthenticated");
        Assert.Contains("revoked", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_key_gives_no_scope_that_it_lacks()
    {
        using var submitter = await api.CreateUserAsync("narrow");
        await submitter.ShouldRefuseAsync(
            "/api/v1/me/api-keys", new { label = "x", scopes = (string[])["admin"] }, 403, "scope_missing");
        var reading = await MakeAsync(submitter, new { label = "x", scopes = (string[])["read"] });
        using var reader = api.ClientWith(reading.GetProperty("key").GetString());
        await reader.ShouldRefuseAsync(
            "/api/v1/me/api-keys", new { label = "x", scopes = (string[])["submit"] }, 403, "scope_missing");
        await reader.ShouldRefuseAsync(
            "/api/v1/me/api-keys", new { label = "x", scopes = (string[])["read"] }, 403, "scope_missing");

        // Nor does it end, or take over by rotation, a key that allows more.
        var keys = await submitter.GetJsonAsync("/api/v1/me/api-keys");
        var stronger = keys.GetProperty("items").EnumerateArray()
            .Single(key => Texts(key.GetProperty("scopes")).Contains("submit")).GetProperty("id");
        await reader.ShouldRefuseAsync($"/api/v1/me/api-keys/{stronger}/rotate", new { }, 403, "scope_missing");
        using var response = await reader.DeleteAsync($"/api/v1/me/api-keys/{stronger}", Token);
        await response.ShouldBeProblemAsync(403, "scope_missing");
    }

    [Fact]
    public async Task A_key_that_only_reads_ends_itself_alone()
    {
        using var user = await api.CreateUserAsync("reading");
        var sibling = (await MakeAsync(user, new { label = "a", scopes = (string[])["read"] })).GetProperty("id");
        var made = await MakeAsync(user, new { label = "b", scopes = (string[])["read"] });
        using var reader = api.ClientWith(made.GetProperty("key").GetString());
        using var refused = await reader.DeleteAsync($"/api/v1/me/api-keys/{sibling}", Token);
        await refused.ShouldBeProblemAsync(403, "scope_missing");
        await reader.ShouldRefuseAsync($"/api/v1/me/api-keys/{sibling}/rotate", new { }, 403, "scope_missing");

        var rotated = await reader.PostJsonAsync(
            $"/api/v1/me/api-keys/{made.GetProperty("id")}/rotate", new { }, HttpStatusCode.Created);
        using var next = api.ClientWith(rotated.GetProperty("key").GetString());
        using var revoked = await next.DeleteAsync($"/api/v1/me/api-keys/{rotated.GetProperty("id")}", Token);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
    }

    [Fact]
    public async Task No_key_makes_one_that_outlives_it()
    {
        using var user = await api.CreateUserAsync("outlived");
        var soon = TimeProvider.System.GetUtcNow().AddDays(1);
        var made = await MakeAsync(user, new { label = "x", scopes = (string[])["submit"], expires_at = soon });
        using var client = api.ClientWith(made.GetProperty("key").GetString());
        foreach (var expiry in (DateTimeOffset?[])[null, soon.AddSeconds(1)])
        {
            await client.ShouldRefuseAsync(
                "/api/v1/me/api-keys", new { label = "x", scopes = (string[])["read"], expires_at = expiry }, 400,
                "validation_failed");
        }
        await MakeAsync(client, new { label = "x", scopes = (string[])["read"], expires_at = made.GetProperty("expires_at") });

        // Nor by rotation, of itself or of one that never expires.
        var address = $"/api/v1/me/api-keys/{made.GetProperty("id")}/rotate";
        await client.ShouldRefuseAsync(address, new { expires_at = soon.AddSeconds(1) }, 400, "validation_failed");
        var forever = (await MakeAsync(user, new { label = "x", scopes = (string[])["submit"] })).GetProperty("id");
        await client.ShouldRefuseAsync($"/api/v1/me/api-keys/{forever}/rotate", new { }, 400, "validation_failed");
        var rotated = await client.PostJsonAsync(address, new { }, HttpStatusCode.Created);
        Assert.Equal(made.GetProperty("expires_at").GetDateTime(), rotated.GetProperty("expires_at").GetDateTime());
    }

    [Fact]
    public async Task A_key_with_scope_read_shows_its_users_private_submissions()
    {
        await api.CreateBenchmarkAsync("private-read");
        using var user = await api.CreateUserAsync("private-read");
        var reading = await MakeAsync(user, new { label = "x", scopes = (string[])["read"] });
        using var reader = api.ClientWith(reading.GetProperty("key").GetString());
        var submission = Samples.Submission("private-read");
        submission["visibility"] = "private";
        var id = (await ApiFactory.SubmitAsync(user, submission)).GetProperty("id");
        await reader.GetJsonAsync($"/api/v1/submissions/{id}");
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/submissions/{id}", null, 404, "submission_unknown");
    }

    [Fact]
    public async Task Anothers_key_is_unknown()
    {
        using var ada = await api.CreateUserAsync("ada");
        using var eve = await api.CreateUserAsync("eve");
        var id = (await MakeAsync(ada, new { label = "x", scopes = (string[])["read"] })).GetProperty("id");
        using var response = await eve.DeleteAsync($"/api/v1/me/api-keys/{id}", Token);
        await response.ShouldBeProblemAsync(404, "api_key_unknown");
        await eve.ShouldRefuseAsync($"/api/v1/me/api-keys/{id}/rotate", new { }, 404, "api_key_unknown");
        Assert.DoesNotContain(id.ToString(), (await eve.GetJsonAsync("/api/v1/me/api-keys")).ToString());
        await api.Anonymous.ShouldRefuseAsync("/api/v1/me/api-keys", null, 401, "unauthenticated");
    }

    [Fact]
    public async Task A_user_has_fifty_keys_at_most_also_when_requests_race()
    {
        using var user = await api.CreateUserAsync("hoarder");
        await api.ExecuteAsync("""
            insert into api_keys (user_id, name, key_sha256, scopes)
            select u.id, 'k', sha256(convert_to('hoarder' || i, 'UTF8')), array['read']
            from users u cross join generate_series(1, 46) i where u.name = 'hoarder'
            """);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => user.PostAsync(
            "/api/v1/me/api-keys", Samples.Json(new { label = "x", scopes = (string[])["read"] }), Token)));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        await answers.First(answer => answer.StatusCode != HttpStatusCode.Created)
            .ShouldBeProblemAsync(409, "api_keys_exhausted");
    }

    private const string Waiting = """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query not like 'update api_keys set last_used_at%'
        """;

    [Fact]
    public async Task The_last_admin_key_is_kept()
    {
        var own = (await api.Admin.GetJsonAsync("/api/v1/me")).GetProperty("api_key").GetProperty("id").GetGuid();
        var address = $"/api/v1/me/api-keys/{own}";
        // One that expires does not stand in for it, neither beside it nor in its place.
        var soon = TimeProvider.System.GetUtcNow().AddDays(1);
        await MakeAsync(api.Admin, new { label = "x", scopes = (string[])["admin"], expires_at = soon });
        await api.Admin.ShouldRefuseAsync($"{address}/rotate", new { expires_at = soon }, 409, "last_admin_key");
        using var refused = await api.Admin.DeleteAsync(address, Token);
        await refused.ShouldBeProblemAsync(409, "last_admin_key");

        var ring = new List<(Guid Id, HttpClient Client)> { (own, api.Admin) };
        while (ring.Count < 8)
        {
            var made = await MakeAsync(api.Admin, new { label = "x", scopes = (string[])["admin", "submit"] });
            ring.Add((made.GetProperty("id").GetGuid(), api.ClientWith(made.GetProperty("key").GetString())));
        }
        // Each ends the next one's, all at once: while the table is locked, none gets further than to wait.
        await using var connection = await api.Rows.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await connection.ExecuteAsync("lock table api_keys in exclusive mode", transaction: transaction);
        var requests = ring.Select((admin, place) =>
            admin.Client.DeleteAsync($"/api/v1/me/api-keys/{ring[(place + 1) % ring.Count].Id}", Token)).ToList();
        while (await api.ScalarAsync<int>(Waiting) < ring.Count)
        {
            await Task.Yield();
        }
        await transaction.CommitAsync(Token);
        var answers = await Task.WhenAll(requests);
        await Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.NoContent)
            .ShouldBeProblemAsync(409, "last_admin_key");
        Assert.Equal(1, await api.ScalarAsync<int>("""
            select count(*) from api_keys where revoked_at is null and expires_at is null and 'admin' = any(scopes)
            """));
        await api.ExecuteAsync("update api_keys set revoked_at = null where id = @own", new { own });
    }

    [Theory]
    [InlineData("""{ "label": "x", "scopes": [] }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": ["root"] }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": [null] }""", "validation_failed")]
    [InlineData("""{ "label": "\u0000", "scopes": ["read"] }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": ["read"], "expires_at": "2001-01-01T00:00:00Z" }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": ["read"], "expires_at": "9999-12-31T23:59:59.9999999" }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": ["read"], "expires_at": "0001-01-01T00:00:00+14:00" }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": ["read"], "expires_at": "tomorrow" }""", "validation_failed")]
    [InlineData("""{ "label": "x", "scopes": ["read"] """, "json_malformed")]
    public async Task A_bad_key_request_is_refused(string json, string code)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        await api.Admin.ShouldRefuseAsync("/api/v1/me/api-keys", content, 400, code);
    }

    internal static Task<JsonElement> MakeAsync(HttpClient user, object request) =>
        user.PostJsonAsync("/api/v1/me/api-keys", request, HttpStatusCode.Created);

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString());
}
