using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Evaluations;

public sealed class FollowingAnEvaluationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_progress_scores_and_claims_are_shown_as_they_come()
    {
        await api.CreateBenchmarkAsync("follow");
        using var user = await api.CreateUserAsync("follow");
        var submission = Samples.Submission("follow");
        submission["claimed"] = System.Text.Json.Nodes.JsonNode.Parse(
            """[{ "benchmark": "follow", "metric": "top1_accuracy", "value": 0.25 }]""");
        var id = (await ApiFactory.SubmitAsync(user, submission)).GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        var address = $"/api/v1/evaluations/{id}";

        var queued = await api.Anonymous.GetJsonAsync(address);
        Assert.Equal("queued", queued.GetProperty("state").GetString());
        Assert.True(queued.GetProperty("queue_position").GetInt32() >= 1);
        Assert.Equal(0.25, queued.GetProperty("claims")[0].GetProperty("claimed").GetDouble());
        await api.Anonymous.ShouldRefuseAsync($"{address}/predictions", null, 409, "evaluation_unfinished");
        await api.Anonymous.ShouldRefuseAsync($"{address}/classes", null, 409, "evaluation_unfinished");

        await api.ExecuteAsync(
            "update evaluations set state = 'running', done = 100, total = 300, images_per_second = 50 where id = @id",
            new { id });
        var running = (await api.Anonymous.GetJsonAsync(address)).GetProperty("progress");
        Assert.Equal(4, running.GetProperty("eta_seconds").GetInt32());

        await api.RecordScoreAsync(id, ("=a,b.jpg", 0, 0), ("c.jpg", 1, 0), ("d.jpg", 1, 1), ("e.jpg", 1, 2));
        var done = await api.Anonymous.GetJsonAsync(address);
        var score = done.GetProperty("scores")[0];
        Assert.Equal(0.5, score.GetProperty("value").GetDouble());
        Assert.Equal(2, score.GetProperty("correct").GetInt64());
        Assert.Equal(4, score.GetProperty("count").GetInt64());
        Assert.Equal(2, score.GetProperty("interval").GetArrayLength());
        Assert.Equal("wilson", score.GetProperty("interval_method").GetString());
        Assert.Equal(0.25, done.GetProperty("claims")[0].GetProperty("difference").GetDouble());
        Assert.Equal("libtorch 2.10.0", done.GetProperty("provenance").GetProperty("engine").GetString());
        Assert.Equal(JsonValueKind.Null, done.GetProperty("queue_position").ValueKind);

        Assert.Equal(
            "sample,target,prediction,confidence,correct\r\n\"'=a,b.jpg\",0,0,0.1,true\r\nc.jpg,1,0,0.1,false\r\n"
            + "d.jpg,1,1,0.1,true\r\ne.jpg,1,2,0.1,false\r\n",
            await ReadAsync($"{address}/predictions", "*/*"));
        Assert.StartsWith(
            """{"sample":"=a,b.jpg","target":0,"prediction":0,"confidence":0.1,"correct":true}""" + "\n",
            await ReadAsync($"{address}/predictions", "application/jsonl"), StringComparison.Ordinal);
        var classes = (await api.Anonymous.GetJsonAsync($"{address}/classes")).GetProperty("classes");
        Assert.Equal(
            ["0 1 1 1", "1 1 3 0.3333333333333333"],
            classes.EnumerateArray().Select(row => string.Join(
                ' ', ((string[])["class", "correct", "count", "accuracy"]).Select(name => row.GetProperty(name)))));
    }

    [Fact]
    public async Task A_failure_says_why()
    {
        await api.CreateBenchmarkAsync("fails");
        using var user = await api.CreateUserAsync("fails");
        var submission = await ApiFactory.SubmitAsync(user, Samples.Submission("fails"));
        await api.ExecuteAsync(
            """
            update evaluations set state = 'failed', failure_code = 'tensors_mismatch', failure_message = 'fc is missing'
            where submission_id = @id
            """,
            new { id = submission.GetProperty("id").GetGuid() });
        var read = await api.Anonymous.GetJsonAsync($"/api/v1/submissions/{submission.GetProperty("id")}");
        Assert.Equal(
            """{"code":"tensors_mismatch","message":"fc is missing"}""",
            read.GetProperty("evaluations")[0].GetProperty("failure").GetRawText());
    }

    [Fact]
    public async Task A_private_submission_is_seen_by_its_owner_and_admins_alone()
    {
        await api.CreateBenchmarkAsync("secret");
        using var owner = await api.CreateUserAsync("secret-owner");
        using var other = await api.CreateUserAsync("secret-other");
        var request = Samples.Submission("secret");
        request["visibility"] = "private";
        var submission = await ApiFactory.SubmitAsync(owner, request);
        var id = submission.GetProperty("id").GetGuid();
        var evaluation = $"/api/v1/evaluations/{submission.GetProperty("evaluations")[0].GetProperty("id")}";
        var checkpoint = $"/api/v1/checkpoints/{submission.GetProperty("checkpoint")}";
        foreach (var stranger in (HttpClient[])[other, api.Anonymous])
        {
            await stranger.ShouldRefuseAsync($"/api/v1/submissions/{id}", null, 404, "submission_unknown");
            await stranger.ShouldRefuseAsync(evaluation, null, 404, "evaluation_unknown");
            await stranger.ShouldRefuseAsync($"{evaluation}/predictions", null, 404, "evaluation_unknown");
            await stranger.ShouldRefuseAsync($"{evaluation}/classes", null, 404, "evaluation_unknown");
            await stranger.ShouldRefuseAsync(checkpoint, null, 404, "checkpoint_unknown");
            Assert.Empty((await stranger.GetJsonAsync("/api/v1/submissions?benchmark=secret")).GetProperty("items").EnumerateArray());
        }
        foreach (var friend in (HttpClient[])[owner, api.Admin])
        {
            await friend.GetJsonAsync($"/api/v1/submissions/{id}");
            await friend.GetJsonAsync(evaluation);
            await friend.GetJsonAsync(checkpoint);
            Assert.Single((await friend.GetJsonAsync("/api/v1/submissions?benchmark=secret")).GetProperty("items").EnumerateArray());
        }
    }

    [Fact]
    public async Task The_queue_position_counts_those_that_wait_before()
    {
        await api.CreateBenchmarkAsync("waiting");
        var ids = new List<Guid>();
        for (var model = 0; model < 3; model++)
        {
            var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("waiting", $"m{model}"));
            ids.Add(submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid());
        }
        var first = await PositionAsync(ids[0]);
        Assert.Equal(first + 2, await PositionAsync(ids[2]));
        await api.ExecuteAsync("update evaluations set state = 'running' where id = @id", new { id = ids[0] });
        Assert.Equal(first + 1, await PositionAsync(ids[2]));

        async Task<int> PositionAsync(Guid id) =>
            (await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{id}")).GetProperty("queue_position").GetInt32();
    }

    [Fact]
    public async Task Predictions_read_in_several_parts_join_without_gaps()
    {
        await api.CreateBenchmarkAsync("parts");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("parts"));
        var id = submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
        await api.RecordScoreAsync(id, ("0", 0, 0));
        await api.ExecuteAsync("""
            insert into manifest_samples (manifest_id, ordinal, path, target, bytes, sha256)
            select e.manifest_id, n, n::text, n, 1, '\x00' from evaluations e, generate_series(1, 20000) n where e.id = @id
            """, new { id });
        await api.ExecuteAsync("""
            update predictions
            set prediction = array(select generate_series(0, 20000)), confidence = array_fill(0.5::real, array[20001]),
                correct = repeat('1', 20001)::bit varying
            where evaluation_id = @id
            """, new { id });
        var lines = (await ReadAsync($"/api/v1/evaluations/{id}/predictions", "text/csv")).Split("\r\n")[1..^1];
        Assert.Equal(
            Enumerable.Range(0, 20001).Select(n => $"{n},{n},{n},0.5,true"), lines);
    }

    // Counting the queue for every row took 6.4 s here.
    [Fact]
    public async Task A_long_queue_makes_no_list_slow()
    {
        await api.CreateBenchmarkAsync("long");
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("long"));
        var id = submission.GetProperty("id").GetGuid();
        await api.ExecuteAsync("""
            insert into evaluations (submission_id, benchmark_id)
            select submission_id, benchmark_id from evaluations, generate_series(1, 6000) where submission_id = @id
            """, new { id });
        var time = System.Diagnostics.Stopwatch.StartNew();
        var list = await api.Anonymous.GetJsonAsync("/api/v1/submissions?benchmark=long");
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(6001, list.GetProperty("items")[0].GetProperty("evaluations").GetArrayLength());
        await api.ExecuteAsync("delete from evaluations where submission_id = @id", new { id });
    }

    [Fact]
    public async Task Lists_are_filtered_and_join_without_gaps()
    {
        await api.CreateBenchmarkAsync("list");
        using var user = await api.CreateUserAsync("list");
        for (var model = 0; model < 7; model++)
        {
            await ApiFactory.SubmitAsync(user, Samples.Submission("list", $"m{model}"));
        }
        var names = new List<string>();
        var address = "/api/v1/submissions?mine=true&limit=3";
        while (address is not null)
        {
            using var response = await user.GetAsync(address, Token);
            var page = await response.ReadAsync(HttpStatusCode.OK);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("model_name").GetString()!));
            address = response.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }
        Assert.Equal(["m6", "m5", "m4", "m3", "m2", "m1", "m0"], names);
        await OneAsync("model_name=m3&benchmark=list", 1);
        await OneAsync("benchmark=list&state=queued", 7);
        await OneAsync("benchmark=list&state=failed", 0);
        await api.Anonymous.ShouldRefuseAsync("/api/v1/submissions?mine=true", null, 401, "unauthenticated");
        await user.ShouldRefuseAsync("/api/v1/submissions?state=lost", null, 400, "validation_failed");
        await user.ShouldRefuseAsync("/api/v1/submissions?model_name=%00", null, 400, "text_invalid");
        await user.ShouldRefuseAsync("/api/v1/submissions?cursor=e30", null, 400, "cursor_invalid");

        async Task OneAsync(string query, int expected) => Assert.Equal(
            expected, (await user.GetJsonAsync($"/api/v1/submissions?{query}")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Evaluations_go_to_the_gpu_queue_while_a_gpu_worker_is_alive()
    {
        await api.CreateBenchmarkAsync("queues");
        using var user = await api.CreateUserAsync("queues");
        await api.BeatAsync("gpu", "cuda:0", secondsAgo: 20);
        Assert.Equal("evaluation-cpu", await QueueAsync());
        await api.BeatAsync("gpu", "cuda:0");
        Assert.Equal("evaluation-gpu", await QueueAsync());

        async Task<string?> QueueAsync()
        {
            var submission = await ApiFactory.SubmitAsync(user, Samples.Submission("queues"));
            return await api.ScalarAsync<string>(
                "select queue from hangfire.jobqueue q join evaluations e on e.job_id = q.jobid where e.submission_id = @id",
                new { id = submission.GetProperty("id").GetGuid() });
        }
    }

    private async Task<string> ReadAsync(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await api.Anonymous.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
