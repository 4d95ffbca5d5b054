using System.Text.Json.Nodes;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>
/// Errors as Django REST framework writes them: <c>{"detail": "…"}</c>, or what is wrong with each field. With a 400 the client
/// of Papers With Code shows <c>error</c> and nothing else, so it is there too.
/// </summary>
internal static class DjangoErrors
{
    public static Task WriteAsync(HttpContext http, string detail, IReadOnlyDictionary<string, string[]>? errors) =>
        http.Response.WriteAsJsonAsync(
            Describe(http.Response.StatusCode, detail, errors), LeaderboardJson.Options, "application/json",
            CancellationToken.None);

    public static JsonObject Describe(int status, string detail, IReadOnlyDictionary<string, string[]>? errors)
    {
        var body = new JsonObject();
        foreach (var (field, reasons) in errors ?? new Dictionary<string, string[]> { ["detail"] = [] })
        {
            body[field] = field == "detail" && reasons is []
                ? detail
                : new JsonArray([.. reasons.Select(reason => JsonValue.Create(reason))]);
        }
        if (status == StatusCodes.Status400BadRequest)
        {
            body["error"] = new JsonArray(errors is null
                ? [detail]
                : [.. errors.SelectMany(field => field.Value, (field, reason) => JsonValue.Create($"{field.Key}: {reason}"))]);
        }
        return body;
    }

    /// <summary>A field of the request is refused, for one reason.</summary>
    public static RefusedException Refuse(string field, string reason)
    {
        var errors = new Errors();
        errors.Add(field, reason);
        return errors.Refusal();
    }
}
