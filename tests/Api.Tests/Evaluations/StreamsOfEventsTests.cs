using System.Net;
using static Leaderboard.Api.Tests.Evaluations.EventStreams;

namespace Leaderboard.Api.Tests.Evaluations;

/// <summary>Who has a stream of events, how many there are, and for how long.</summary>
public sealed class StreamsOfEventsTests(EventStreams.Api api) : IClassFixture<EventStreams.Api>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class FewStreams : ApiFactory
    {
        protected override IReadOnlyList<string> Settings => ["--Events:MaxStreams=1"];
    }

    [Fact]
    public async Task What_is_private_is_followed_by_its_owner_alone_and_no_longer_once_it_is_hidden()
    {
        var id = await api.SubmitOneAsync("events-private");
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
        await api.RunAsync(id, done: 1);
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
        await api.RunAsync(id, done: 1);
        Assert.Equal("2 state running", await NextAsync(events));
        Assert.Equal("2-1 progress running 1/40 eta 4", await NextAsync(events));
        await api.ExecuteAsync(end, new { name });
        Assert.False(await events.MoveNextAsync());
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

    // The test's pool has twenty connections.
    [Fact]
    public async Task A_hundred_readers_hold_no_connection()
    {
        var id = await api.SubmitOneAsync("events-many");
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
        var id = await api.SubmitOneAsync("events-stop");
        await using var replica = await api.StartReplicaAsync();
        using var stream = await FollowAsync(replica.Admin, id);
        var events = stream.Events.GetAsyncEnumerator(Token);
        Assert.Equal("1 state queued", await NextAsync(events));
        var stopping = replica.Server.StopAsync(Token);
        Assert.False(await events.MoveNextAsync());
        await stopping;
    }
}
