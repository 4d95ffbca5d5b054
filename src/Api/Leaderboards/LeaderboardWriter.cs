using System.Text;
using System.Text.Json;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Writes a page of a board as JSON, CSV, or one JSON object an entry.</summary>
internal static class LeaderboardWriter
{
    public const string Json = "application/json";

    public static readonly IReadOnlyList<string> JsonLines = ["application/jsonl", "application/x-ndjson"];

    public static (string ContentType, byte[] Body) Write(LeaderboardPage page, string mediaType) => mediaType switch
    {
        Json => ("application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(page, LeaderboardJson.Options)),
        Csv.MediaType => ("text/csv; charset=utf-8; header=present", Encoding.UTF8.GetBytes(AsCsv(page))),
        _ => (mediaType, Encoding.UTF8.GetBytes(string.Concat(
            page.Entries.Select(entry => JsonSerializer.Serialize(entry, LeaderboardJson.Options) + "\n")))),
    };

    private static string AsCsv(LeaderboardPage page)
    {
        var lines = page.Entries.Select(entry => Csv.Line(
            Csv.Cell<long>(entry.Rank), Csv.Cell(entry.ModelName), Csv.Cell<double>(entry.Value), Csv.Cell(entry.Kind),
            Csv.Cell(entry.Interval?[0]), Csv.Cell(entry.Interval?[1]),
            Csv.Cell(entry.Claimed), Csv.Cell(entry.DifferencePp),
            entry.UsesAdditionalData ? "true" : "false", Csv.Cell(entry.Parameters), Csv.Cell(entry.Paper?.Id),
            Csv.Cell(entry.Paper?.Title), Csv.Cell(entry.Paper?.Url), Csv.Cell(entry.CodeUrl),
            $"{entry.Date:yyyy-MM-dd}", Csv.Cell<Guid>(entry.Result), Csv.Cell(entry.Evaluation),
            Csv.Cell(entry.SourceUrl), Csv.Cell(entry.Note), Csv.Cell(entry.Submitter),
            Csv.Cell(entry.EvalTransform is { } own ? JsonSerializer.Serialize(own, LeaderboardJson.Options) : null),
            Csv.Cell(entry.Precision), Csv.Cell(entry.Split), Csv.Cell(entry.ProtocolDeviation),
            Csv.Cell(entry.IntervalMethod),
            entry.TiedWithFirst switch { true => "true", false => "false", null => "" }));
        return Csv.Line(
            "rank", "model_name", "value", "kind", "interval_low", "interval_high", "claimed", "difference_pp",
            "uses_additional_data", "parameters", "paper_id", "paper_title", "paper_url", "code_url", "date", "result",
            "evaluation", "source_url", "note", "submitter", "eval_transform", "precision", "split",
            "protocol_deviation", "interval_method", "tied_with_first") + string.Concat(lines);
    }
}
