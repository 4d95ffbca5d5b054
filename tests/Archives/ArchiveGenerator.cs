using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Leaderboard.Archives;

/// <summary>
/// The five dumps of Papers With Code in their own form and with their own oddities, made up: equal for an equal size and seed,
/// written as a stream.
/// </summary>
public sealed class ArchiveGenerator(ArchiveSize size, ulong seed)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly string[] Areas = ["Computer Vision", "Natural Language Processing", "Graphs", "Medical", "Speech", "Playing Games", "Methodology", "Time Series"];

    private readonly Vocabulary vocabulary = new(seed);

    public void Write(string folder, bool gzip)
    {
        Directory.CreateDirectory(folder);
        WriteFile("papers-with-abstracts", size.Papers, WritePaper);
        WriteFile("links-between-papers-and-code", size.Links, WriteLink);
        WriteFile("methods", size.Methods, WriteMethod);
        WriteFile("datasets", size.Datasets, WriteDataset);
        var tables = new TablesGenerator(size, seed, vocabulary);
        WriteFile("evaluation-tables", tables.TopTasks, tables.WriteTask);

        void WriteFile(string name, int count, Action<Utf8JsonWriter, int> write)
        {
            using Stream file = File.Create(Path.Combine(folder, name + (gzip ? ".json.gz" : ".json")));
            using Stream stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : new BufferedStream(file, 1 << 20);
            using var json = new Utf8JsonWriter(stream, Plain);
            json.WriteStartArray();
            for (var i = 0; i < count; i++)
            {
                write(json, i);
                if (json.BytesPending > 1 << 16)
                {
                    json.Flush();
                }
            }
            json.WriteEndArray();
        }
    }

    private void WritePaper(Utf8JsonWriter json, int number)
    {
        var paper = GeneratedPaper.At(number, seed, vocabulary);
        var draws = new Draws(seed + 1, RecordKind.Paper, number);
        json.WriteStartObject();
        json.WriteString("paper_url", paper.Url);
        json.WriteString("arxiv_id", paper.ArxivId);
        json.WriteString("nips_id", draws.OneIn(200) ? Names.Plain(number) : null);
        json.WriteString("openreview_id", draws.OneIn(50) ? $"or{Names.Plain(number)}" : null);
        json.WriteString("title", paper.Title);
        var text = Abstract(paper, ref draws);
        json.WriteString("abstract", text);
        json.WriteString("short_abstract", draws.OneIn(20) ? null : text[..Math.Min(text.Length, 200)]);
        json.WriteString("url_abs", paper.ArxivId is null ? $"https://example.org/{paper.Slug}" : $"http://arxiv.org/abs/{paper.ArxivId}v1");
        json.WriteString("url_pdf", paper.ArxivId is null ? null : $"http://arxiv.org/pdf/{paper.ArxivId}v1.pdf");
        var hasVenue = draws.OneIn(4);
        var venue = draws.Of(["CVPR", "ICLR", "NeurIPS", "ICML", "ACL", "ECCV"]);
        var year = Names.Plain(2012 + draws.Below(13));
        json.WriteString("proceeding", hasVenue ? $"{venue} {year} {Names.Plain(draws.Between(1, 12))}" : null);
        json.WriteStartArray("authors");
        for (var (i, count) = (0, draws.Between(1, 7)); i < count; i++)
        {
            json.WriteStringValue(vocabulary.Person(ref draws));
        }
        json.WriteEndArray();
        WriteTasks(json, "tasks", draws.Below(5), ref draws);
        json.WriteString("date", paper.Date?.ToString("O"));
        json.WriteString("conference", hasVenue ? venue.ToLowerInvariant() : null);
        json.WriteString("conference_url_abs", hasVenue ? $"https://example.org/{venue}/{Names.Plain(number)}" : null);
        json.WriteString("conference_url_pdf", hasVenue && draws.OneIn(2) ? $"https://example.org/{venue}/{Names.Plain(number)}.pdf" : null);
        json.WriteString("reproduces_paper", draws.OneIn(500) ? GeneratedPaper.At(draws.Below(size.Papers), seed, vocabulary).Url : null);
        json.WriteStartArray("methods");
        for (var (i, count) = (0, draws.Below(4)); i < count; i++)
        {
            var method = draws.Zipf(size.Methods);
            json.WriteStartObject();
            json.WriteString("name", Names.Method(method));
            json.WriteString("full_name", Names.Method(method));
            json.WriteString("description", "Described under methods.");
            json.WriteString("introduced_year", Year(method));
            json.WriteString("source_url", (string?)null);
            json.WriteString("source_title", (string?)null);
            json.WriteString("code_snippet_url", (string?)null);
            json.WriteStartObject("main_collection");
            json.WriteString("name", Collection(method));
            json.WriteString("description", "");
            json.WriteString("parent", (string?)null);
            json.WriteString("area", Areas[method % Areas.Length]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private string Abstract(GeneratedPaper paper, ref Draws draws)
    {
        if (draws.OneIn(50))
        {
            return "";
        }
        var text = new StringBuilder();
        for (var i = 0; i < 9; i++)
        {
            vocabulary.AddSentence(text, ref draws);
        }
        return text.Append("We call it ").Append(paper.Title).Append('.').ToString();
    }

    private void WriteTasks(Utf8JsonWriter json, string property, int count, ref Draws draws)
    {
        json.WriteStartArray(property);
        for (var i = 0; i < count; i++)
        {
            json.WriteStringValue(Names.Task(draws.Zipf(size.Tasks)));
        }
        json.WriteEndArray();
    }

    private void WriteLink(Utf8JsonWriter json, int number)
    {
        var draws = new Draws(seed, RecordKind.Link, number);
        // One in fifty is of a paper that the papers' dump does not have.
        var paper = GeneratedPaper.At(draws.Below(size.Papers) + (draws.OneIn(50) ? size.Papers : 0), seed, vocabulary);
        json.WriteStartObject();
        json.WriteString("paper_url", paper.Url);
        json.WriteString("paper_title", paper.Title);
        json.WriteString("paper_arxiv_id", paper.ArxivId);
        json.WriteString("paper_url_abs", $"https://example.org/{paper.Slug}");
        json.WriteString("paper_url_pdf", draws.OneIn(3) ? null : $"https://example.org/{paper.Slug}.pdf");
        json.WriteString("repo_url", $"https://github.com/{Names.Slug(vocabulary.Topic(ref draws))}/{Names.Slug(vocabulary.Topic(ref draws))}");
        json.WriteBoolean("is_official", draws.OneIn(2));
        json.WriteBoolean("mentioned_in_paper", draws.OneIn(2));
        json.WriteBoolean("mentioned_in_github", draws.OneIn(2));
        json.WriteString("framework", draws.Of(["pytorch", "pytorch", "tf", "jax", "none", "mxnet"]));
        json.WriteEndObject();
    }

    private void WriteMethod(Utf8JsonWriter json, int number)
    {
        var draws = new Draws(seed, RecordKind.Method, number);
        var name = Names.Method(number);
        json.WriteStartObject();
        json.WriteString("url", $"https://paperswithcode.com/method/{Names.Slug(name)}");
        json.WriteString("name", name);
        json.WriteString("full_name", name);
        json.WriteString("description", Sentence(ref draws));
        if (draws.OneIn(5))
        {
            json.WriteNull("paper");
        }
        else
        {
            var paper = GeneratedPaper.At(draws.Below(size.Papers), seed, vocabulary);
            json.WriteStartObject("paper");
            json.WriteString("title", paper.Title);
            json.WriteString("url", paper.Url);
            json.WriteEndObject();
        }
        json.WriteString("introduced_year", Year(number));
        json.WriteString("source_url", draws.OneIn(4) ? null : "https://example.org/source");
        json.WriteString("source_title", draws.OneIn(4) ? null : "A source");
        json.WriteString("code_snippet_url", draws.OneIn(2) ? null : "https://example.org/code");
        json.WriteNumber("num_papers", draws.Pareto(10_000) - 1);
        json.WriteStartArray("collections");
        json.WriteStartObject();
        json.WriteString("collection", Collection(number));
        json.WriteString("area_id", Names.Slug(Areas[number % Areas.Length]));
        json.WriteString("area", Areas[number % Areas.Length]);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteDataset(Utf8JsonWriter json, int number)
    {
        var draws = new Draws(seed, RecordKind.Dataset, number);
        var name = Names.Dataset(number);
        json.WriteStartObject();
        json.WriteString("url", $"https://paperswithcode.com/dataset/{Names.Slug(name)}");
        json.WriteString("name", name);
        json.WriteString("full_name", draws.OneIn(2) ? null : $"The {name} Collection");
        json.WriteString("homepage", draws.OneIn(4) ? null : "https://example.org/data");
        json.WriteString("description", Sentence(ref draws));
        json.WriteString("short_description", draws.OneIn(2) ? null : Sentence(ref draws));
        json.WriteString("parent_dataset", number > 20 && draws.OneIn(20) ? Names.Dataset(draws.Below(20)) : null);
        json.WriteString("image", (string?)null);
        if (draws.OneIn(3))
        {
            json.WriteNull("paper");
        }
        else
        {
            var paper = GeneratedPaper.At(draws.Below(size.Papers), seed, vocabulary);
            json.WriteStartObject("paper");
            json.WriteString("title", paper.Title);
            json.WriteString("url", draws.OneIn(10) ? null : paper.Url);
            json.WriteEndObject();
        }
        json.WriteString("introduced_date", draws.OneIn(4) ? null : new DateOnly(2010, 1, 1).AddDays(draws.Below(5000)).ToString("O"));
        json.WriteString("warning", draws.OneIn(300) ? "It is known to hold errors." : null);
        WriteStrings(json, "modalities", [draws.Of(["Images", "Texts", "Videos", "Audio", "Graphs"])]);
        WriteStrings(json, "languages", draws.OneIn(4) ? ["English", "Deutsch", "中文"] : []);
        json.WriteStartArray("tasks");
        for (var (i, count) = (0, draws.Below(4)); i < count; i++)
        {
            var task = Names.Task(draws.Zipf(size.Tasks));
            json.WriteStartObject();
            json.WriteString("task", task);
            json.WriteString("url", $"https://paperswithcode.com/task/{Names.Slug(task)}");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteStrings(json, "variants", draws.OneIn(3) ? [name, $"{name} test", $"{name} (10%)"] : [name]);
        json.WriteNumber("num_papers", draws.Pareto(15_000) - 1);
        json.WriteStartArray("data_loaders");
        if (draws.OneIn(6))
        {
            json.WriteStartObject();
            json.WriteString("url", "https://example.org/loader");
            json.WriteString("repo", "https://github.com/example/loader");
            WriteStrings(json, "frameworks", ["tf", "pytorch"]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private string Sentence(ref Draws draws)
    {
        var text = new StringBuilder();
        vocabulary.AddSentence(text, ref draws);
        return text.ToString().TrimEnd();
    }

    private static string Year(int number) => Names.Plain(2000 + (number % 25));

    private static string Collection(int method) => $"{Names.Task(method % 300)} Models";

    internal static void WriteStrings(Utf8JsonWriter json, string property, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(property);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }
}
