using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Leaderboard.Api.Tests.Accounts.QuotaRequests;

namespace Leaderboard.Api.Tests.Accounts;

public sealed class QuotaTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_fifty_racing_submissions_as_many_get_in_as_are_left()
    {
        await api.CreateBenchmarkAsync("racing-quota");
        using var user = await api.CreateUserAsync("racing-quota");
        await api.SetAsync("racing-quota", new { submissions_per_day = 4 });
        var named = await UploadAsync(user, "racing-quota");
        await user.PostJsonAsync("/api/v1/submissions", named, HttpStatusCode.Accepted);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => user.PostAsync("/api/v1/submissions", Samples.Json(named.DeepClone()), Token)));

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted))
        {
            var problem = await refused.ShouldBeProblemAsync(429, "quota_exceeded");
            var quota = problem.GetProperty("quota");
            Assert.Equal("submissions_per_day", quota.GetProperty("name").GetString());
            Assert.Equal(4, quota.GetProperty("limit").GetInt32());
            Assert.Equal(4, quota.GetProperty("used").GetInt32());
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        }
        Assert.Equal(4, await api.ScalarAsync<int>(
            "select count(*) from submissions s join users u on u.id = s.user_id where u.name = 'racing-quota'"));
    }

    [Fact]
    public async Task Racing_submissions_fill_the_queue_to_the_limit_and_no_further()
    {
        await api.CreateBenchmarkAsync("queue-a");
        await api.CreateBenchmarkAsync("queue-b");
        using var user = await api.CreateUserAsync("queue");
        await api.SetAsync("queue", new { concurrent_evaluations = 7 });
        var named = await UploadAsync(user, "queue-a");
        named["benchmarks"] = new JsonArray("queue-a", "queue-b");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => user.PostAsync("/api/v1/submissions", Samples.Json(named.DeepClone()), Token)));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.Accepted);
        var problem = await refused.ShouldBeProblemAsync(429, "quota_exceeded");
        Assert.Equal("concurrent_evaluations", problem.GetProperty("quota").GetProperty("name").GetString());
        Assert.NotNull(refused.Headers.RetryAfter);

        // What ends makes room.
        await api.ExecuteAsync("""
            update evaluations set state = 'succeeded', finished_at = now()
            where id in (select e.id from evaluations e join submissions s on s.id = e.submission_id
                         join users u on u.id = s.user_id where u.name = 'queue' limit 1)
            """);
        await user.PostJsonAsync("/api/v1/submissions", named, HttpStatusCode.Accepted);
        // What never fits is not worth waiting for.
        await api.SetAsync("queue", new { concurrent_evaluations = 1 });
        using var never = await user.PostAsync("/api/v1/submissions", Samples.Json(named), Token);
        await never.ShouldBeProblemAsync(429, "quota_exceeded");
    }

    [Fact]
    public async Task A_failed_submission_does_not_count_but_failures_have_a_cap()
    {
        await api.CreateBenchmarkAsync("failing");
        using var user = await api.CreateUserAsync("failing");
        await api.SetAsync("failing", new { submissions_per_day = 1, failed_evaluations_per_day = 2 });
        var named = await UploadAsync(user, "failing");
        foreach (var code in (string[])["tensors_mismatch", "dataset_missing", "runner_crashed"])
        {
            var submission = await user.PostJsonAsync("/api/v1/submissions", named, HttpStatusCode.Accepted);
            await user.ShouldRefuseAsync("/api/v1/submissions", named.DeepClone(), 429, "quota_exceeded");
            await api.FailAsync(submission, code);
        }

        // The missing dataset was the installation's fault, and no cap holds it against the user.
        var problem = await user.ShouldRefuseAsync("/api/v1/submissions", named.DeepClone(), 429, "quota_exceeded");
        Assert.Equal("failed_evaluations_per_day", problem.GetProperty("quota").GetProperty("name").GetString());
        var quotas = (await user.GetJsonAsync("/api/v1/me")).GetProperty("quotas");
        Assert.Equal(0, quotas.GetProperty("submissions_per_day").GetProperty("used").GetInt32());
        Assert.Equal(2, quotas.GetProperty("failed_evaluations_per_day").GetProperty("used").GetInt32());
    }

    [Fact]
    public async Task A_repeated_request_is_answered_also_when_nothing_is_left()
    {
        await api.CreateBenchmarkAsync("repeated-quota");
        using var user = await api.CreateUserAsync("repeated-quota");
        await api.SetAsync("repeated-quota", new { submissions_per_day = 1 });
        var named = await UploadAsync(user, "repeated-quota");
        user.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var first = await user.PostJsonAsync("/api/v1/submissions", named, HttpStatusCode.Accepted);
        var second = await user.PostJsonAsync("/api/v1/submissions", named.DeepClone(), HttpStatusCode.Accepted);
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_rerun_counts_as_a_submission_of_whoever_asks_for_it()
    {
        await api.CreateBenchmarkAsync("rerun-quota");
        using var user = await api.CreateUserAsync("rerun-quota");
        await api.SetAsync("rerun-quota", new { submissions_per_day = 2 });
        var submission = await ApiFactory.SubmitAsync(user, Samples.Submission("rerun-quota"));
        var id = submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        foreach (var asking in (HttpClient[])[api.Admin, user])
        {
            await EndAsync();
            await asking.PostJsonAsync($"/api/v1/evaluations/{id}/rerun", new { }, HttpStatusCode.Accepted);
        }
        await EndAsync();
        var problem = await user.ShouldRefuseAsync($"/api/v1/evaluations/{id}/rerun", new { }, 429, "quota_exceeded");
        Assert.Equal("submissions_per_day", problem.GetProperty("quota").GetProperty("name").GetString());
        Assert.Equal(2, problem.GetProperty("quota").GetProperty("used").GetInt32());

        Task EndAsync() => api.ExecuteAsync("""
            update evaluations set state = 'succeeded', finished_at = now()
            where submission_id = @id and state in ('queued', 'running')
            """, new { id = submission.GetProperty("id").GetGuid() });
    }

    [Fact]
    public async Task Me_says_what_is_left()
    {
        await api.CreateBenchmarkAsync("me");
        using var user = await api.CreateUserAsync("me");
        var fresh = await user.GetJsonAsync("/api/v1/me");
        Assert.Equal("me", fresh.GetProperty("user").GetString());
        Assert.Equal("submit", fresh.GetProperty("api_key").GetProperty("scopes")[0].GetString());
        Should(fresh, "submissions_per_day", limit: 100, used: 0, resets: false);
        Should(fresh, "concurrent_evaluations", limit: 200, used: 0, resets: false);
        Should(fresh, "failed_evaluations_per_day", limit: 200, used: 0, resets: false);
        Should(fresh, "stored_bytes", limit: 200_000_000_000, used: 0, resets: false);

        var checkpoint = Samples.Checkpoint();
        await ApiFactory.SubmitAsync(user, Samples.Submission("me"), checkpoint);
        await api.SetAsync("me", new { submissions_per_day = 5, stored_bytes = 10 });
        var me = await user.GetJsonAsync("/api/v1/me");
        Should(me, "submissions_per_day", limit: 5, used: 1, resets: true);
        Should(me, "concurrent_evaluations", limit: 200, used: 1, resets: false);
        Should(me, "stored_bytes", limit: 10, used: checkpoint.Length, resets: false);
        var seen = await api.Admin.GetJsonAsync("/api/v1/users/me");
        Assert.Equal(5, seen.GetProperty("quota_overrides").GetProperty("submissions_per_day").GetInt32());
        Assert.Equal(me.GetProperty("quotas").ToString(), seen.GetProperty("quotas").ToString());
        // A key of scope admin is held to nothing.
        await api.SetAsync("admin", new { submissions_per_day = 0, concurrent_evaluations = 0, stored_bytes = 0 });
        await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("me"));
        var admin = (await api.Admin.GetJsonAsync("/api/v1/me")).GetProperty("quotas").GetProperty("submissions_per_day");
        Assert.Equal(JsonValueKind.Null, admin.GetProperty("limit").ValueKind);
        Assert.Equal(JsonValueKind.Null, admin.GetProperty("remaining").ValueKind);

        static void Should(JsonElement me, string quota, long limit, long used, bool resets)
        {
            var state = me.GetProperty("quotas").GetProperty(quota);
            Assert.Equal(limit, state.GetProperty("limit").GetInt64());
            Assert.Equal(used, state.GetProperty("used").GetInt64());
            Assert.Equal(Math.Max(0, limit - used), state.GetProperty("remaining").GetInt64());
            Assert.Equal(resets, state.GetProperty("resets_at").ValueKind == JsonValueKind.String);
        }
    }

    [Theory]
    [InlineData("""{ "submissions_per_day": -1 }""", 400, "validation_failed")]
    [InlineData("""{ "stored_bytes": 1000000000000000001 }""", 400, "validation_failed")]
    [InlineData("""{ "concurrent_evaluations": 1.5 }""", 400, "validation_failed")]
    [InlineData("""{ "failed_evaluations_per_day": "many" }""", 400, "validation_failed")]
    [InlineData("""{ "submissions": 1 }""", 400, "validation_failed")]
    [InlineData("""{ }""", 404, "user_unknown")]
    public async Task A_bad_quota_is_refused(string json, int status, string code)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await api.Admin.PutAsync("/api/v1/users/nobody-at-all/quota", content, Token);
        await response.ShouldBeProblemAsync(status, code);
    }
}
