using Microsoft.Net.Http.Headers;

namespace Leaderboard.Api.Hosting;

/// <summary>Conditional requests (RFC 9110, section 13): what the client has already is not sent again.</summary>
internal static class Revalidation
{
    /// <summary>
    /// Sets the validators, and 304 with a true answer where the client's copy is still good. <c>If-None-Match</c> goes
    /// before <c>If-Modified-Since</c>.
    /// </summary>
    /// <param name="lastModified">Null where the answer may change again within the second that it would name.</param>
    public static bool IsFresh(HttpContext http, EntityTagHeaderValue tag, DateTimeOffset? lastModified)
    {
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = lastModified;
        var request = http.Request.GetTypedHeaders();
        var isFresh = http.Request.Headers.IfNoneMatch.Count > 0
            ? request.IfNoneMatch.Any(
                known => known == EntityTagHeaderValue.Any || known.Compare(tag, useStrongComparison: false))
            : lastModified is not null && request.IfModifiedSince >= lastModified;
        if (isFresh)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
        }
        return isFresh;
    }
}
