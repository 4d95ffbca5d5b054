using Microsoft.Net.Http.Headers;

namespace Leaderboard.Api.Hosting;

internal static class AcceptHeader
{
    /// <summary>
    /// The offered media type that the request likes best. A request that likes none of them gets the first, as RFC
    /// 9110 allows.
    /// </summary>
    public static string Choose(HttpRequest request, params IReadOnlyList<string> offered)
    {
        var wanted = request.GetTypedHeaders().Accept
            .Where(accepted => accepted.Quality is not 0)
            .OrderByDescending(accepted => accepted, MediaTypeHeaderValueComparer.QualityComparer);
        return wanted
            .Select(accepted => offered.FirstOrDefault(type => accepted.MatchesMediaType(type)))
            .FirstOrDefault(type => type is not null) ?? offered[0];
    }
}
