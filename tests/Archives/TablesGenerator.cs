using System.Text.Json;

namespace Leaderboard.Archives;

/// <summary>
/// Evaluation tables. Oddities: no rows, no metrics, parents of subdatasets without a table, null lists and dates, rows without
/// a paper or with one that nobody has, a task under two parents, one within itself, datasets that no dump names.
/// </summary>
internal sealed class TablesGenerator(ArchiveSize size, ulong seed, Vocabulary vocabulary)
{
    private const int Family = 4;   // a task of the top and its subtasks
    private static readonly string[] Areas = ["Computer Vision", "Natural Language Processing", "Graphs", "Medical", "Speech", "Música", "Time Series"];

    public int TopTasks => (size.Tasks + Family - 1) / Family;

    public void WriteTask(Utf8JsonWriter json, int number) => WriteTask(json, number * Family, depth: 0);

    private void WriteTask(Utf8JsonWriter json, int number, int depth)
    {
        var draws = new Draws(seed, RecordKind.Task, number);
        var name = Names.Task(number);
        json.WriteStartObject();
        ArchiveGenerator.WriteStrings(json, "categories", draws.OneIn(10) ? [Areas[number % Areas.Length], "Miscellaneous"] : [Areas[number % Areas.Length]]);
        WriteDatasets(json, number);
        json.WriteString("description", draws.OneIn(3) ? "" : $"{name} is about {vocabulary.Topic(ref draws)} {vocabulary.Topic(ref draws)}.");
        if (draws.OneIn(3))
        {
            json.WriteStartObject("source_link");
            json.WriteString("title", "NLP Progress");
            json.WriteString("url", "https://example.org/progress");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("source_link");
        }
        if (depth > 0 && draws.OneIn(3))
        {
            json.WriteNull("subtasks");
        }
        else
        {
            json.WriteStartArray("subtasks");
            WriteSubtasks(json, number, depth, ref draws);
            json.WriteEndArray();
        }
        ArchiveGenerator.WriteStrings(json, "synonyms", draws.OneIn(4) ? [$"{name}s", $"Problem of {name}"] : []);
        json.WriteString("task", name);
        json.WriteEndObject();
    }

    private void WriteSubtasks(Utf8JsonWriter json, int number, int depth, ref Draws draws)
    {
        if (depth == 0)
        {
            WriteTask(json, number + 1, depth: 1);
            WriteTask(json, number + 2, depth: 1);
            if (draws.OneIn(20))
            {
                WriteBareTask(json, draws.OneIn(5) ? number : draws.Zipf(size.Tasks));
            }
        }
        else if (depth == 1 && number % Family == 1)
        {
            WriteTask(json, number + 2, depth: 2);
            if (draws.OneIn(50))
            {
                WriteBareTask(json, number - 1);   // its own parent
            }
        }
    }

    private static void WriteBareTask(Utf8JsonWriter json, int number)
    {
        json.WriteStartObject();
        ArchiveGenerator.WriteStrings(json, "categories");
        ArchiveGenerator.WriteStrings(json, "datasets");
        json.WriteString("description", "");
        json.WriteNull("source_link");
        ArchiveGenerator.WriteStrings(json, "subtasks");
        json.WriteNull("synonyms");
        json.WriteString("task", Names.Task(number));
        json.WriteEndObject();
    }

    private void WriteDatasets(Utf8JsonWriter json, int task)
    {
        // Those of a task are the numbers that it is the remainder of, the first tasks having the most.
        var draws = new Draws(seed, RecordKind.Table, task);
        var mean = (double)size.Tables / size.Tasks;
        var count = (int)(-Math.Log(1 - draws.Unit()) * mean + 0.5);
        json.WriteStartArray("datasets");
        for (var i = 0; i < count; i++)
        {
            var dataset = draws.OneIn(10) ? $"Un{Names.Plain(task)}named {Names.Plain(i)}" : $"{Names.Dataset((task * 31 + i * 7) % size.Datasets)}{(draws.OneIn(8) ? " (10%)" : "")}";
            var hasParts = draws.OneIn(15);
            WriteDataset(json, "dataset", dataset, !hasParts || draws.OneIn(2), hasParts ? 2 : 0, ref draws);
        }
        json.WriteEndArray();
    }

    private void WriteDataset(Utf8JsonWriter json, string property, string name, bool hasTable, int parts, ref Draws draws)
    {
        json.WriteStartObject();
        json.WriteString(property, name);
        WriteLinks(json, "dataset_citations", 0);
        WriteLinks(json, "dataset_links", draws.Below(2));
        json.WriteString("description", draws.OneIn(4) ? $"About {name}." : "");
        if (hasTable)
        {
            WriteSota(json, ref draws);
        }
        json.WriteStartArray("subdatasets");
        for (var i = 0; i < parts; i++)
        {
            WriteDataset(json, "subdataset", $"{name} part {(char)('A' + i)}", hasTable: true, parts: 0, ref draws);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteSota(Utf8JsonWriter json, ref Draws draws)
    {
        var first = draws.Below(Figures.Metrics.Length);
        var metrics = new string[draws.OneIn(80) ? 0 : draws.Between(1, 5)];
        for (var i = 0; i < metrics.Length; i++)
        {
            metrics[i] = Figures.Metrics[(first + i * 5) % Figures.Metrics.Length];
        }
        json.WriteStartObject("sota");
        ArchiveGenerator.WriteStrings(json, "metrics", metrics);
        json.WriteStartArray("rows");
        var mean = (double)size.Rows / size.Tables / 0.97;
        var rows = draws.OneIn(30) ? 0 : 1 + (int)(-Math.Log(1 - draws.Unit()) * (mean - 0.5));
        for (var i = 0; i < rows; i++)
        {
            WriteRow(json, metrics, ref draws);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteRow(Utf8JsonWriter json, string[] metrics, ref Draws draws)
    {
        var number = draws.Below(size.Papers) + (draws.OneIn(100) ? size.Papers : 0);
        var paper = draws.OneIn(12) ? null : GeneratedPaper.At(number, seed, vocabulary);
        json.WriteStartObject();
        WriteLinks(json, "code_links", draws.Below(2));
        json.WriteStartObject("metrics");
        foreach (var metric in metrics)
        {
            if (!draws.OneIn(12))
            {
                json.WriteString(metric, Figures.Draw(metric, ref draws));
            }
        }
        if (draws.OneIn(50))
        {
            json.WriteString("Unlisted Score", "7");
        }
        json.WriteEndObject();
        WriteLinks(json, "model_links", 0);
        json.WriteString("model_name", $"{Names.Method(draws.Zipf(size.Methods))} ({draws.Of(["base", "large", "ResNet-50", "ViT-B/16", "größer"])})");
        json.WriteString("paper_date", paper?.Date?.ToString("O"));
        json.WriteString("paper_title", paper?.Title ?? "");
        json.WriteString("paper_url", paper is null ? "" : paper.ArxivId is not null && draws.OneIn(3) ? $"https://arxiv.org/abs/{paper.ArxivId}v2" : paper.Url);
        if (draws.OneIn(20))
        {
            json.WriteNull("tags");
        }
        else if (draws.OneIn(5))
        {
            ArchiveGenerator.WriteStrings(json, "tags", "Transformer");
        }
        if (!draws.OneIn(15))
        {
            json.WriteBoolean("uses_additional_data", draws.OneIn(6));
        }
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, string property, int count)
    {
        json.WriteStartArray(property);
        for (var i = 0; i < count; i++)
        {
            json.WriteStartObject();
            json.WriteString("title", "Official");
            json.WriteString("url", $"https://github.com/example/{Names.Plain(i)}");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
