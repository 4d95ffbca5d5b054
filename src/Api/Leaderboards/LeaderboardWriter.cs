using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Microsoft.Net.Http.Headers;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Writes a board as JSON or CSV, or not at all where the client has it already.</summary>
internal static class LeaderboardWriter
{
    public const string Json = "application/json";

    public static async Task WriteAsync(HttpContext http, LeaderboardPage page, CancellationToken cancellationToken)
    {
        var csv = AcceptHeader.Choose(http.Request, Json, Csv.MediaType) == Csv.MediaType;
        var body = csv
            ? Encoding.UTF8.GetBytes(AsCsv(page))
            : JsonSerializer.SerializeToUtf8Bytes(page, LeaderboardJson.Options);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.GetTypedHeaders().IfNoneMatch
            .Any(known => known == EntityTagHeaderValue.Any || known.Compare(tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = csv ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, cancellationToken);
    }

    private static string AsCsv(LeaderboardPage page)
    {
        var lines = page.Entries.Select(entry => Csv.Line(
            Csv.Cell<long>(entry.Rank), Csv.Cell(entry.ModelName), Csv.Cell<double>(entry.Value), Csv.Cell(entry.Kind),
            Csv.Cell(entry.Interval?[0]), Csv.Cell(entry.Interval?[1]), Csv.Cell(entry.Claimed),
            entry.UsesAdditionalData ? "true" : "false", Csv.Cell(entry.Parameters), Csv.Cell(entry.Paper?.Id),
            Csv.Cell(entry.Paper?.Title), Csv.Cell(entry.Paper?.Url), Csv.Cell(entry.CodeUrl),
            $"{entry.Date:yyyy-MM-dd}", Csv.Cell(entry.Evaluation), Csv.Cell(entry.SourceUrl), Csv.Cell(entry.Note),
            Csv.Cell(entry.Submitter),
            Csv.Cell(entry.EvalTransform is { } own ? JsonSerializer.Serialize(own, LeaderboardJson.Options) : null),
            Csv.Cell(entry.Precision), Csv.Cell(entry.Split), Csv.Cell(entry.ProtocolDeviation), Csv.Cell(entry.IntervalMethod),
            entry.TiedWithFirst switch { true => "true", false => "false", null => "" }));
        return Csv.Line(
            "rank", "model_name", "value", "kind", "interval_low", "interval_high", "claimed", "uses_additional_data",
            "parameters", "paper_id", "paper_title", "paper_url", "code_url", "date", "evaluation", "source_url", "note",
            "submitter", "eval_transform", "precision", "split", "protocol_deviation", "interval_method", "tied_with_first") + string.Concat(lines);
    }
}
