using System.Net;

namespace Leaderboard.Api.Tests.Accounts;

/// <summary>An Api that is open to everybody.</summary>
public sealed class OpenApiFactory : ApiFactory
{
    protected override IReadOnlyList<string> Settings =>
        ["--Accounts:OpenRegistration=true", "--RateLimits:RegistrationsPerHour=0"];
}

public sealed class SigningUpTests(OpenApiFactory api) : IClassFixture<OpenApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registered_user_hands_in_with_the_key_of_the_answer()
    {
        await api.CreateBenchmarkAsync("registered");
        var answer = await api.Anonymous.PostJsonAsync(
            "/api/v1/registrations", new { name = "grace" }, HttpStatusCode.Created);
        Assert.Equal("grace", answer.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal("submit", Assert.Single(answer.GetProperty("api_key").GetProperty("scopes").EnumerateArray()).GetString());
        using var grace = api.ClientWith(answer.GetProperty("api_key").GetProperty("key").GetString());
        var submission = await ApiFactory.SubmitAsync(grace, Samples.Submission("registered"));
        Assert.Equal("grace", submission.GetProperty("submitter").GetString());
        await grace.ShouldRefuseAsync("/api/v1/users", new { name = "other" }, 403, "scope_missing");
    }

    [Fact]
    public async Task Of_racing_registrations_of_one_name_one_wins()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            api.Anonymous.PostAsync("/api/v1/registrations", Samples.Json(new { name = "racer" }), Token)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await answer.ShouldBeProblemAsync(409, "user_exists");
        }
        Assert.Equal(1, await api.ScalarAsync<int>(
            "select count(*) from api_keys k join users u on u.id = k.user_id where u.name = 'racer'"));
    }

    [Theory]
    [InlineData("""{ "name": "" }""")]
    [InlineData("""{ "name": "Ada" }""")]
    [InlineData("""{ "name": "a b" }""")]
    [InlineData("""{ "name": "-ada" }""")]
    [InlineData("""{ "name": "ada." }""")]
    [InlineData("""{ "name": "ada\n" }""")]
    [InlineData("""{ "name": "аda" }""")]
    [InlineData("""{ "name": "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddX" }""")]
    [InlineData("""{ "name": null }""")]
    [InlineData("""{ "name": "ada", "label": "" }""")]
    [InlineData("""{ "name": "ada", "scopes": ["admin"] }""")]
    [InlineData("""{ }""")]
    public async Task A_bad_registration_is_refused(string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/registrations", content, 400, "validation_failed");
    }

    [Fact]
    public async Task An_admin_makes_a_user_and_sees_them_among_all()
    {
        var answer = await api.Admin.PostJsonAsync(
            "/api/v1/users", new { name = "made-by-admin", label = "ci", scopes = (string[])["read"] }, HttpStatusCode.Created);
        Assert.StartsWith("lb_", answer.GetProperty("api_key").GetProperty("key").GetString(), StringComparison.Ordinal);
        await api.Admin.ShouldRefuseAsync("/api/v1/users", new { name = "made-by-admin" }, 409, "user_exists");
        using var reader = api.ClientWith(answer.GetProperty("api_key").GetProperty("key").GetString());
        Assert.Equal("ci", (await reader.GetJsonAsync("/api/v1/me")).GetProperty("api_key").GetProperty("label").GetString());
        await reader.ShouldRefuseAsync("/api/v1/checkpoints", Samples.File(Samples.Checkpoint()), 403, "scope_missing");

        var names = new List<string?>();
        for (var address = "/api/v1/users?limit=1"; address.Length > 0;)
        {
            var page = await api.Admin.GetJsonAsync(address);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString()));
            address = page.GetProperty("next").GetString() is { } next ? $"/api/v1/users?limit=1&cursor={next}" : "";
        }
        Assert.Contains("made-by-admin", names);
        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        await api.Admin.ShouldRefuseAsync("/api/v1/users/nobody", null, 404, "user_unknown");
        await reader.ShouldRefuseAsync("/api/v1/users", null, 403, "scope_missing");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/users", null, 401, "unauthenticated");
    }

    [Fact]
    public async Task A_disabled_user_gets_in_nowhere_until_they_are_enabled()
    {
        using var user = await api.CreateUserAsync("disabled");
        var disabled = await api.Admin.PostJsonAsync("/api/v1/users/disabled/disable", new { }, HttpStatusCode.OK);
        Assert.NotNull(disabled.GetProperty("disabled_at").GetString());
        var problem = await user.ShouldRefuseAsync("/api/v1/me", null, 401, "unauthenticated");
        Assert.Contains("disabled", problem.GetProperty("detail").GetString());
        // Also where no key is needed: the sender would take what everybody sees for what is theirs.
        await user.ShouldRefuseAsync("/api/v1/submissions", null, 401, "unauthenticated");
        await api.Admin.PostJsonAsync("/api/v1/users/disabled/enable", new { }, HttpStatusCode.OK);
        await user.GetJsonAsync("/api/v1/me");
        await api.Admin.ShouldRefuseAsync("/api/v1/users/nobody/disable", new { }, 404, "user_unknown");
    }

    [Fact]
    public async Task The_holder_of_the_last_admin_key_is_not_disabled()
    {
        await api.Admin.ShouldRefuseAsync("/api/v1/users/admin/disable", new { }, 409, "last_admin_key");
        await api.Admin.GetJsonAsync("/api/v1/me");
    }
}

public sealed class ClosedRegistrationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public Task Nobody_registers_where_registration_is_closed() =>
        api.Anonymous.ShouldRefuseAsync("/api/v1/registrations", new { name = "ada" }, 403, "registration_closed");
}
