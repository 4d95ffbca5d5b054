using System.Security.Claims;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Results;

internal static class ResultEndpoints
{
    public static void MapResults(this IEndpointRouteBuilder api)
    {
        var results = api.MapGroup("/results").WithTags("Results");
        results.MapPost("/", ReportResult).WithName("ReportResult").RequireAuthorization(Scopes.Submit)
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.TextInvalid, Problems.BenchmarkUnknown,
                Problems.ResultExists, Problems.ResultsTooMany, Problems.BodyTooLarge, Problems.MediaTypeUnsupported);
        results.MapGet("/", ListResults).WithName("ListResults")
            .Refuses(
                Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid, Problems.TextInvalid,
                Problems.Unauthenticated, Problems.BenchmarkUnknown);
        results.MapGet("/{id:guid}", GetResult).WithName("GetResult").Refuses(Problems.ResultUnknown);
        results.MapGet("/{id:guid}/history", GetResultHistory).WithName("GetResultHistory")
            .Refuses(Problems.ResultUnknown);
        results.MapModeration();
    }

    /// <summary>Reports a figure that was published elsewhere, with its source.</summary>
    /// <remarks>
    /// It stands on its board as <c>reported</c> once a moderator has accepted it. The same figure of the same model from
    /// the same source is reported once: who reports it again gets the first one with 200, and anybody else is refused. Of
    /// one user, 100 wait at a time.
    /// </remarks>
    internal static async Task<Results<Accepted<Result>, Ok<Result>>> ReportResult(
        ResultRequest request,
        HttpContext http,
        NpgsqlDataSource db,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ResultRules.Check(request, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), errors);
        errors.RequireText(request.Benchmark, "benchmark", maxLength: 300);
        errors.ThrowIfAny();
        var benchmark = await db.GetBenchmarkAsync(request.Benchmark, cancellationToken);
        errors.Require(
            benchmark.Definition.Metrics.Contains(request.Metric),
            "metric", $"must be one of {string.Join(", ", benchmark.Definition.Metrics)}");
        errors.ThrowIfAny();

        var caller = Caller.Of(http.User);
        var userId = Caller.UserIdOf(http.User);
        if (await db.AddResultAsync(request, benchmark.Id, userId, cancellationToken) is { } added)
        {
            return TypedResults.Accepted(
                $"/api/v1/results/{added}", await FindAsync(added, db, caller, cancellationToken));
        }
        var earlier = await db.FindSameAsync(request, benchmark.Id, userId, cancellationToken);
        return earlier is { IsOwn: true }
            ? TypedResults.Ok(await FindAsync(earlier.Id, db, caller, cancellationToken))
            : throw Problems.ResultExists.Because(
                earlier is { IsShown: true }
                    ? $"It is result {earlier.Id} already."
                    : "Somebody else has reported it, and it waits for a moderator.");
    }

    /// <summary>Lists results, the newest first.</summary>
    /// <remarks>
    /// Everybody sees what stands or stood on boards. <c>state=pending</c> is the queue of moderation: an admin sees all of
    /// it, others what they have reported themselves.
    /// </remarks>
    /// <param name="state">Only those in this state: pending, accepted, rejected, withdrawn.</param>
    /// <param name="kind">Only those of this kind: verified, reported.</param>
    /// <param name="benchmark">Only those of this benchmark: <c>name</c> for its latest version, or
    /// <c>name@version</c>.</param>
    /// <param name="mine">Only those of the key's user.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<Result>>> ListResults(
        HttpContext http,
        NpgsqlDataSource db,
        string? state,
        string? kind,
        string? benchmark,
        bool? mine,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(
            state is null or "pending" or "accepted" or "rejected" or "withdrawn",
            "state", "must be pending, accepted, rejected or withdrawn");
        errors.Require(kind is null or "verified" or "reported", "kind", "must be verified or reported");
        errors.ThrowIfAny();
        var caller = Caller.Of(http.User);
        if (caller.UserId is null && (mine == true || state is "pending" or "rejected"))
        {
            throw Problems.Unauthenticated.Because("Without an API key, only what was accepted is seen.");
        }
        var of = benchmark is null ? null : await db.GetBenchmarkAsync(benchmark, cancellationToken);
        var page = await db.ListResultsAsync(
            new ResultFilter(state, kind, of?.Id, mine == true), caller, Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a result, also one that was withdrawn.</summary>
    /// <remarks>Who reported a result sees it whatever its state; others see it once it was accepted.</remarks>
    /// <param name="id">Id of the result.</param>
    internal static async Task<Ok<Result>> GetResult(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await FindAsync(id, db, Caller.Of(user), cancellationToken));

    /// <summary>Lists all that happened to a result, and to those it took the place of or gave its place to.</summary>
    /// <param name="id">Id of the result.</param>
    internal static async Task<Ok<ResultHistory>> GetResultHistory(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(user);
        await FindAsync(id, db, caller, cancellationToken);
        return TypedResults.Ok(new ResultHistory(id, await db.ListEventsAsync(id, caller, cancellationToken)));
    }

    internal static async Task<Result> FindAsync(
        Guid id, NpgsqlDataSource db, Caller caller, CancellationToken cancellationToken) =>
        await db.FindResultAsync(id, caller, cancellationToken)
        ?? throw Problems.ResultUnknown.Because($"No result {id} may be seen with this key.");
}
