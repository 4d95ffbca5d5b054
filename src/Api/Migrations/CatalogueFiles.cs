using System.Text.Json;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Migrations;

/// <summary>The data of <c>catalog/</c> as its files have it.</summary>
internal sealed record CatalogueFiles(
    IReadOnlyList<CatalogueArea> Areas,
    IReadOnlyList<CatalogueTask> Tasks,
    IReadOnlyList<CataloguePaper> Papers,
    IReadOnlyList<CatalogueDataset> Datasets,
    IReadOnlyList<CatalogueMethod> Methods,
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
            ReadFileIfThere<CatalogueArea>(Path.Combine(folder, "areas.json")),
            ReadFile<List<CatalogueTask>>(Path.Combine(folder, "tasks.json")),
            ReadFile<List<CataloguePaper>>(Path.Combine(folder, "papers.json")),
            ReadFile<List<CatalogueDataset>>(Path.Combine(folder, "datasets.json")),
            ReadFileIfThere<CatalogueMethod>(Path.Combine(folder, "methods.json")),
            // In the order of their names: of several versions in one catalogue, the last is the latest.
            Directory.Exists(benchmarks)
                ? [.. Directory.GetFiles(benchmarks, "*.json").Order(StringComparer.Ordinal).Select(ReadFile<CatalogueBenchmark>)]
                : []);
    }

    private static List<T> ReadFileIfThere<T>(string file) => File.Exists(file) ? ReadFile<List<T>>(file) : [];

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

internal sealed record CatalogueArea(string Id, string Name);

internal sealed record CatalogueTask(
    string Id,
    string Name,
    string Description,
    IReadOnlyList<string>? Areas = null,
    IReadOnlyList<string>? Synonyms = null,
    IReadOnlyList<string>? Parents = null);

internal sealed record CataloguePaper(
    string Id,
    string Title,
    string Url,
    IReadOnlyList<string> Authors,
    DateOnly? PublishedOn = null,
    string? Slug = null,
    string? OpenreviewId = null,
    string? Abstract = null,
    string? UrlPdf = null,
    string? Proceeding = null,
    string? ConferenceUrl = null,
    string? ConferenceUrlPdf = null,
    IReadOnlyList<string>? Tasks = null,
    IReadOnlyList<string>? Methods = null,
    IReadOnlyList<CatalogueCode>? Code = null);

internal sealed record CatalogueCode(
    string Url,
    bool IsOfficial = false,
    bool MentionedInPaper = false,
    bool MentionedInGithub = false,
    string Framework = "none");

internal sealed record CatalogueDataset(
    string Id,
    string Name,
    string Description,
    string? Homepage = null,
    string? Licence = null,
    string? Paper = null,
    IReadOnlyList<string>? Modalities = null,
    IReadOnlyList<string>? Variants = null);

internal sealed record CatalogueMethod(
    string Id,
    string Name,
    string FullName,
    string Description,
    string? Paper = null,
    int? IntroducedYear = null,
    IReadOnlyList<CatalogueKind>? Collections = null);

internal sealed record CatalogueKind(string Id, string Name, string Area);

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
