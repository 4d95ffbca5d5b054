using System.ComponentModel.DataAnnotations;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Leaderboards;

internal static class LeaderboardEndpoints
{
    public static void AddLeaderboards(this IServiceCollection services)
    {
        services.AddSingleton<BoardCache>();
        services.AddSingleton<BoardReader>();
        services.AddOptions<BoardOptions>()
            .BindConfiguration(BoardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    }

    public static void MapLeaderboards(this IEndpointRouteBuilder api)
    {
        var benchmark = api.MapGroup("/benchmarks/{name}").WithTags("Leaderboards");
        benchmark.MapGetAndHead("/leaderboard", GetLeaderboard).WithName("GetLeaderboard")
            .Produces<LeaderboardPage>(
                StatusCodes.Status200OK, LeaderboardWriter.Json, [Csv.MediaType, .. LeaderboardWriter.JsonLines])
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(
                Problems.BenchmarkUnknown, Problems.ValidationFailed, Problems.RequestMalformed,
                Problems.CursorInvalid, Problems.TextInvalid);
        benchmark.MapGetAndHead("/progress", GetProgress).WithName("GetProgress")
            .Produces<ProgressLine>(StatusCodes.Status200OK, LeaderboardWriter.Json, ProgressChart.MediaType)
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(Problems.BenchmarkUnknown, Problems.ValidationFailed, Problems.RequestMalformed, Problems.TextInvalid);
        benchmark.MapGetAndHead("/progress.svg", GetProgressChart).WithName("GetProgressChart")
            .Produces<string>(StatusCodes.Status200OK, ProgressChart.MediaType)
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(Problems.BenchmarkUnknown, Problems.ValidationFailed, Problems.RequestMalformed, Problems.TextInvalid);
    }

    /// <summary>Shows a benchmark's ranked board: the best result of each model.</summary>
    /// <remarks>
    /// Answers with <c>ETag</c> and <c>Last-Modified</c>; <c>If-None-Match</c> and <c>If-Modified-Since</c> are
    /// honoured. <c>Accept: text/csv</c> gets the same page as CSV, <c>application/jsonl</c> its entries as one JSON
    /// object a line. The cursor of the following page is in <c>next</c>, its address in the <c>Link</c> field of each.
    /// </remarks>
    /// <param name="name">Name of the benchmark for its latest version, or <c>name@version</c>.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before, asked for with the same filters.</param>
    internal static async Task GetLeaderboard(
        string name,
        HttpContext http,
        BoardReader boards,
        [AsParameters] BoardQuery query,
        [Range(1, Cursor.MaxLimit)]
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var board = await boards.FindAsync(name, query.Version, cancellationToken);
        var definition = await boards.DefinitionOfAsync(board, cancellationToken);
        var filter = query.ToFilter(definition);
        var size = Cursor.Limit(limit);
        var after = LeaderboardQueries.ReadCursor(cursor, board, filter);
        var type = AcceptHeader.Choose(
            http.Request, [LeaderboardWriter.Json, Csv.MediaType, .. LeaderboardWriter.JsonLines]);
        await BoardAnswer.SendAsync(http, boards, board, Key(board), ReadAsync, cancellationToken);

        string Key(Board state) => state.Key("page", filter, size, after, type);

        async Task<BoardAnswer> ReadAsync()
        {
            var (seen, page) = await boards.ReadPageAsync(board, definition, filter, size, after);
            var (contentType, body) = LeaderboardWriter.Write(page, type);
            return new BoardAnswer(Key(seen), seen.LastModified, contentType, body, page.Next);
        }
    }

    /// <summary>Shows the state of the art over time: only results that were better than all before them.</summary>
    /// <remarks>
    /// By date; of one date the best. All results count, not only each model's best. <c>Accept: image/svg+xml</c> gets
    /// the chart of <c>/progress.svg</c>.
    /// </remarks>
    /// <param name="name">Name of the benchmark for its latest version, or <c>name@version</c>.</param>
    internal static Task GetProgress(
        string name,
        HttpContext http,
        BoardReader boards,
        [AsParameters] BoardQuery query,
        CancellationToken cancellationToken) =>
        SendProgressAsync(
            name, http, boards, query,
            AcceptHeader.Choose(http.Request, LeaderboardWriter.Json, ProgressChart.MediaType), cancellationToken);

    /// <summary>Draws the state of the art over time as an SVG image.</summary>
    /// <remarks>The same results as in <c>/progress</c>; the image fits light and dark pages.</remarks>
    /// <param name="name">Name of the benchmark for its latest version, or <c>name@version</c>.</param>
    internal static Task GetProgressChart(
        string name,
        HttpContext http,
        BoardReader boards,
        [AsParameters] BoardQuery query,
        CancellationToken cancellationToken) =>
        SendProgressAsync(name, http, boards, query, ProgressChart.MediaType, cancellationToken);

    private static async Task SendProgressAsync(
        string name,
        HttpContext http,
        BoardReader boards,
        BoardQuery query,
        string type,
        CancellationToken cancellationToken)
    {
        var board = await boards.FindAsync(name, query.Version, cancellationToken);
        var filter = query.ToFilter(await boards.DefinitionOfAsync(board, cancellationToken));
        await BoardAnswer.SendAsync(http, boards, board, Key(board), ReadAsync, cancellationToken);

        string Key(Board state) => state.Key("progress", filter, type);

        async Task<BoardAnswer> ReadAsync()
        {
            var (seen, line) = await boards.ReadProgressAsync(board, filter);
            return new BoardAnswer(Key(seen), seen.LastModified, type, ProgressWriter.Write(line, type));
        }
    }
}
