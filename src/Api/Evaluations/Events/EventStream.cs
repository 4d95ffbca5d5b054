using System.Text.Json;
using Leaderboard.Api.Accounts;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Evaluations.Events;

/// <summary>
/// Writes an evaluation's events to one reader, until it has ended or this process is to stop. The framework's own
/// server-sent events know no heartbeat.
/// </summary>
internal sealed class EventStream(
    EvaluationWatch watch, IOptions<EventOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public const string MediaType = "text/event-stream";

    public async Task WriteAsync(HttpContext http, FollowedEvaluation evaluation, EventPosition position)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-cache";
        // nginx would keep events until it has a buffer full of them.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        try
        {
            await FollowAsync(http, evaluation, position, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader comes back with the id of its last event, here or elsewhere.
        }
    }

    private async Task FollowAsync(
        HttpContext http, FollowedEvaluation evaluation, EventPosition position, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(http.User);
        using var reader = watch.Follow(evaluation.Id);
        await http.Response.StartAsync(cancellationToken);
        var written = time.GetTimestamp();
        for (var now = evaluation; now is not null && now.IsVisibleTo(caller);)
        {
            var next = reader.Next;
            foreach (var (id, name, data) in now.EventsAfter(position))
            {
                var json = JsonSerializer.Serialize(data, LeaderboardJson.Options);
                await http.Response.WriteAsync($"id: {id}\nevent: {name}\ndata: {json}\n\n", cancellationToken);
                (position, written) = (id, time.GetTimestamp());
            }
            if (position.IsEnd)
            {
                return;
            }
            try
            {
                var patience = options.Value.Heartbeat - time.GetElapsedTime(written);
                now = await next.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                await http.Response.WriteAsync(": still here\n\n", cancellationToken);
                written = time.GetTimestamp();
            }
        }
    }
}
