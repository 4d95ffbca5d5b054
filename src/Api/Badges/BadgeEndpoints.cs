using System.ComponentModel;
using System.Text;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Leaderboards;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Leaderboard.Api.Badges;

internal static class BadgeEndpoints
{
    /// <summary>Readmes are shown far more often than ranks change.</summary>
    private const int MaxAgeSeconds = 300;

    public static void MapBadges(this IEndpointRouteBuilder api) =>
        api.MapGetAndHead("/badges/{benchmark}/{model}.svg", GetBadge)
            .WithName("GetBadge").WithTags("Leaderboards")
            .Produces<string>(StatusCodes.Status200OK, Svg.MediaType)
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(Problems.BenchmarkUnknown, Problems.ValidationFailed, Problems.TextInvalid);

    /// <summary>Draws a model's rank on a board as a badge, for readmes and web pages.</summary>
    /// <remarks>
    /// A model that is not on the board gets a grey badge that says <c>unranked</c>, with 200 like any other, since proxies
    /// of images drop other answers, and the model may be ranked tomorrow. Of models of one name, the best placed counts.
    /// May be kept for five minutes, then answers to <c>If-None-Match</c>.
    /// </remarks>
    /// <param name="benchmark">Name of the benchmark for its latest version, or <c>name@version</c>.</param>
    /// <param name="model">The model's name, percent-encoded, slashes as <c>%2F</c>.</param>
    internal static async Task GetBadge(
        string benchmark,
        string model,
        HttpContext http,
        BoardReader boards,
        [FromQuery, Description("The metric that ranks, one of the benchmark's; its first by default.")]
        string? metric,
        [FromQuery, Description("Which results the rank is among: verified, reported or all, the default.")]
        string? kind,
        CancellationToken cancellationToken)
    {
        var board = await boards.FindAsync(benchmark, version: null, cancellationToken);
        var query = new BoardQuery { Metric = metric, Kind = kind };
        var filter = query.ToFilter(await boards.DefinitionOfAsync(board, cancellationToken));
        var name = NameOf(http) ?? model;
        await BoardAnswer.SendAsync(http, boards, board, Key(board), ReadAsync, cancellationToken, MaxAgeSeconds);

        string Key(Board state) => state.Key("badge", filter, name);

        async Task<BoardAnswer> ReadAsync()
        {
            var (seen, place) = await boards.FindPlaceAsync(board, filter, name);
            var badge = Badge.Draw(seen.Name, name, place);
            return new BoardAnswer(Key(seen), seen.LastModified, Svg.MediaType, Encoding.UTF8.GetBytes(badge));
        }
    }

    // Routing leaves %2F as it is and decodes %25, after which a name with a slash and one with "%2F" are the same.
    private static string? NameOf(HttpContext http)
    {
        const string Ending = ".svg";
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var last = path[(path.LastIndexOf('/') + 1)..];
        return last.EndsWith(Ending, StringComparison.Ordinal) ? Uri.UnescapeDataString(last[..^Ending.Length]) : null;
    }
}
