using System.Globalization;
using System.Text;
using System.Text.Json;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Microsoft.Net.Http.Headers;

namespace Leaderboard.Api.Evaluations;

/// <summary>Writes predictions as they come from the database, a row at a time.</summary>
internal static class PredictionsWriter
{
    public static readonly IReadOnlyList<string> JsonLines = ["application/jsonl", "application/x-ndjson"];

    public static async Task WriteAsync(
        HttpContext http, IAsyncEnumerable<SamplePrediction> predictions, CancellationToken cancellationToken)
    {
        var type = AcceptHeader.Choose(http.Request, [Csv.MediaType, .. JsonLines]);
        var csv = type == Csv.MediaType;
        http.Response.ContentType = csv ? "text/csv; charset=utf-8; header=present" : type;
        http.Response.Headers.Vary = HeaderNames.Accept;
        // Whole buffers go out, not a packet a line.
        await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(false), bufferSize: 1 << 16);
        if (csv)
        {
            await writer.WriteAsync(Csv.Line("sample", "target", "prediction", "confidence", "correct"));
        }
        await foreach (var row in predictions.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(csv ? CsvLine(row) : JsonSerializer.Serialize(row, LeaderboardJson.Options) + "\n");
        }
    }

    // Several with spaces between them.
    private static string Target(SamplePrediction row) => row.Targets is { } several
        ? string.Join(' ', several.Select(target => target.ToString(CultureInfo.InvariantCulture)))
        : Csv.Cell(row.Target);

    private static string CsvLine(SamplePrediction row) => Csv.Line(
        Csv.Cell(row.Sample), Target(row), Csv.Cell<int>(row.Prediction), Csv.Cell<float>(row.Confidence),
        row.Correct ? "true" : "false");
}
