using System.Diagnostics;
using System.Globalization;

namespace Leaderboard.Performance;

/// <summary>Searches of an imported archive over loopback: common words, rare, misspelt, unfinished, none at all.</summary>
internal sealed class Searching(Uri address) : IDisposable
{
    public static readonly IReadOnlyList<int> Clients = [1, 4];

    private const int Rounds = 30;

    private static readonly string[] Queries =
    [
        "learning", "deep", "a", "r", "the", "of the", "image classification", "deep learning", "deep learning for",
        "neural networks", "object detection with transformers", "transf", "semi", "con", "le", "unsupervised image segm",
        "learnign", "trasnformer", "imagnet", "resnt 50", "clasification of imges", "qzxvwk", "stelo", "stelotion",
        "resnet50", "ResNet-50", "vit-b/16", "wei li", "Björn", "bjorn", "kaiming attention", "omninet 120",
        "\"image classification\"", "\"learning deep\"", "\"state of the art\"", "2019.01234", "arxiv:1907.00123",
        "learning learning learning learning", "we propose a novel method for image classification using deep networks",
        "graph attention few shot", "supervised contrastive representation learning of video and language",
    ];

    private readonly HttpClient client = new() { BaseAddress = address };

    public async Task MeasureAsync()
    {
        // The programs compile, and what is read often comes into memory.
        foreach (var query in Queries)
        {
            await TimeAsync(query);
        }
        foreach (var clients in Clients)
        {
            var all = new List<(string Query, double Seconds)>();
            foreach (var runs in await Task.WhenAll(Enumerable.Range(0, clients).Select(ReadAsync)))
            {
                all.AddRange(runs);
            }
            var seconds = all.Select(run => run.Seconds).Order().ToList();
            foreach (var (name, share) in (IEnumerable<(string, double)>)[("p50", 0.5), ("p95", 0.95), ("max", 1)])
            {
                Measurement.Print(new Measured(
                    Subject(clients, name), seconds.Count, seconds[(int)(share * (seconds.Count - 1))]));
            }
            foreach (var (query, slowest) in all.GroupBy(run => run.Query)
                .Select(runs => (runs.Key, runs.Max(run => run.Seconds))).OrderByDescending(run => run.Item2).Take(5))
            {
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{clients} at once: {1000 * slowest:0.0} ms at most: {query}"));
            }
        }
    }

    public static string Subject(int clients, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"search {clients} {name}");

    // Each in an order of its own, so that not all ask for the same at once.
    private async Task<List<(string Query, double Seconds)>> ReadAsync(int reader)
    {
        var random = new Random(reader);
        var runs = new List<(string, double)>();
        for (var round = 0; round < Rounds; round++)
        {
            var order = Queries.ToArray();
            random.Shuffle(order);
            foreach (var query in order)
            {
                runs.Add((query, await TimeAsync(query)));
            }
        }
        return runs;
    }

    private async Task<double> TimeAsync(string query)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync($"api/v1/search?q={Uri.EscapeDataString(query)}");
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => client.Dispose();
}
