using System.Text.Json;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Evaluations.Events;

/// <summary>
/// Writes events to one reader, until all that it follows has ended or this process is to stop. The framework's own
/// server-sent events know no heartbeat.
/// </summary>
internal sealed class EventStream(
    EvaluationWatch watch,
    NpgsqlDataSource db,
    IOptions<EventOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    private int streams;

    public const string MediaType = "text/event-stream";

    /// <summary>Answers a request; false, and nothing is written, where there is nothing that it may see.</summary>
    public async Task<bool> TryWriteAsync(HttpContext http, EvaluationWatch.Subject subject)
    {
        var positions = EventPosition.Of(http.Request);
        var caller = Caller.Of(http.User);
        IReadOnlyList<FollowedEvaluation> found = [.. (await watch.ReadAsync([subject], http.RequestAborted))[subject]];
        if (!MaySee(found, caller))
        {
            return false;
        }
        if (positions.Count > found.Count)
        {
            throw EventPosition.Refusal();
        }
        if (positions.Count == found.Count && positions.TrueForAll(position => position.IsEnd))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return true;
        }
        if (Interlocked.Increment(ref streams) > options.Value.MaxStreams)
        {
            Interlocked.Decrement(ref streams);
            throw new RefusedException(Problems.StreamsExhausted, "Ask for the state instead, or come back in a moment.")
            {
                RetryAfter = options.Value.Heartbeat,
            };
        }
        try
        {
            await WriteAsync(http, subject, found, positions);
        }
        finally
        {
            Interlocked.Decrement(ref streams);
        }
        return true;
    }

    private async Task WriteAsync(
        HttpContext http,
        EvaluationWatch.Subject subject,
        IReadOnlyList<FollowedEvaluation> found,
        List<EventPosition> positions)
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
            await FollowAsync(http, subject, found, positions, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader comes back with the id of its last event, here or elsewhere.
        }
    }

    private async Task FollowAsync(
        HttpContext http,
        EvaluationWatch.Subject subject,
        IReadOnlyList<FollowedEvaluation> now,
        List<EventPosition> positions,
        CancellationToken cancellationToken)
    {
        var (response, caller) = (http.Response, Caller.Of(http.User));
        using var reader = watch.Follow(subject);
        await response.StartAsync(cancellationToken);
        var written = time.GetTimestamp();
        var admitted = written;
        while (MaySee(now, caller))
        {
            if (time.GetElapsedTime(admitted) >= options.Value.Heartbeat)
            {
                // A key may have been revoked or expired since, and its user disabled.
                if (!await db.IsLiveAsync(http.User, time, cancellationToken))
                {
                    return;
                }
                admitted = time.GetTimestamp();
            }
            var next = reader.Next;
            for (var at = 0; at < now.Count; at++)
            {
                if (at == positions.Count)
                {
                    positions.Add(default);
                }
                foreach (var (position, name, data) in now[at].EventsAfter(positions[at]))
                {
                    positions[at] = position;
                    var json = JsonSerializer.Serialize(data, LeaderboardJson.Options);
                    await response.WriteAsync(
                        $"id: {EventPosition.Id(positions)}\nevent: {name}\ndata: {json}\n\n", cancellationToken);
                    written = time.GetTimestamp();
                }
            }
            if (positions.TrueForAll(position => position.IsEnd))
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
                await response.WriteAsync(": still here\n\n", cancellationToken);
                written = time.GetTimestamp();
            }
        }
    }

    private static bool MaySee(IReadOnlyList<FollowedEvaluation> evaluations, Caller caller) =>
        evaluations.Count > 0 && evaluations[0].IsVisibleTo(caller);
}
