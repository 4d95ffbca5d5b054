using System.Text.Json;
using Dapper;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary>
/// Brings the database in step with <c>catalog/</c>. Unchanged data changes nothing; a corrected figure withdraws its
/// row and adds another, so that a board can be read as it stood.
/// </summary>
internal static class CatalogueLoader
{
    public static async Task LoadAsync(NpgsqlConnection connection, string folder)
    {
        var files = CatalogueFiles.Read(folder);
        await using var transaction = await connection.BeginTransactionAsync();
        await CatalogueObjects.PutTasksAsync(connection, files.Areas, files.Tasks);
        await CataloguePapers.PutAsync(connection, files.Papers);
        await CatalogueObjects.PutDatasetsAsync(connection, files.Datasets);
        await CatalogueObjects.PutMethodsAsync(connection, files.Methods);
        await CataloguePapers.PutRelationsAsync(connection, files.Papers);
        foreach (var benchmark in files.Benchmarks)
        {
            var id = await PutBenchmarkAsync(connection, benchmark);
            foreach (var result in benchmark.Results)
            {
                await CatalogueResults.PutAsync(connection, id, benchmark.Definition, result);
            }
        }
        var keys = files.Benchmarks.SelectMany(benchmark => benchmark.Results).Select(result => result.Key).ToArray();
        if (keys.CountBy(key => key).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
        {
            throw new InvalidDataException($"The catalogue has two results with the key '{twice}'.");
        }
        await CatalogueResults.WithdrawAllButAsync(connection, keys);
        await CataloguePapers.PutTasksOfFiguresAsync(connection, files.Papers);
        await transaction.CommitAsync();
    }

    // What names the thing that a definition measures, or counts it, changes nothing of it: the order of classes, the
    // images of a copy that has a manifest, and how many samples of a realm a complete copy has.
    private const string Measured = """
        (select jsonb_agg(realm - 'samples' order by place)
         from jsonb_array_elements(definition -> 'realms') with ordinality as r (realm, place)) as realms,
        definition - array['label_order', 'images', 'realms'] as others
        """;

    private const string FindBenchmark = $"""
        select b.id,
               (select (realms, others) from (select {Measured} from (select b.definition) x) y)
               is not distinct from
               (select (realms, others) from (select {Measured} from (select @json::jsonb as definition) x) y) as is_same,
               b.origin,
               exists (select from evaluations e where e.benchmark_id = b.id)
               or exists (select from manifests m where m.benchmark_id = b.id) as is_used
        from benchmarks b
        where b.name = @Name and b.version = @Version
        """;

    private const string AddBenchmark = """
        insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, sources, origin)
        values (@Name, @Version, @Task, @Dataset, @json::jsonb, @primary, @sources, 'catalog')
        returning id
        """;

    private const string ChangeBenchmark = """
        update benchmarks set task_id = @Task, dataset_id = @Dataset, definition = @json::jsonb,
                              primary_metric = @primary, sources = @sources
        where name = @Name and version = @Version
        returning id
        """;

    private static async Task<Guid> PutBenchmarkAsync(NpgsqlConnection connection, CatalogueBenchmark benchmark)
    {
        var definition = benchmark.Definition;
        var row = new
        {
            definition.Name,
            definition.Version,
            definition.Task,
            definition.Dataset,
            primary = definition.Metrics[0],
            sources = benchmark.Sources.ToArray(),
            json = JsonSerializer.Serialize(definition, LeaderboardJson.Options),
        };
        var found = await connection.QuerySingleOrDefaultAsync<StoredBenchmark>(FindBenchmark, row);
        if (found is { IsSame: false } and ({ IsUsed: true } or { Origin: "admin" }))
        {
            throw new InvalidDataException(
                $"The catalogue changes benchmark {definition.Name}@{definition.Version}, which evaluations or an admin "
                + "rely on. Give the changed definition a new version.");
        }
        return await connection.ExecuteScalarAsync<Guid>(found is null ? AddBenchmark : ChangeBenchmark, row);
    }

    private sealed record StoredBenchmark(Guid Id, bool IsSame, string Origin, bool IsUsed);
}
