using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Submissions;

public sealed class ReusingStoredScoresTests(ApiFactory api) : IClassFixture<ApiFactory>, IAsyncLifetime
{
    private readonly byte[] file = Samples.Checkpoint();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await api.ExecuteAsync("delete from workers");
        // Of the version and device that the scores of these tests are of.
        await api.BeatAsync();
        await api.ExecuteAsync("update workers set software = '1.0'");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_same_checkpoint_gets_its_scores_at_once_and_nothing_else_of_the_other_submission()
    {
        await api.CreateBenchmarkAsync("reuse");
        var first = await MeasureAsync("reuse");
        using var other = await api.CreateUserAsync("reuse-other");
        var webhook = await other.PostJsonAsync(
            "/api/v1/webhooks", new { url = "https://hook.invalid", events = (string[])["evaluation.succeeded"] },
            HttpStatusCode.Created);

        var summary = (await ApiFactory.SubmitAsync(other, Samples.Submission("reuse", "mine"), file))
            .GetProperty("evaluations")[0];
        Assert.Equal("succeeded", summary.GetProperty("state").GetString());
        var reused = await other.GetJsonAsync($"/api/v1/evaluations/{summary.GetProperty("id")}");
        var source = await other.GetJsonAsync($"/api/v1/evaluations/{first}");
        Assert.True(reused.GetProperty("reused").GetBoolean());
        Assert.Equal(first, reused.GetProperty("reused_from").GetGuid());
        Assert.False(source.GetProperty("reused").GetBoolean());
        Assert.Equal("mine", reused.GetProperty("model_name").GetString());
        foreach (var same in (string[])["scores", "provenance"])
        {
            Assert.Equal(source.GetProperty(same).GetRawText(), reused.GetProperty(same).GetRawText());
        }
        Assert.Equal(
            await other.GetStringAsync($"/api/v1/evaluations/{first}/predictions", Token),
            await other.GetStringAsync($"/api/v1/evaluations/{reused.GetProperty("id")}/predictions", Token));
        var board = await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/reuse/leaderboard");
        Assert.Equal(
            ["0.75 MoPro-V2", "0.75 mine"],
            board.GetProperty("entries").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("value")} {entry.GetProperty("model_name").GetString()}"));
        var told = await other.GetJsonAsync($"/api/v1/webhooks/{webhook.GetProperty("id")}/deliveries");
        Assert.Equal("evaluation.succeeded", told.GetProperty("items")[0].GetProperty("event").GetString());
    }

    [Theory]
    [InlineData("precision", "\"bfloat16\"")]
    [InlineData("architecture", "\"resnet18\"")]
    [InlineData("weights", "\"ema\"")]
    [InlineData("label_order", "\"imagenet-1k\"")]
    [InlineData("eval_transform", """{"resize":256,"interpolation":"bilinear","crop":224,"mean":[0,0,0],"std":[1,1,1]}""")]
    public async Task What_is_run_otherwise_is_measured(string field, string value)
    {
        var name = $"reuse-{field.Replace('_', '-')}";
        await api.CreateBenchmarkAsync(name);
        await MeasureAsync(name);
        var submission = Samples.Submission(name);
        submission[field] = JsonNode.Parse(value);
        Assert.Equal("queued", await StateOfAsync(api.Admin, submission));
    }

    [Theory]
    [InlineData("update workers set software = '1.1'")]
    [InlineData("update workers set device = 'cuda:0'")]
    [InlineData("update workers set heartbeat_at = now() - interval '1 minute'")]
    [InlineData("insert into workers (id, device, sandbox, software, heartbeat_at) values ('g', 'cuda:0', '', '1.0', now())")]
    [InlineData("update scores set partial = true")]
    [InlineData("update evaluations set state = 'cancelled'")]
    public async Task Without_a_worker_that_would_measure_the_same_or_a_whole_score_it_is_measured(string change)
    {
        var name = $"reuse-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(change))[..8]}";
        await api.CreateBenchmarkAsync(name);
        await MeasureAsync(name);
        await api.ExecuteAsync(change);
        Assert.Equal("queued", await StateOfAsync(api.Admin, Samples.Submission(name)));
    }

    // An answer at once would tell that somebody else has these bytes.
    [Fact]
    public async Task What_is_private_is_reused_for_its_owner_alone()
    {
        await api.CreateBenchmarkAsync("reuse-private");
        await MeasureAsync("reuse-private", isPrivate: true);
        using var other = await api.CreateUserAsync("reuse-stranger");
        Assert.Equal("queued", await StateOfAsync(other, Samples.Submission("reuse-private")));
        Assert.Equal("succeeded", await StateOfAsync(api.Admin, Samples.Submission("reuse-private")));
    }

    [Fact]
    public async Task The_source_is_not_named_once_it_may_not_be_seen()
    {
        await api.CreateBenchmarkAsync("reuse-hidden");
        var first = await MeasureAsync("reuse-hidden");
        using var other = await api.CreateUserAsync("reuse-hidden");
        var id = (await ApiFactory.SubmitAsync(other, Samples.Submission("reuse-hidden"), file))
            .GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        var submission = (await api.Admin.GetJsonAsync($"/api/v1/evaluations/{first}")).GetProperty("submission");
        using var hidden = await api.Admin.PatchAsync(
            $"/api/v1/submissions/{submission}", Samples.Json(new { visibility = "private" }), Token);
        Assert.Equal(HttpStatusCode.OK, hidden.StatusCode);
        var read = await other.GetJsonAsync($"/api/v1/evaluations/{id}");
        Assert.True(read.GetProperty("reused").GetBoolean());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("reused_from").ValueKind);
    }

    [Fact]
    public async Task Reusing_scores_and_deleting_submissions_at_once_never_wait_in_a_circle()
    {
        foreach (var benchmark in (string[])["reuse-race-a", "reuse-race-b"])
        {
            await api.CreateBenchmarkAsync(benchmark);
            await MeasureAsync(benchmark);
        }
        var named = Samples.Submission("reuse-race-a");
        named["benchmarks"] = new JsonArray("reuse-race-a", "reuse-race-b");
        named["checkpoint"] = Samples.Sha256Of(file);
        // However long it takes here.
        await api.ExecuteAsync("update workers set heartbeat_at = now() + interval '1 hour'");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            for (var round = 0; round < 20; round++)
            {
                var submission = await api.Admin.PostJsonAsync(
                    "/api/v1/submissions", named.DeepClone(), HttpStatusCode.Accepted);
                Assert.All(
                    submission.GetProperty("evaluations").EnumerateArray(),
                    evaluation => Assert.Equal("succeeded", evaluation.GetProperty("state").GetString()));
                using var deleted = await api.Admin.DeleteAsync($"/api/v1/submissions/{submission.GetProperty("id")}", Token);
                Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            }
        }));
    }

    private async Task<Guid> MeasureAsync(string benchmark, bool isPrivate = false)
    {
        var submission = Samples.Submission(benchmark);
        submission["visibility"] = isPrivate ? "private" : "public";
        var id = (await ApiFactory.SubmitAsync(api.Admin, submission, file))
            .GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        await api.RecordScoreAsync(id, ("a", 0, 0), ("b", 1, 1), ("c", 2, 2), ("d", 3, 0));
        return id;
    }

    private async Task<string?> StateOfAsync(HttpClient user, JsonObject submission) =>
        (await ApiFactory.SubmitAsync(user, submission, file)).GetProperty("evaluations")[0].GetProperty("state").GetString();
}
