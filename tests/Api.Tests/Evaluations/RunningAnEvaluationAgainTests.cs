using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Evaluations;

public sealed class RunningAnEvaluationAgainTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rerun_is_an_evaluation_of_its_own_and_there_is_one_at_a_time()
    {
        await api.CreateBenchmarkAsync("again");
        var id = await api.MeasureAsync("again", "m", "1100");
        var rerun = await RerunAsync(id);
        Assert.Equal("queued", rerun.GetProperty("state").GetString());
        Assert.Equal(id, rerun.GetProperty("rerun_of").GetGuid());
        Assert.Equal(JsonValueKind.Null, rerun.GetProperty("agrees").ValueKind);
        Assert.NotNull(await api.ScalarAsync<long?>(
            "select job_id from evaluations where id = @id", new { id = rerun.GetProperty("id").GetGuid() }));

        using var second = await api.Admin.PostAsync($"/api/v1/evaluations/{id}/rerun", null, Token);
        await second.ShouldBeProblemAsync(409, "rerun_unfinished");
        using var ofRerun = await api.Admin.PostAsync($"/api/v1/evaluations/{rerun.GetProperty("id")}/rerun", null, Token);
        await ofRerun.ShouldBeProblemAsync(409, "rerun_unfinished");

        // The submission shows both; the board shows the first.
        var submission = await api.Anonymous.GetJsonAsync($"/api/v1/submissions/{rerun.GetProperty("submission")}");
        Assert.Equal(
            [(id, null), (rerun.GetProperty("id").GetGuid(), id)],
            submission.GetProperty("evaluations").EnumerateArray().Select(evaluation => (
                evaluation.GetProperty("id").GetGuid(),
                evaluation.GetProperty("rerun_of").GetString() is { } of ? Guid.Parse(of) : (Guid?)null)));
        var entry = (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/again/leaderboard")).GetProperty("entries")[0];
        Assert.Equal(id, entry.GetProperty("evaluation").GetGuid());
    }

    [Theory]
    [InlineData("1100", true)]
    [InlineData("0011", true)]
    [InlineData("1110", false)]
    public async Task Whether_it_agrees_is_a_matter_of_counts(string right, bool agrees)
    {
        var name = $"agrees-{right}";
        await api.CreateBenchmarkAsync(name);
        var rerun = (await RerunAsync(await api.MeasureAsync(name, "m", "1100"))).GetProperty("id").GetGuid();
        await api.RecordScoreAsync(rerun, [.. right.Select((digit, sample) => ($"{sample}", 1, digit == '1' ? 1 : 0))]);
        var read = await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{rerun}");
        Assert.Equal(agrees, read.GetProperty("agrees").GetBoolean());
    }

    [Fact]
    public async Task A_failed_run_is_run_again_and_has_nothing_to_agree_with()
    {
        await api.CreateBenchmarkAsync("after-failure");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("after-failure"));
        var id = submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        using var early = await api.Admin.PostAsync($"/api/v1/evaluations/{id}/rerun", null, Token);
        await early.ShouldBeProblemAsync(409, "rerun_unfinished");
        await api.ExecuteAsync(
            "update evaluations set state = 'failed', failure_code = 'worker_lost' where id = @id", new { id });
        var rerun = (await RerunAsync(id)).GetProperty("id").GetGuid();
        await api.RecordScoreAsync(rerun, ("a", 1, 1));
        var read = await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{rerun}");
        Assert.Equal(JsonValueKind.Null, read.GetProperty("agrees").ValueKind);
    }

    [Fact]
    public async Task All_realms_are_run_again()
    {
        await api.CreateBenchmarkAsync("again-realms");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("again-realms"));
        var id = submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        await api.ExecuteAsync(
            """
            update evaluations set has_realms = true, state = 'cancelled' where id = @id;
            insert into evaluations (submission_id, benchmark_id, parent_id, realm, realm_ordinal, state)
            select submission_id, benchmark_id, id, 'realm' || n, n, 'cancelled'
            from evaluations, generate_series(0, 2) n where id = @id
            """,
            new { id });
        var rerun = await RerunAsync(id);
        Assert.Equal(
            ["realm0 queued", "realm1 queued", "realm2 queued"],
            rerun.GetProperty("realms").EnumerateArray().Select(realm =>
                $"{realm.GetProperty("realm").GetString()} {realm.GetProperty("state").GetString()}"));
        Assert.Equal(3, await api.ScalarAsync<int>(
            "select count(job_id) from evaluations where parent_id = @id", new { id = rerun.GetProperty("id").GetGuid() }));
        Assert.True(rerun.GetProperty("queue_position").GetInt32() >= 1);
    }

    [Fact]
    public async Task Ten_requests_at_once_make_one_rerun()
    {
        await api.CreateBenchmarkAsync("again-race");
        var id = await api.MeasureAsync("again-race", "m", "1100");
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => api.Admin.PostAsync($"/api/v1/evaluations/{id}/rerun", null, Token)));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Accepted);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Accepted))
        {
            await refused.ShouldBeProblemAsync(409, "rerun_unfinished");
        }
    }

    [Fact]
    public async Task Another_user_reruns_nothing()
    {
        await api.CreateBenchmarkAsync("again-other");
        var id = await api.MeasureAsync("again-other", "m", "1");
        using var other = await api.CreateUserAsync("again-other");
        using var refused = await other.PostAsync($"/api/v1/evaluations/{id}/rerun", null, Token);
        await refused.ShouldBeProblemAsync(403, "owner_required");
    }

    private async Task<JsonElement> RerunAsync(Guid id)
    {
        using var response = await api.Admin.PostAsync($"/api/v1/evaluations/{id}/rerun", null, Token);
        var rerun = await response.ReadAsync(HttpStatusCode.Accepted);
        Assert.Equal($"/api/v1/evaluations/{rerun.GetProperty("id")}", response.Headers.Location!.ToString());
        return rerun;
    }
}
