using System.ComponentModel.DataAnnotations;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Benchmarks;

internal static class BenchmarkEndpoints
{
    public static void MapBenchmarks(this IEndpointRouteBuilder api)
    {
        var benchmarks = api.MapGroup("/benchmarks").WithTags("Benchmarks");
        benchmarks.MapGet("/", ListBenchmarks).WithName("ListBenchmarks")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        benchmarks.MapPost("/", DefineBenchmark).WithName("DefineBenchmark").RequireAuthorization(Scopes.Admin)
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.BenchmarkExists, Problems.BodyTooLarge,
                Problems.MediaTypeUnsupported);
        benchmarks.MapGet("/{name}", GetBenchmark).WithName("GetBenchmark").Refuses(Problems.BenchmarkUnknown);
    }

    /// <summary>Lists the latest version of every benchmark, by name.</summary>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<BenchmarkSummary>>> ListBenchmarks(
        HttpContext http, NpgsqlDataSource db, [Range(1, Cursor.MaxLimit)] int? limit, string? cursor,
        CancellationToken cancellationToken)
    {
        var size = Cursor.Limit(limit);
        var after = Cursor.Read<BenchmarkCursor>(cursor)?.Name;
        var found = await db.ListBenchmarksAsync(after, size + 1, cancellationToken);
        var states = await db.ListDatasetStatesAsync([.. found.Select(version => version.Id)], cancellationToken);
        var items = found.Take(size)
            .Select(version => new BenchmarkSummary(
                version.Name, version.Version, version.Definition, version.ManifestSha256, version.SampleCount,
                [.. states[version.Id]]))
            .ToList();
        var page = new Page<BenchmarkSummary>(
            items, found.Count > size ? Cursor.Of(new BenchmarkCursor(items[^1].Name)) : null);
        Cursor.SetNextLink(http, page.Next);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a benchmark: definition, versions, dataset state on the workers.</summary>
    /// <param name="name">Name of the benchmark for its latest version, or <c>name@version</c>.</param>
    internal static async Task<Ok<Benchmark>> GetBenchmark(
        string name, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(name, db, cancellationToken));

    /// <summary>Defines a benchmark version.</summary>
    /// <remarks>
    /// A version never changes: the same definition again is answered with 200, another one under the same name and
    /// version is refused. Tasks and datasets that are not in the catalogue are made.
    /// </remarks>
    internal static async Task<Results<Created<Benchmark>, Ok<Benchmark>>> DefineBenchmark(
        BenchmarkDefinition definition, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        BenchmarkRules.Validate(definition);
        var reference = $"{definition.Name}@{definition.Version}";
        return await db.DefineBenchmarkAsync(definition, cancellationToken) switch
        {
            DefineOutcome.Added => TypedResults.Created(
                $"/api/v1/benchmarks/{reference}", await ReadAsync(reference, db, cancellationToken)),
            DefineOutcome.Same => TypedResults.Ok(await ReadAsync(reference, db, cancellationToken)),
            _ => throw Problems.BenchmarkExists.Because($"{reference} has another definition. Choose a new version."),
        };
    }

    private static async Task<Benchmark> ReadAsync(
        string name, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var version = await db.GetBenchmarkAsync(name, cancellationToken);
        var versions = await db.ListVersionsAsync(version.Name, cancellationToken);
        var states = await db.ListDatasetStatesAsync([version.Id], cancellationToken);
        return new Benchmark(
            version.Name, version.Version, version.Definition, version.ManifestSha256, version.SampleCount,
            [.. states[version.Id]], await db.ListSplitsAsync(version.Id, cancellationToken),
            await db.FindReportAsync(version.Id, cancellationToken), versions, version.Sources, version.CreatedAt);
    }

    private sealed record BenchmarkCursor(string Name);
}

/// <summary>A benchmark in its latest version.</summary>
/// <param name="Name">Name of the benchmark.</param>
/// <param name="Version">The version shown.</param>
/// <param name="Definition">What it measures.</param>
/// <param name="ManifestSha256">Digest of its dataset's manifest; null until a worker has indexed the dataset.</param>
/// <param name="SampleCount">Samples of its split; null until a worker has indexed the dataset.</param>
/// <param name="DatasetStates">The dataset as each living worker sees it.</param>
public sealed record BenchmarkSummary(
    string Name,
    string Version,
    BenchmarkDefinition Definition,
    string? ManifestSha256,
    int? SampleCount,
    IReadOnlyList<DatasetState> DatasetStates);

/// <summary>A benchmark version with all that is known of it.</summary>
/// <param name="Name">Name of the benchmark.</param>
/// <param name="Version">The version shown.</param>
/// <param name="Definition">What it measures.</param>
/// <param name="ManifestSha256">Digest of its dataset's manifest; null until a worker has indexed the dataset.</param>
/// <param name="SampleCount">Samples of its split; null until a worker has indexed the dataset.</param>
/// <param name="DatasetStates">The dataset as each living worker sees it.</param>
/// <param name="Splits">Of a dataset of several splits or realms, those that a worker has indexed.</param>
/// <param name="DatasetReport">What <c>Evaluator datasets verify</c> found last; null where nobody has run it.</param>
/// <param name="Versions">All versions, the latest first.</param>
/// <param name="Sources">Where the definition is from: texts and addresses.</param>
/// <param name="CreatedAt">When this version was defined here, UTC.</param>
public sealed record Benchmark(
    string Name,
    string Version,
    BenchmarkDefinition Definition,
    string? ManifestSha256,
    int? SampleCount,
    IReadOnlyList<DatasetState> DatasetStates,
    IReadOnlyList<IndexedSplit> Splits,
    DatasetReport? DatasetReport,
    IReadOnlyList<string> Versions,
    IReadOnlyList<string> Sources,
    DateTime CreatedAt);

/// <summary>A benchmark's dataset on one worker.</summary>
/// <param name="Worker">Id of the worker.</param>
/// <param name="Device">What it computes on: <c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="State"><c>missing</c>, <c>present</c>, <c>indexed</c>, or <c>changed</c> against the manifest.</param>
/// <param name="Message">What is missing or has changed.</param>
/// <param name="CheckedAt">When the worker last looked, UTC.</param>
public sealed record DatasetState(string Worker, string Device, string State, string? Message, DateTime CheckedAt);

/// <summary>A split of a dataset, or of one of its realms, as a worker first saw it.</summary>
/// <param name="Realm">The realm; empty where there are none.</param>
/// <param name="Split"><c>train</c>, <c>val</c>, <c>test</c>, or <c>evaluated</c> where the layout has one to evaluate.</param>
/// <param name="ManifestSha256">Digest of its manifest.</param>
/// <param name="SampleCount">Number of its samples.</param>
public sealed record IndexedSplit(string Realm, string Split, string ManifestSha256, int SampleCount);
