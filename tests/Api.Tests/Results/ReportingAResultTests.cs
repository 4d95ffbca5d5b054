using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Results;

public sealed class ReportingAResultTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reported_result_is_on_its_board_once_a_moderator_has_accepted_it_and_not_before()
    {
        await api.CreateBenchmarkAsync("moderated");
        using var ada = await api.CreateUserAsync("moderated-ada");
        var reported = await ReportAsync(ada, "moderated", "ResNet-50", 0.761);
        Assert.Equal("pending", reported.GetProperty("state").GetString());
        var address = $"/api/v1/results/{Id(reported)}";
        Assert.Empty(await ModelsAsync("moderated"));
        await api.Anonymous.ShouldRefuseAsync(address, null, 404, "result_unknown");

        var before = await api.ScalarAsync<DateTime>("select clock_timestamp()");
        var accepted = await api.Admin.PostJsonAsync($"{address}/accept", new { reason = "Table 2" }, HttpStatusCode.OK);
        Assert.Equal("accepted", accepted.GetProperty("state").GetString());
        var entry = (await BoardAsync("moderated")).Single();
        Assert.Equal(
            ("ResNet-50", "reported", "moderated-ada", Id(reported).ToString(), "https://example.org/paper.pdf"),
            (Text(entry, "model_name"), Text(entry, "kind"), Text(entry, "submitter"), Text(entry, "result"), Text(entry, "source_url")));
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("evaluation").ValueKind);
        // It counts from when it was accepted, not from when it was reported.
        Assert.Empty(await ModelsAsync("moderated", $"?as_of={before:O}"));
        Assert.Equal(
            ["submitted moderated-ada ", "accepted admin Table 2"], await EventsAsync(Id(reported)));
    }

    [Fact]
    public async Task A_rejected_result_tells_its_submitter_why_and_may_be_reported_anew()
    {
        await api.CreateBenchmarkAsync("rejected");
        using var ada = await api.CreateUserAsync("rejected-ada");
        var first = Id(await ReportAsync(ada, "rejected", "m", 0.9));
        await api.Admin.ShouldRefuseAsync($"/api/v1/results/{first}/reject", new { }, 400, "validation_failed");
        await api.Admin.ShouldRefuseAsync($"/api/v1/results/{first}/reject", new { reason = " " }, 400, "validation_failed");
        await api.Admin.PostJsonAsync($"/api/v1/results/{first}/reject", new { reason = "No such table." }, HttpStatusCode.OK);
        var seen = await ada.GetJsonAsync($"/api/v1/results/{first}");
        Assert.Equal(("rejected", "No such table."), (Text(seen, "state"), Text(seen, "reason")));
        Assert.Empty(await ModelsAsync("rejected"));
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/results/{first}/history", null, 404, "result_unknown");
        await api.Admin.ShouldRefuseAsync($"/api/v1/results/{first}/accept", new { }, 409, "result_settled");
        Assert.NotEqual(first, Id(await ReportAsync(ada, "rejected", "m", 0.9)));
    }

    [Fact]
    public async Task The_queue_shows_admins_all_and_others_their_own()
    {
        await api.CreateBenchmarkAsync("queue");
        using var ada = await api.CreateUserAsync("queue-ada");
        using var bob = await api.CreateUserAsync("queue-bob");
        await ReportAsync(ada, "queue", "of-ada", 0.5);
        await ReportAsync(bob, "queue", "of-bob", 0.6);
        const string Address = "/api/v1/results?state=pending&benchmark=queue";
        Assert.Equal(["of-bob", "of-ada"], await ListAsync(api.Admin));
        Assert.Equal(["of-ada"], await ListAsync(ada));
        await api.Anonymous.ShouldRefuseAsync(Address, null, 401, "unauthenticated");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/results?state=odd", null, 400, "validation_failed");
        Assert.Empty((await api.Anonymous.GetJsonAsync("/api/v1/results?benchmark=queue")).GetProperty("items").EnumerateArray());

        using var page = await api.Admin.GetAsync($"{Address}&limit=1", Token);
        Assert.Equal("of-bob", Text((await page.ReadAsync(HttpStatusCode.OK)).GetProperty("items")[0], "model_name"));
        var rest = await api.Admin.GetJsonAsync(page.Headers.GetValues("Link").Single().Split('<', '>')[1]);
        Assert.Equal("of-ada", Text(rest.GetProperty("items").EnumerateArray().Single(), "model_name"));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);

        async Task<List<string?>> ListAsync(HttpClient user) =>
            [.. (await user.GetJsonAsync(Address)).GetProperty("items").EnumerateArray().Select(item => Text(item, "model_name"))];
    }

    [Fact]
    public async Task The_same_claim_is_made_once_also_by_many_at_once()
    {
        await api.CreateBenchmarkAsync("same");
        using var ada = await api.CreateUserAsync("same-ada");
        using var bob = await api.CreateUserAsync("same-bob");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => ada.PostAsync("/api/v1/results", Samples.Json(Claim("same", "m", 0.5)), Token)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var id = Id(await answers[0].ReadAsync(answers[0].StatusCode));
        var waiting = await bob.ShouldRefuseAsync("/api/v1/results", Claim("same", "m", 0.5), 409, "result_exists");
        Assert.DoesNotContain(id.ToString(), Text(waiting, "detail"), StringComparison.Ordinal);
        await api.Admin.PostJsonAsync($"/api/v1/results/{id}/accept", new { }, HttpStatusCode.OK);
        var shown = await bob.ShouldRefuseAsync("/api/v1/results", Claim("same", "m", 0.5), 409, "result_exists");
        Assert.Contains(id.ToString(), Text(shown, "detail"), StringComparison.Ordinal);
        // Another source is another claim, and so is another value.
        Assert.NotEqual(id, Id(await ReportAsync(bob, "same", "m", 0.51)));
    }

    [Fact]
    public async Task Of_two_moderators_at_once_one_decides()
    {
        await api.CreateBenchmarkAsync("two-moderators");
        var id = Id(await ReportAsync(api.Admin, "two-moderators", "m", 0.5));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => api.Admin.PostAsync(
            $"/api/v1/results/{id}/{(i % 2 == 0 ? "accept" : "reject")}", Samples.Json(new { reason = $"{i}" }), Token)));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(2, (await EventsAsync(id)).Count);
    }

    [Fact]
    public async Task A_key_without_the_scope_reports_and_decides_nothing()
    {
        await api.CreateBenchmarkAsync("scopes");
        using var ada = await api.CreateUserAsync("scopes-ada");
        using var moderator = await api.CreateUserAsync("scopes-moderator", "admin");
        var id = Id(await ReportAsync(ada, "scopes", "m", 0.5));
        await moderator.ShouldRefuseAsync("/api/v1/results", Claim("scopes", "n", 0.5), 403, "scope_missing");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/results", Claim("scopes", "n", 0.5), 401, "unauthenticated");
        foreach (var deed in (string[])["accept", "reject", "withdraw", "correct"])
        {
            await ada.ShouldRefuseAsync($"/api/v1/results/{id}/{deed}", new { reason = "r", value = 1 }, 403, "scope_missing");
            await api.Admin.ShouldRefuseAsync(
                $"/api/v1/results/{Guid.NewGuid()}/{deed}", deed == "correct" ? (object)new { reason = "r", value = 1 } : new { reason = "r" }, 404, "result_unknown");
        }
        // Nothing needs to be said of what is right.
        using var accepted = await moderator.PostAsync($"/api/v1/results/{id}/accept", content: null, Token);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task A_paper_of_the_catalogue_dates_its_result()
    {
        await api.CreateBenchmarkAsync("dates");
        await api.ExecuteAsync(
            "insert into papers (id, title, url, published_on) values ('arxiv:1.1', 'A paper', 'https://arxiv.org/abs/1.1', '2020-02-03')");
        var claim = Claim("dates", "m", 0.5);
        claim["paper"] = "arxiv:1.1";
        var reported = await api.Admin.PostJsonAsync("/api/v1/results", claim, HttpStatusCode.Accepted);
        Assert.Equal(("2020-02-03", "arxiv:1.1"), (Text(reported, "date"), Text(reported, "paper")));
    }

    [Theory]
    [InlineData("value", "1.5", 400, "validation_failed")]
    [InlineData("value", "-0.1", 400, "validation_failed")]
    [InlineData("value", "\"0.5\"", 400, "validation_failed")]
    [InlineData("value", "null", 400, "validation_failed")]
    [InlineData("value", "1e999", 400, "validation_failed")]
    [InlineData("metric", "\"f1\"", 400, "validation_failed")]
    [InlineData("model_name", "\"\"", 400, "validation_failed")]
    [InlineData("model_name", "\"a\\u0000\"", 400, "validation_failed")]
    [InlineData("model_name", "\"a\\u202eb\"", 400, "validation_failed")]
    [InlineData("model_name", "\"a\\u200b\"", 400, "validation_failed")]
    [InlineData("model_name", "\"a\\udb40\\udc41\"", 400, "validation_failed")]
    [InlineData("model_name", "\"\\ud800\"", 400, "validation_failed")]
    [InlineData("source_url", "null", 400, "validation_failed")]
    [InlineData("source_url", "\"Table 2\"", 400, "validation_failed")]
    [InlineData("source_url", "\"javascript:alert(1)\"", 400, "validation_failed")]
    [InlineData("code_url", "\"ftp://x/y\"", 400, "validation_failed")]
    [InlineData("date", "\"2999-01-01\"", 400, "validation_failed")]
    [InlineData("date", "\"1066-10-14\"", 400, "validation_failed")]
    [InlineData("date", "\"yesterday\"", 400, "validation_failed")]
    [InlineData("parameters", "0", 400, "validation_failed")]
    [InlineData("parameters", "1e30", 400, "validation_failed")]
    [InlineData("note", "\"\"", 400, "validation_failed")]
    [InlineData("state", "\"accepted\"", 400, "validation_failed")]
    [InlineData("benchmark", "\"nowhere\"", 404, "benchmark_unknown")]
    [InlineData("benchmark", "\"odd@2\"", 404, "benchmark_unknown")]
    public async Task A_claim_that_makes_no_sense_is_refused(string field, string json, int status, string code)
    {
        await api.Admin.PostAsync("/api/v1/benchmarks", Samples.Json(Samples.Benchmark("odd")), Token);
        var claim = Claim("odd", "m", 0.5);
        claim.Remove(field);
        var text = claim.ToJsonString().TrimEnd('}') + $",\"{field}\":{json}}}";
        using var content = new StringContent(text, System.Text.Encoding.UTF8, "application/json");
        await api.Admin.ShouldRefuseAsync("/api/v1/results", content, status, code);
    }

    [Fact]
    public async Task A_hundred_reports_of_a_user_wait_and_no_more_also_when_requests_race()
    {
        await api.CreateBenchmarkAsync("flood");
        using var user = await api.CreateUserAsync("flood");
        await api.ExecuteAsync("""
            insert into results (benchmark_id, metric, kind, value, model_name, user_id, dated, moderation)
            select b.id, 'top1_accuracy', 'reported', 0.5, 'm' || n, u.id, '2024-01-01', 'pending'
            from benchmarks b, users u, generate_series(1, 98) n where b.name = 'flood' and u.name = 'flood'
            """);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => user.PostAsync(
            "/api/v1/results", Samples.Json(Claim("flood", $"x{n}", 0.5)), TestContext.Current.CancellationToken)));
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted))
        {
            await refused.ShouldBeProblemAsync(409, "results_too_many");
        }
        await api.ExecuteAsync("update results set moderation = 'rejected' where model_name = 'm1'");
        await user.PostJsonAsync("/api/v1/results", Claim("flood", "next", 0.5), HttpStatusCode.Accepted);
    }

    internal static JsonObject Claim(string benchmark, string model, double value) => new()
    {
        ["benchmark"] = benchmark,
        ["metric"] = "top1_accuracy",
        ["value"] = value,
        ["model_name"] = model,
        ["source_url"] = "https://example.org/paper.pdf",
    };

    private static Task<JsonElement> ReportAsync(HttpClient user, string benchmark, string model, double value) =>
        user.PostJsonAsync("/api/v1/results", Claim(benchmark, model, value), HttpStatusCode.Accepted);

    private static Guid Id(JsonElement result) => result.GetProperty("id").GetGuid();

    private static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();

    private async Task<List<JsonElement>> BoardAsync(string benchmark, string query = "") =>
        [.. (await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/{benchmark}/leaderboard{query}"))
            .GetProperty("entries").EnumerateArray()];

    private async Task<List<string?>> ModelsAsync(string benchmark, string query = "") =>
        (await BoardAsync(benchmark, query)).ConvertAll(entry => Text(entry, "model_name"));

    private async Task<List<string>> EventsAsync(Guid id) =>
        [.. (await api.Admin.GetJsonAsync($"/api/v1/results/{id}/history")).GetProperty("events").EnumerateArray()
            .Select(step => $"{Text(step, "event")} {Text(step, "user")} {Text(step, "reason")}")];
}
