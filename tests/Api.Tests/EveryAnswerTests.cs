using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Leaderboard.Api.Tests;

public sealed class EveryAnswerTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not_found")]
    [InlineData("GET", "/api/v1/submissions/not-a-uuid", 404, "not_found")]
    [InlineData("DELETE", "/api/v1/benchmarks", 405, "method_not_allowed")]
    [InlineData("POST", "/api/v1/api-keys", 400, "json_malformed")]
    public async Task Errors_of_the_framework_are_problems_too(string method, string address, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var response = await api.Admin.SendAsync(request, Token);
        await response.ShouldBeProblemAsync(status, code);
    }

    [Theory]
    [InlineData("{", "json_malformed", 400)]
    [InlineData("", "json_malformed", 400)]
    [InlineData("null", "json_malformed", 400)]
    [InlineData("[]", "validation_failed", 400)]
    [InlineData("""{"user":"u","label":"l","scopes":["root"]}""", "validation_failed", 400)]
    [InlineData("""{"user":"u","label":"l","scopes":[null]}""", "validation_failed", 400)]
    [InlineData("""{"user":"u","label":"l","scopes":[]}""", "validation_failed", 400)]
    [InlineData("""{"user":"A/b","label":"l","scopes":["submit"]}""", "validation_failed", 400)]
    [InlineData("""{"user":"u","label":"l\u202e","scopes":["submit"]}""", "validation_failed", 400)]
    [InlineData("""{"user":"u\u0000","label":"l","scopes":["submit"]}""", "validation_failed", 400)]
    [InlineData("""{"user":"u","label":"l","scopes":["submit"],"x":1}""", "validation_failed", 400)]
    public async Task A_bad_key_request_is_refused(string json, string code, int status)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        await api.Admin.ShouldRefuseAsync("/api/v1/api-keys", content, status, code);
    }

    [Fact]
    public async Task A_body_of_another_type_is_told_as_the_body()
    {
        using var content = new StringContent("[]", Encoding.UTF8, "application/json");
        var problem = await api.Admin.ShouldRefuseAsync("/api/v1/api-keys", content, 400, "validation_failed");
        Assert.Equal("body", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_user_of_a_name_that_earlier_versions_took_gets_keys_still()
    {
        await api.ExecuteAsync("insert into users (name) values ('C/d')");
        using var user = await api.CreateUserAsync("C/d");
        Assert.Equal("C/d", (await user.GetJsonAsync("/api/v1/me")).GetProperty("user").GetString());
    }

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/readyz", 503)]
    [InlineData("/api/v1/benchmarks/head/leaderboard", 200)]
    [InlineData("/api/v1/benchmarks/head/progress.svg", 200)]
    [InlineData("/api/v1/badges/head/m.svg", 200)]
    [InlineData("/api/v1/badges/nowhere/m.svg", 404)]
    [InlineData("/api/v1/tasks", 200)]
    [InlineData("/api/v1/datasets", 200)]
    [InlineData("/api/v1/methods", 200)]
    [InlineData("/api/v1/papers", 200)]
    [InlineData("/api/v1/papers/hep-th/9901001", 404)]
    public async Task Head_gets_what_get_does_without_the_body(string address, int status)
    {
        if (await api.ScalarAsync<bool>("select not exists (select from benchmarks where name = 'head')"))
        {
            await api.CreateBenchmarkAsync("head");
        }
        await api.ExecuteAsync("delete from workers");
        using var got = await api.Anonymous.GetAsync(address, Token);
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var response = await api.Anonymous.SendAsync(request, Token);
        Assert.Equal((status, status), ((int)got.StatusCode, (int)response.StatusCode));
        Assert.Equal(got.Content.Headers.ContentType, response.Content.Headers.ContentType);
        Assert.Equal(got.Headers.ETag, response.Headers.ETag);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_refused()
    {
        using var content = new StringContent("user=x", Encoding.UTF8, "text/plain");
        await api.Admin.ShouldRefuseAsync("/api/v1/api-keys", content, 415, "media_type_unsupported");
    }

    [Theory]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_charset_is_refused(string type)
    {
        using var content = new ByteArrayContent([.. "{}"u8]) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        using var response = await api.Admin.PostAsync("/api/v1/api-keys", content, Token);
        Assert.InRange((int)response.StatusCode, 400, 415);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Json_nested_a_thousand_deep_is_refused()
    {
        var json = new string('[', 1000) + new string(']', 1000);
        using var content = new StringContent($$"""{"user":{{json}}}""", Encoding.UTF8, "application/json");
        using var response = await api.Admin.PostAsync("/api/v1/api-keys", content, Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Malformed_json_is_told_where()
    {
        using var content = new StringContent("{\"user\": oops}", Encoding.UTF8, "application/json");
        var problem = await api.Admin.ShouldRefuseAsync("/api/v1/api-keys", content, 400, "json_malformed");
        Assert.Contains("BytePositionInLine: 9", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_large_body_is_refused()
    {
        using var content = new StringContent($"\"{new string('x', 2_000_000)}\"", Encoding.UTF8, "application/json");
        await api.Admin.ShouldRefuseAsync("/api/v1/benchmarks", content, 413, "body_too_large");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lb_wrong")]
    [InlineData("")]
    public async Task Without_a_good_key_nothing_is_written(string? key)
    {
        using var client = api.ClientWith(key is "" ? null : key);
        if (key is "")
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer");
        }
        foreach (var address in (string[])["/api/v1/submissions", "/api/v1/checkpoints", "/api/v1/benchmarks", "/api/v1/api-keys"])
        {
            using var response = await client.PostAsync(address, Samples.Json(Samples.Submission("x")), Token);
            await response.ShouldBeProblemAsync(401, "unauthenticated");
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task A_revoked_key_and_a_key_without_the_scope_are_refused()
    {
        using var admin = await api.CreateUserAsync("only-admin", "admin");
        await admin.ShouldRefuseAsync("/api/v1/checkpoints", Samples.File(Samples.Checkpoint()), 403, "scope_missing");
        await api.ExecuteAsync("""
            update api_keys set revoked_at = now() where user_id = (select id from users where name = 'only-admin')
            """);
        await admin.ShouldRefuseAsync("/api/v1/checkpoints", Samples.File(Samples.Checkpoint()), 401, "unauthenticated");
    }

    [Fact]
    public async Task The_dashboard_is_for_admins_alone_and_opens_in_a_browser()
    {
        using var closed = await api.Anonymous.GetAsync("/hangfire", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
        Assert.StartsWith("Basic", closed.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        using var submitter = await api.CreateUserAsync("dashboard");
        await submitter.ShouldRefuseAsync("/hangfire", null, 403, "scope_missing");
        using var browser = api.ClientWith(key: null);
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{api.AdminKey}")));
        using var open = await browser.GetAsync("/hangfire", Token);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        // Elsewhere a browser's own credentials open nothing: a forged request would carry them.
        await browser.ShouldRefuseAsync("/api/v1/benchmarks", Samples.Benchmark("x"), 401, "unauthenticated");
    }

    [Fact]
    public async Task Readiness_names_what_is_missing()
    {
        await api.Anonymous.GetJsonAsync("/healthz");
        await api.ExecuteAsync("delete from workers");
        var waiting = await api.Anonymous.GetJsonAsync("/readyz", HttpStatusCode.ServiceUnavailable);
        Assert.StartsWith("worker", waiting.GetProperty("missing")[0].GetString(), StringComparison.Ordinal);
        await api.BeatAsync();
        Assert.Equal("ready", (await api.Anonymous.GetJsonAsync("/readyz")).GetProperty("status").GetString());
        await api.ExecuteAsync("delete from schema_versions where scriptname = '0004_results.sql'");
        var old = await api.Anonymous.GetJsonAsync("/readyz", HttpStatusCode.ServiceUnavailable);
        Assert.Contains("0004_results.sql", old.GetProperty("missing")[0].GetString());
        await api.ExecuteAsync("insert into schema_versions (scriptname, applied) values ('0004_results.sql', now())");
    }

    [Fact]
    public async Task The_front_door_leads_to_the_documentation()
    {
        using var door = await api.Anonymous.GetAsync("/", Token);
        Assert.Equal("/swagger", door.Headers.Location!.ToString());
        using var page = await api.Anonymous.GetAsync("/swagger/index.html", Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }
}
