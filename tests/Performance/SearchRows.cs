using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Leaderboard.Performance;

/// <summary>
/// Seeded rows of the size of Papers With Code's archive: 576,000 papers with abstracts of 150 words by Zipf's law, 100,000
/// rows of evaluation tables, 15,000 datasets, 8,700 methods, 5,000 tasks.
/// </summary>
internal sealed class SearchRows(string connection) : IAsyncDisposable
{
    private const int Papers = 576_000;
    private const int Words = 120_000;

    private const string Common = """
        the of and a to in for we with on is that this by learning deep neural network networks model models data image method
        training based approach using classification detection segmentation representation transformer attention language vision
        object supervised unsupervised self contrastive generative adversarial graph reinforcement semantic feature features
        performance results state art propose proposed novel framework task tasks dataset large pre trained convolutional
        recurrent domain adaptation knowledge distillation few shot zero transfer multi modal video recognition estimation
        prediction optimization robust efficient fast accurate end sequence translation question answering generation text
        speech point cloud depth pose tracking medical imaging momentum prototypes webly imagenet transformers images
        """;

    private static readonly string[] Syllables =
        "ba co di fer gan hy ix jo kal lim mo net or pro qua res son tra uni vox wen xan yol zet ap bri cu den eff flo".Split(' ');

    private static readonly string[] Names =
        "Wei Li Anna Maria José Łukasz Ilya Yann Jürgen Bernhard Chen Zhang Wang García Schölkopf Schmidhuber Müller Smith Tanaka Ørsted"
            .Split(' ');

    private static readonly string[] Networks = ["ResNet", "ViT", "BERT", "ConvNeXt", "Swin", "EfficientNet", "MoPro", "DINO"];

    private readonly NpgsqlDataSource db = NpgsqlDataSource.Create(connection);
    private readonly Random random = new(6);
    private readonly string[] words = new string[Words];
    private readonly double[] weights = new double[Words];

    /// <summary>Fills the tables, then has search take them in, and measures that.</summary>
    public async Task FillAsync()
    {
        MakeWords();
        await CopyAsync("tasks (id, name, description, origin)", 5_000, i => [$"task-{i}", Title(3), Text(20), "archive"]);
        await CopyAsync("datasets (id, name, description, origin)", 15_000, i => [$"dataset-{i}", $"{Title(1)}-{i % 100}", Text(40), "archive"]);
        await CopyAsync("methods (id, name, full_name, description, origin)", 8_700, i => [$"method-{i}", Title(1), Title(3), Text(40), "archive"]);
        await CopyAsync(
            "papers (id, title, url, arxiv_id, abstract, origin, authors, published_on)", Papers,
            i => [$"arxiv:{Arxiv(i)}", Title(9), $"https://arxiv.org/abs/{Arxiv(i)}", Arxiv(i), Text(150), "archive",
                Authors(), new DateOnly(2007, 1, 1).AddDays((int)(6_750 * Math.Pow(random.NextDouble(), 0.35)))]);
        await CopyAsync("repositories (url, owner, name)", 170_000, i => [$"https://example.org/{i}", "x", $"{i}"]);
        await CopyAsync(
            "paper_repositories (paper_id, repository_url)", 170_000, i => [$"arxiv:{Arxiv(i * 3)}", $"https://example.org/{i}"]);
        await CopyAsync(
            "evaluation_tables (id, task_id, dataset_id, dataset_path, origin)", 5_000,
            i => [$"table-{i}", $"task-{i}", $"dataset-{i}", new[] { $"dataset-{i}" }, "archive"]);
        await CopyAsync(
            "table_rows (table_id, model_name, paper_id, position)", 130_000,
            i => [$"table-{i % 5_000}", $"{Networks[i % 8]}-{i % 97} ({Title(2)})", $"arxiv:{Arxiv(i % 40_000 * 11)}", i]);

        var start = Stopwatch.GetTimestamp();
        await ExecuteAsync("call refresh_search()");
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await ExecuteAsync("vacuum analyze");
        await using var count = db.CreateCommand("select count(*)::int from search_entries");
        Measurement.Print(new Measured("search filled", (int)(await count.ExecuteScalarAsync())!, seconds));
    }

    private void MakeWords()
    {
        var seen = new HashSet<string>();
        var made = 0;
        foreach (var word in Common.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(seen.Add))
        {
            words[made++] = word;
        }
        while (made < Words)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(2, 6)).Select(_ => Syllables[random.Next(Syllables.Length)]));
            if (seen.Add(word))
            {
                words[made++] = word;
            }
        }
        for (var i = 0; i < Words; i++)
        {
            weights[i] = (i == 0 ? 0 : weights[i - 1]) + Math.Pow(i + 2.7, -0.95);
        }
    }

    private string Word()
    {
        var place = Array.BinarySearch(weights, random.NextDouble() * weights[^1]);
        return words[place < 0 ? Math.Min(~place, Words - 1) : place];
    }

    private string Text(int length)
    {
        var text = new StringBuilder();
        for (var i = 1; i <= length; i++)
        {
            text.Append(Word()).Append(i % 14 == 0 ? ". " : " ");
        }
        return text.ToString().TrimEnd();
    }

    private string Title(int length) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Text(length));

    private string[] Authors() =>
        [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => $"{Names[random.Next(10)]} {Names[random.Next(10, 20)]}-{Title(1)}")];

    private static string Arxiv(int i) => string.Create(
        CultureInfo.InvariantCulture, $"{7 + i % 18:00}{1 + i / 18 % 12:00}.{i / 216:00000}");

    private async Task CopyAsync(string table, int count, Func<int, object[]> row)
    {
        await using var session = await db.OpenConnectionAsync();
        await using var writer = await session.BeginBinaryImportAsync($"copy {table} from stdin (format binary)");
        writer.Timeout = TimeSpan.FromMinutes(60);
        for (var i = 0; i < count; i++)
        {
            await writer.WriteRowAsync(CancellationToken.None, row(i));
        }
        await writer.CompleteAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = db.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();
}
