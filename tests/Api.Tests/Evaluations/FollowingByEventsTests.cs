using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Evaluations;

public sealed class FollowingByEventsTests(FollowingByEventsTests.Api api) : IClassFixture<FollowingByEventsTests.Api>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings => ["--Events:Heartbeat=00:00:00.200"];
    }

    [Fact]
    public async Task Every_state_is_told_once_and_the_end_ends_the_stream()
    {
        var id = await SubmitAsync("events");
        using var stream = await FollowAsync(api.Anonymous, id);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("1 state queued", await NextAsync(events));
        await RunAsync(id, done: 10);
        Assert.Equal("2 state running", await NextAsync(events));
        Assert.Equal("2-10 progress running 10/40 eta 3", await NextAsync(events));
        await RunAsync(id, done: 20);
        Assert.Equal("2-20 progress running 20/40 eta 2", await NextAsync(events));
        await api.ExecuteAsync(
            """
            update evaluations set state = 'failed', failure_code = 'timed_out', failure_message = 'Slow.', finished_at = now()
            where id = @id
            """,
            new { id });
        Assert.Equal("3 state failed", await NextAsync(events));
        Assert.Equal("3-end end failed timed_out", await NextAsync(events));
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_reader_goes_on_behind_its_last_event_on_another_replica()
    {
        var id = await SubmitAsync("events-resume");
        await RunAsync(id, done: 10);
        using (var first = await FollowAsync(api.Anonymous, id))
        {
            var events = first.Events.GetAsyncEnumerator(Token);
            Assert.Equal("1 state queued", await NextAsync(events));
            Assert.Equal("2 state running", await NextAsync(events));
            Assert.Equal("2-10 progress running 10/40 eta 3", await NextAsync(events));
        }
        // Back to the queue, begun again and done, while nobody looks.
        await api.ExecuteAsync("update evaluations set state = 'queued' where id = @id", new { id });
        await RunAsync(id, done: 5);
        await api.RecordScoreAsync(id, ("a", 0, 0));

        await using var replica = await api.StartReplicaAsync();
        using var second = await FollowAsync(replica.Admin, id, "2-10");
        var told = new List<string>();
        await foreach (var item in second.Events.WithCancellation(Token))
        {
            told.Add(Text(item));
        }
        Assert.Equal(
            ["3 state queued", "4 state running", "5 state succeeded", "5-end end succeeded"], told);
    }

    [Fact]
    public async Task The_same_progress_is_not_told_again()
    {
        var id = await SubmitAsync("events-same");
        await RunAsync(id, done: 10);
        using var stream = await FollowAsync(api.Anonymous, id, "2-10");
        await RunAsync(id, done: 11);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("2-11 progress running 11/40 eta 3", await NextAsync(events));
    }

    [Fact]
    public async Task Behind_the_end_there_is_nothing_to_follow()
    {
        var id = await SubmitAsync("events-over");
        await api.RecordScoreAsync(id, ("a", 0, 0));
        using var over = await SendAsync(api.Anonymous, id, "2-end");
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1,")]
    [InlineData("1,1")]
    [InlineData("-1")]
    [InlineData("1-x")]
    [InlineData("99999999999")]
    [InlineData("1-2-3")]
    public async Task An_id_of_another_stream_is_refused(string lastEventId)
    {
        var id = await SubmitAsync($"events-bad-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(lastEventId))[..8]}");
        using var refused = await SendAsync(api.Anonymous, id, lastEventId);
        await refused.ShouldBeProblemAsync(400, "request_malformed");
    }

    [Fact]
    public async Task Silence_is_broken_by_comments()
    {
        var id = await SubmitAsync("events-silence");
        using var stream = await FollowAsync(api.Anonymous, id);
        using var reader = new StreamReader(stream.Body);
        var comments = 0;
        while (comments < 3)
        {
            comments += (await reader.ReadLineAsync(Token))!.StartsWith(": ", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    [Fact]
    public async Task What_is_private_is_followed_by_its_owner_alone_and_no_longer_once_it_is_hidden()
    {
        var id = await SubmitAsync("events-private");
        var submission = await api.ScalarAsync<Guid>("select submission_id from evaluations where id = @id", new { id });
        using var stranger = await FollowAsync(api.Anonymous, id);
        using var owner = await FollowAsync(api.Admin, id);
        var events = owner.Events.GetAsyncEnumerator(Token);
        Assert.Equal("1 state queued", await NextAsync(events));
        using var hidden = await api.Admin.PatchAsync(
            $"/api/v1/submissions/{submission}", Samples.Json(new { visibility = "private" }), Token);

        var told = new List<string>();
        await foreach (var item in stranger.Events.WithCancellation(Token))
        {
            told.Add(Text(item));
        }
        Assert.Equal(["1 state queued"], told);
        await RunAsync(id, done: 1);
        Assert.Equal("2 state running", await NextAsync(events));

        using var refused = await SendAsync(api.Anonymous, id, null);
        await refused.ShouldBeProblemAsync(404, "evaluation_unknown");
        using var unknown = await SendAsync(api.Anonymous, Guid.NewGuid(), null);
        await unknown.ShouldBeProblemAsync(404, "evaluation_unknown");
    }

    [Theory]
    [InlineData("update api_keys set revoked_at = '2020-01-01' where user_id = (select id from users where name = @name)")]
    [InlineData("update api_keys set expires_at = '2020-01-01' where user_id = (select id from users where name = @name)")]
    [InlineData("update users set disabled_at = '2020-01-01' where name = @name")]
    public async Task A_stream_ends_once_its_key_opens_nothing(string end)
    {
        var name = $"events-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(end))[..8]}";
        using var user = await api.CreateUserAsync(name);
        await api.CreateBenchmarkAsync(name);
        var submission = Samples.Submission(name);
        submission["visibility"] = "private";
        var id = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(user, submission));
        using var stream = await FollowAsync(user, id);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("1 state queued", await NextAsync(events));
        await RunAsync(id, done: 1);
        Assert.Equal("2 state running", await NextAsync(events));
        Assert.Equal("2-1 progress running 1/40 eta 4", await NextAsync(events));
        await api.ExecuteAsync(end, new { name });
        Assert.False(await events.MoveNextAsync());
    }

    public sealed class FewStreams : ApiFactory
    {
        protected override IReadOnlyList<string> Settings => ["--Events:MaxStreams=1"];
    }

    [Fact]
    public async Task A_stream_too_many_is_refused_until_another_has_ended()
    {
        await using var few = new FewStreams();
        await few.InitializeAsync();
        await few.CreateBenchmarkAsync("events-few");
        var id = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(few.Admin, Samples.Submission("events-few")));
        using (var stream = await FollowAsync(few.Anonymous, id))
        {
            using var refused = await SendAsync(few.Anonymous, id, null);
            await refused.ShouldBeProblemAsync(503, "streams_exhausted");
            Assert.Equal("15", refused.Headers.RetryAfter!.ToString());
        }
        await Poll.UntilAsync(async () =>
        {
            using var response = await SendAsync(few.Anonymous, id, null);
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task All_evaluations_of_a_submission_are_told_in_one_stream_a_rerun_too()
    {
        await api.CreateBenchmarkAsync("events-a");
        await api.CreateBenchmarkAsync("events-b");
        var request = Samples.Submission("events-a");
        request["benchmarks"]!.AsArray().Add("events-b");
        var submission = await ApiFactory.SubmitAsync(api.Admin, request);
        var address = $"submissions/{submission.GetProperty("id")}";
        var ids = submission.GetProperty("evaluations").EnumerateArray()
            .OrderBy(evaluation => evaluation.GetProperty("id").GetGuid().ToString(), StringComparer.Ordinal)
            .Select(evaluation => evaluation.GetProperty("id").GetGuid()).ToList();
        string last;
        using (var stream = await FollowAsync(api.Anonymous, address))
        {
            var events = stream.Events.GetAsyncEnumerator(Token);
            Assert.Equal("1 state queued", await NextAsync(events));
            Assert.Equal("1,1 state queued", await NextAsync(events));
            using var cancelled = await api.Admin.PostAsync($"/api/v1/evaluations/{ids[0]}/cancel", null, Token);
            Assert.Equal("2,1 state cancelled", await NextAsync(events));
            Assert.Equal("2-end,1 end cancelled", await NextAsync(events));
            using var rerun = await api.Admin.PostAsync($"/api/v1/evaluations/{ids[0]}/rerun", null, Token);
            Assert.Equal("2-end,1,1 state queued", await NextAsync(events));
            last = events.Current.EventId!;
        }
        await api.ExecuteAsync(
            "update evaluations set state = 'cancelled' where submission_id = @id and state = 'queued'",
            new { id = submission.GetProperty("id").GetGuid() });
        using var resumed = await FollowAsync(api.Anonymous, address, last);
        var told = new List<string>();
        await foreach (var item in resumed.Events.WithCancellation(Token))
        {
            told.Add(Text(item));
        }
        Assert.Equal(
            [
                "2-end,2,1 state cancelled", "2-end,2-end,1 end cancelled", "2-end,2-end,2 state cancelled",
                "2-end,2-end,2-end end cancelled",
            ],
            told);
        using var over = await SendAsync(api.Anonymous, address, "2-end,2-end,2-end");
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
        using var unknown = await SendAsync(api.Anonymous, $"submissions/{Guid.NewGuid()}", null);
        await unknown.ShouldBeProblemAsync(404, "submission_unknown");
    }

    // The test's pool has twenty connections.
    [Fact]
    public async Task A_hundred_readers_hold_no_connection()
    {
        var id = await SubmitAsync("events-many");
        var streams = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => FollowAsync(api.Anonymous, id)));
        var all = Task.WhenAll(streams.Select(async stream =>
        {
            var last = "";
            await foreach (var item in stream.Events.WithCancellation(Token))
            {
                last = Text(item);
            }
            return last;
        }));
        await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{id}");
        using var cancelled = await api.Admin.PostAsync($"/api/v1/evaluations/{id}/cancel", null, Token);
        Assert.All(await all, last => Assert.Equal("2-end end cancelled", last));
        Array.ForEach(streams, stream => stream.Dispose());
    }

    [Fact]
    public async Task An_api_that_is_to_stop_ends_its_streams()
    {
        var id = await SubmitAsync("events-stop");
        await using var replica = await api.StartReplicaAsync();
        using var stream = await FollowAsync(replica.Admin, id);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("1 state queued", await NextAsync(events));
        var stopping = replica.Server.StopAsync(Token);
        Assert.False(await events.MoveNextAsync());
        await stopping;
    }

    private async Task<Guid> SubmitAsync(string benchmark)
    {
        await api.CreateBenchmarkAsync(benchmark);
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission(benchmark));
        return submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
    }

    private Task RunAsync(Guid id, int done) => api.ExecuteAsync(
        "update evaluations set state = 'running', done = @done, total = 40, images_per_second = 10 where id = @id",
        new { id, done });

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, Guid id, string? lastEventId) =>
        SendAsync(client, $"evaluations/{id}", lastEventId);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string subject, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{subject}/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    private static Task<Followed> FollowAsync(HttpClient client, Guid id, string? lastEventId = null) =>
        FollowAsync(client, $"evaluations/{id}", lastEventId);

    private static async Task<Followed> FollowAsync(HttpClient client, string subject, string? lastEventId = null)
    {
        var response = await SendAsync(client, subject, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl!.NoCache);
        return new Followed(response, await response.Content.ReadAsStreamAsync(Token));
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync());
        return Text(events.Current);
    }

    private static string Text(SseItem<string> item)
    {
        var data = JsonDocument.Parse(item.Data).RootElement;
        var progress = data.GetProperty("progress");
        var failure = data.GetProperty("failure");
        return $"{item.EventId} {item.EventType} {data.GetProperty("state").GetString()}"
            + (progress.ValueKind == JsonValueKind.Null ? "" : $" {progress.GetProperty("done")}/{progress.GetProperty("total")}"
                + $" eta {progress.GetProperty("eta_seconds")}")
            + (failure.ValueKind == JsonValueKind.Null ? "" : $" {failure.GetProperty("code").GetString()}");
    }

    private sealed record Followed(HttpResponseMessage Response, Stream Body) : IDisposable
    {
        public IAsyncEnumerable<SseItem<string>> Events => SseParser.Create(Body).EnumerateAsync(Token);

        public void Dispose() => Response.Dispose();
    }
}
