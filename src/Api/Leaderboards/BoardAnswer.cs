using System.Globalization;
using Leaderboard.Api.Hosting;
using Microsoft.Net.Http.Headers;

namespace Leaderboard.Api.Leaderboards;

/// <summary>An answer about a board, as its bytes.</summary>
/// <param name="Key">Names it, and the state of the board that it is of.</param>
/// <param name="LastModified">When that state came about.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Next">Cursor of the next page, where there are pages.</param>
internal sealed record BoardAnswer(
    string Key, DateTimeOffset? LastModified, string ContentType, byte[] Body, string? Next = null)
{
    private const int OwnBytes = 500;

    /// <summary>
    /// Answers a request for what the key names, unless the client has it already: then nothing is read for it.
    /// </summary>
    /// <param name="maxAge">Seconds for which nobody needs to ask again.</param>
    public static async Task SendAsync(
        HttpContext http,
        BoardReader boards,
        Board board,
        string key,
        Func<Task<BoardAnswer>> read,
        CancellationToken cancellationToken,
        int maxAge = 0)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.Authorization}";
        var sharing = request.Headers.Authorization.Count > 0 ? "private" : "public";
        response.Headers.CacheControl = maxAge == 0
            ? $"{sharing}, no-cache"
            : string.Create(
                CultureInfo.InvariantCulture, $"{sharing}, max-age={maxAge}, stale-while-revalidate={maxAge}");
        if (Revalidation.IsFresh(http, Board.Tag(key), board.LastModified))
        {
            return;
        }
        var answer = await boards.Cache.GetAsync(key, read, found => found.Body.Length + OwnBytes, cancellationToken);
        // The board may have gone on since it was asked for.
        if (answer.Key != key && Revalidation.IsFresh(http, Board.Tag(answer.Key), answer.LastModified))
        {
            return;
        }
        Cursor.SetNextLink(http, answer.Next);
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, cancellationToken);
    }
}
