using System.Net;
using static Leaderboard.Api.Tests.Evaluations.EventStreams;

namespace Leaderboard.Api.Tests.Evaluations;

public sealed class FollowingByEventsTests(EventStreams.Api api) : IClassFixture<EventStreams.Api>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_state_is_told_once_and_the_end_ends_the_stream()
    {
        var id = await api.SubmitOneAsync("events");
        using var stream = await FollowAsync(api.Anonymous, id);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("1 state queued", await NextAsync(events));
        await api.RunAsync(id, done: 10);
        Assert.Equal("2 state running", await NextAsync(events));
        Assert.Equal("2-10 progress running 10/40 eta 3", await NextAsync(events));
        await api.RunAsync(id, done: 20);
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
        var id = await api.SubmitOneAsync("events-resume");
        await api.RunAsync(id, done: 10);
        using (var first = await FollowAsync(api.Anonymous, id))
        {
            var events = first.Events.GetAsyncEnumerator(Token);
            Assert.Equal("1 state queued", await NextAsync(events));
            Assert.Equal("2 state running", await NextAsync(events));
            Assert.Equal("2-10 progress running 10/40 eta 3", await NextAsync(events));
        }
        // Back to the queue, begun again and done, while nobody looks.
        await api.ExecuteAsync("update evaluations set state = 'queued' where id = @id", new { id });
        await api.RunAsync(id, done: 5);
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
        var id = await api.SubmitOneAsync("events-same");
        await api.RunAsync(id, done: 10);
        using var stream = await FollowAsync(api.Anonymous, id, "2-10");
        await api.RunAsync(id, done: 11);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("2-11 progress running 11/40 eta 3", await NextAsync(events));
    }

    [Fact]
    public async Task Behind_the_end_there_is_nothing_to_follow()
    {
        var id = await api.SubmitOneAsync("events-over");
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
        var id = await api.SubmitOneAsync($"events-bad-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(lastEventId))[..8]}");
        using var refused = await SendAsync(api.Anonymous, id, lastEventId);
        await refused.ShouldBeProblemAsync(400, "request_malformed");
    }

    [Fact]
    public async Task Silence_is_broken_by_comments()
    {
        var id = await api.SubmitOneAsync("events-silence");
        using var stream = await FollowAsync(api.Anonymous, id);
        using var reader = new StreamReader(stream.Body);
        var comments = 0;
        while (comments < 3)
        {
            comments += (await reader.ReadLineAsync(Token))!.StartsWith(": ", StringComparison.Ordinal) ? 1 : 0;
        }
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
}
