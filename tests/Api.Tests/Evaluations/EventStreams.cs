using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Evaluations;

/// <summary>Reads streams of events.</summary>
public static class EventStreams
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Guid> SubmitOneAsync(this ApiFactory api, string benchmark)
    {
        await api.CreateBenchmarkAsync(benchmark);
        var submission = await ApiFactory.SubmitAsync(api.Admin, Samples.Submission(benchmark));
        return submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
    }

    public static Task RunAsync(this ApiFactory api, Guid id, int done) => api.ExecuteAsync(
        "update evaluations set state = 'running', done = @done, total = 40, images_per_second = 10 where id = @id",
        new { id, done });

    public static Task<HttpResponseMessage> SendAsync(HttpClient client, Guid id, string? lastEventId) =>
        SendAsync(client, $"evaluations/{id}", lastEventId);

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, string subject, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{subject}/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public static Task<Followed> FollowAsync(HttpClient client, Guid id, string? lastEventId = null) =>
        FollowAsync(client, $"evaluations/{id}", lastEventId);

    public static async Task<Followed> FollowAsync(HttpClient client, string subject, string? lastEventId = null)
    {
        var response = await SendAsync(client, subject, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl!.NoCache);
        return new Followed(response, await response.Content.ReadAsStreamAsync(Token));
    }

    public static async Task<string> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync());
        return Text(events.Current);
    }

    public static string Text(SseItem<string> item)
    {
        var data = JsonDocument.Parse(item.Data).RootElement;
        var progress = data.GetProperty("progress");
        var failure = data.GetProperty("failure");
        return $"{item.EventId} {item.EventType} {data.GetProperty("state").GetString()}"
            + (progress.ValueKind == JsonValueKind.Null ? "" : $" {progress.GetProperty("done")}/{progress.GetProperty("total")}"
                + $" eta {progress.GetProperty("eta_seconds")}")
            + (failure.ValueKind == JsonValueKind.Null ? "" : $" {failure.GetProperty("code").GetString()}");
    }

    public sealed record Followed(HttpResponseMessage Response, Stream Body) : IDisposable
    {
        public IAsyncEnumerable<SseItem<string>> Events => SseParser.Create(Body).EnumerateAsync(Token);

        public void Dispose() => Response.Dispose();
    }

    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings => ["--Events:Heartbeat=00:00:00.200"];
    }
}
