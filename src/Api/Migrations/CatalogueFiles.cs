using System.Text.Json;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Migrations;

/// <summary>The data of <c>catalog/</c> as its files have it.</summary>
internal sealed record CatalogueFiles(
    IReadOnlyList<CatalogueTask> Tasks,
    IReadOnlyList<CataloguePaper> Papers,
    IReadOnlyList<CatalogueDataset> Datasets,
    IReadOnlyList<CatalogueBenchmark> Benchmarks)
{
    public static CatalogueFiles Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no catalogue at {folder}; LEADERBOARD_CATALOG says where it is.");
        }
        var benchmarks = Path.Combine(folder, "benchmarks");
        return new CatalogueFiles(
            ReadFile<List<CatalogueTask>>(Path.Combine(folder, "tasks.json")),
            ReadFile<List<CataloguePaper>>(Path.Combine(folder, "papers.json")),
            ReadFile<List<CatalogueDataset>>(Path.Combine(folder, "datasets.json")),
            // In the order of their names: of several versions in one catalogue, the last is the latest.
            Directory.Exists(benchmarks)
                ? [.. Directory.GetFiles(benchmarks, "*.json").Order(StringComparer.Ordinal).Select(ReadFile<CatalogueBenchmark>)]
                : []);
    }

    private static T ReadFile<T>(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<T>(stream, LeaderboardJson.Options)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file}: {exception.Message}", exception);
        }
    }
}

internal sealed record CatalogueTask(string Id, string Name, string Description);

internal sealed record CataloguePaper(
    string Id, string Title, string Url, IReadOnlyList<string> Authors, DateOnly? PublishedOn = null);

internal sealed record CatalogueDataset(
    string Id, string Name, string Description, string? Homepage = null, string? Licence = null, string? Paper = null);

internal sealed record CatalogueBenchmark(
    BenchmarkDefinition Definition, IReadOnlyList<string> Sources, IReadOnlyList<CatalogueResult> Results);

internal sealed record CatalogueResult(
    string Key,
    string ModelName,
    string Metric,
    double Value,
    bool UsesAdditionalData,
    string SourceUrl,
    string? Paper = null,
    DateOnly? Date = null,
    long? Parameters = null,
    string? CodeUrl = null,
    string? Note = null,
    string? ProtocolDeviation = null);
