using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>
/// Writes evaluation tables as the archive's <c>evaluation-tables</c> has them, keys sorted, as they are read. What is not the
/// archive's says so in a field of its own, <c>leaderboard</c>.
/// </summary>
internal sealed class TableExport
{
    /// <summary>A task below more others than this stands by itself, named where it belongs.</summary>
    private const int MaxDepth = 20;

    private const int BufferBytes = 1 << 16;

    private static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ExportReader reader;
    private readonly ExportTree tree;
    private readonly Utf8JsonWriter json;
    private readonly HashSet<string> written = [];
    private readonly CancellationToken cancellationToken;

    private TableExport(ExportReader reader, ExportTree tree, Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        this.reader = reader;
        this.tree = tree;
        this.json = json;
        this.cancellationToken = cancellationToken;
    }

    /// <summary>All tables, or those of an origin: <c>archive</c>, <c>user</c>, <c>benchmark</c>.</summary>
    public static async Task WriteAsync(
        NpgsqlDataSource db, string? origin, Stream output, CancellationToken cancellationToken)
    {
        await using var reader = await ExportReader.BeginAsync(db, origin, cancellationToken);
        var tree = await ExportTree.ReadAsync(reader, cancellationToken);
        await using var json = new Utf8JsonWriter(output, Format);
        await new TableExport(reader, tree, json, cancellationToken).WriteAsync();
        await json.FlushAsync(cancellationToken);
        await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    private async Task WriteAsync()
    {
        json.WriteStartArray();
        foreach (var task in tree.Roots)
        {
            if (!written.Contains(task.Id))
            {
                await WriteTaskAsync(task, depth: 1);
            }
        }
        json.WriteEndArray();
    }

    // A task that belongs below several others stands whole below the first, and is named below the rest. So no circle has
    // an end to look for.
    private async Task WriteTaskAsync(ExportedTask task, int depth)
    {
        var isWhole = depth <= MaxDepth && written.Add(task.Id);
        json.WriteStartObject();
        WriteTexts("categories", task.Areas);
        json.WriteStartArray("datasets");
        foreach (var dataset in isWhole ? tree.DatasetsOf(task) : [])
        {
            await WriteDatasetAsync(dataset);
        }
        json.WriteEndArray();
        json.WriteString("description", task.Description);
        if (task.SourceTitle is null && task.SourceUrl is null)
        {
            json.WriteNull("source_link");
        }
        else
        {
            json.WriteStartObject("source_link");
            json.WriteString("title", task.SourceTitle);
            json.WriteString("url", task.SourceUrl);
            json.WriteEndObject();
        }
        json.WriteStartArray("subtasks");
        foreach (var child in isWhole ? tree.ChildrenOf(task) : [])
        {
            await WriteTaskAsync(child, depth + 1);
        }
        json.WriteEndArray();
        WriteTexts("synonyms", task.Synonyms);
        json.WriteString("task", task.Name);
        json.WriteEndObject();
    }

    private async Task WriteDatasetAsync(ExportedDataset dataset)
    {
        var table = dataset.Table;
        json.WriteStartObject();
        json.WriteString("dataset", dataset.Name);
        WriteSorted("dataset_citations", table?.Citations ?? "[]");
        WriteSorted("dataset_links", table?.Links ?? "[]");
        json.WriteString("description", table?.Description ?? "");
        if (table is { Origin: not "archive" })
        {
            json.WriteStartObject("leaderboard");
            json.WriteString("benchmark", table.Benchmark);
            json.WriteString("origin", table.Origin);
            json.WriteString("table", table.Id);
            json.WriteEndObject();
        }
        if (table is { HasSota: true })
        {
            await WriteSotaAsync(table);
        }
        json.WriteStartArray("subdatasets");
        foreach (var below in dataset.Subdatasets)
        {
            await WriteDatasetAsync(below);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await FlushAsync();
    }

    private async Task WriteSotaAsync(ExportedTable table)
    {
        json.WriteStartObject("sota");
        WriteTexts("metrics", table.Metrics);
        json.WriteStartArray("rows");
        await foreach (var row in reader.ReadRowsAsync(table).WithCancellation(cancellationToken))
        {
            WriteRow(row, table);
            await FlushAsync();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteRow(ExportedRow row, ExportedTable table)
    {
        json.WriteStartObject();
        WriteSorted("code_links", row.CodeLinks);
        if (table.Origin == "benchmark" || row.AddedBy is not null)
        {
            json.WriteStartObject("leaderboard");
            json.WriteString("added_by", row.AddedBy);
            json.WriteString("kind", row.Kind);
            json.WriteString("row", row.Id);
            json.WriteEndObject();
        }
        WriteSorted("metrics", row.Metrics ?? "{}");
        WriteSorted("model_links", row.ModelLinks);
        json.WriteString("model_name", row.ModelName);
        json.WriteString("paper_date", row.PaperDate?.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("paper_title", row.PaperTitle);
        json.WriteString("paper_url", row.PaperUrl);
        if (row.Tags != "[]")
        {
            WriteSorted("tags", row.Tags);
        }
        json.WriteBoolean("uses_additional_data", row.UsesAdditionalData);
        json.WriteEndObject();
    }

    private async ValueTask FlushAsync()
    {
        if (json.BytesPending > BufferBytes)
        {
            await json.FlushAsync(cancellationToken);
        }
    }

    private void WriteTexts(string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    private void WriteSorted(string name, string stored)
    {
        using var document = JsonDocument.Parse(stored);
        json.WritePropertyName(name);
        WriteSorted(document.RootElement);
    }

    private void WriteSorted(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in element.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(field.Name);
                    WriteSorted(field.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteSorted(item);
                }
                json.WriteEndArray();
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
