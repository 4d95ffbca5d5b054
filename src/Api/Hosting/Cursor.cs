using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Leaderboard.Shared;

namespace Leaderboard.Api.Hosting;

/// <summary>Where the next page of a list begins: the sort key of the last row shown, opaque on the wire.</summary>
internal static class Cursor
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public static string Of<T>(
        T key) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key, LeaderboardJson.Options));

    /// <summary>The sort key in the cursor; the type's default where there is no cursor.</summary>
    public static T? Read<T>(string? cursor)
        where T : class
    {
        if (cursor is null)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(cursor), LeaderboardJson.Options)
                ?? throw new JsonException("The cursor is null.");
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw Problems.CursorInvalid.Because("Take the cursor from 'next' of this list's previous page, unchanged.");
        }
    }

    /// <summary>Names a list by what chooses its rows: a cursor that holds it is known for another list's.</summary>
    public static string Fingerprint(object chosen) => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(chosen, LeaderboardJson.Options)).AsSpan(0, 6));

    /// <summary>The number of rows that a page holds.</summary>
    public static int Limit(int? limit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            var errors = new Errors();
            errors.Add("limit", $"must be from 1 to {MaxLimit}");
            throw errors.Refusal();
        }
        return limit ?? DefaultLimit;
    }

    /// <summary>Sets <c>Link: …; rel="next"</c> (RFC 8288) to this request's address with the cursor.</summary>
    public static void SetNextLink(HttpContext http, string? next)
    {
        if (next is not null)
        {
            var query = http.Request.Query
                .Where(pair => pair.Key != "cursor")
                .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create<string, string?>(pair.Key, value))
                .Append(KeyValuePair.Create<string, string?>("cursor", next));
            var address = $"{http.Request.PathBase}{http.Request.Path}{QueryString.Create(query)}";
            http.Response.Headers.Link = $"<{address}>; rel=\"next\"";
        }
    }
}

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
