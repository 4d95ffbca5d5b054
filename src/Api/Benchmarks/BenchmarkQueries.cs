using System.Text.Json;
using Dapper;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Benchmarks;

/// <summary>One stored version of a benchmark.</summary>
internal sealed record BenchmarkVersion(
    Guid Id,
    string Name,
    string Version,
    string PrimaryMetric,
    string DefinitionJson,
    string SourcesJson,
    DateTime CreatedAt,
    string? ManifestSha256,
    int? SampleCount)
{
    public BenchmarkDefinition Definition { get; } =
        JsonSerializer.Deserialize<BenchmarkDefinition>(DefinitionJson, LeaderboardJson.Options)!;

    public IReadOnlyList<string> Sources { get; } = JsonSerializer.Deserialize<List<string>>(SourcesJson)!;
}

internal static class BenchmarkQueries
{
    private const string Columns = """
        select b.id, b.name, b.version, b.primary_metric, b.definition::text as definition_json,
               to_json(b.sources)::text as sources_json,
               b.created_at,
               m.sha256 as manifest_sha256, m.sample_count
        from benchmarks b
        left join manifests m on m.benchmark_id = b.id and m.realm = '' and m.split = 'evaluated'
        """;

    // The latest version is the one made last.
    private const string FindBenchmark = $"""
        {Columns}
        where b.name = @name and (@version::text is null or b.version = @version)
        order by b.created_at desc
        limit 1
        """;

    /// <summary>The version that <c>name@version</c> means, or <c>name</c>: its latest.</summary>
    public static async Task<BenchmarkVersion> GetBenchmarkAsync(
        this NpgsqlDataSource db, string reference, CancellationToken cancellationToken)
    {
        var (name, version) = BenchmarkReference.Parse(reference);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<BenchmarkVersion>(
            new CommandDefinition(FindBenchmark, new { name, version }, cancellationToken: cancellationToken))
            ?? throw Problems.BenchmarkUnknown.Because($"There is no benchmark '{reference}'.");
    }

    private const string ListLatest = $"""
        {Columns}
        where (@after::text is null or b.name > @after)
          and not exists (
              select from benchmarks later where later.name = b.name and later.created_at > b.created_at)
        order by b.name
        limit @rows
        """;

    /// <summary>The latest version of each benchmark, by name.</summary>
    public static async Task<IReadOnlyList<BenchmarkVersion>> ListBenchmarksAsync(
        this NpgsqlDataSource db, string? after, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<BenchmarkVersion>(
            new CommandDefinition(ListLatest, new { after, rows }, cancellationToken: cancellationToken))).AsList();
    }

    private const string ListVersions = "select version from benchmarks where name = @name order by created_at desc";

    public static async Task<IReadOnlyList<string>> ListVersionsAsync(
        this NpgsqlDataSource db, string name, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(
            new CommandDefinition(ListVersions, new { name }, cancellationToken: cancellationToken))).AsList();
    }

    // What dead workers once saw says nothing.
    private const string ListDatasetStates = $"""
        select d.benchmark_id, w.id as worker, w.device, d.state, d.message, d.checked_at
        from dataset_states d
        join workers w on w.id = d.worker_id
        where d.benchmark_id = any(@ids) and {WorkQueues.WorkerIsAlive}
        order by w.id
        """;

    public static async Task<ILookup<Guid, DatasetState>> ListDatasetStatesAsync(
        this NpgsqlDataSource db, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<DatasetStateRow>(
            new CommandDefinition(ListDatasetStates, new { ids }, cancellationToken: cancellationToken));
        return rows.ToLookup(
            row => row.BenchmarkId,
            row => new DatasetState(row.Worker, row.Device, row.State, row.Message, row.CheckedAt));
    }

    private const string ListManifests = """
        select m.realm, m.split, m.sha256 as manifest_sha256, m.sample_count
        from manifests m
        where m.benchmark_id = @id and (m.realm <> '' or m.split <> 'evaluated')
        order by m.realm, array_position(array['train', 'val', 'test', 'evaluated'], m.split)
        """;

    /// <summary>The parts of a dataset that workers have indexed, where it has several.</summary>
    public static async Task<IReadOnlyList<IndexedSplit>> ListSplitsAsync(
        this NpgsqlDataSource db, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<IndexedSplit>(
            new CommandDefinition(ListManifests, new { id }, cancellationToken: cancellationToken))).AsList();
    }

    private const string FindReport = "select report::text from dataset_reports where benchmark_id = @id";

    /// <summary>What an operator's walk over the dataset found last.</summary>
    public static async Task<DatasetReport?> FindReportAsync(
        this NpgsqlDataSource db, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var report = await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(FindReport, new { id }, cancellationToken: cancellationToken));
        return report is null ? null : JsonSerializer.Deserialize<DatasetReport>(report, LeaderboardJson.Options);
    }

    private const string AddTask =
        "insert into tasks (id, name, description) values (@task, @task, '') on conflict do nothing";

    private const string AddDataset =
        "insert into datasets (id, name, description) values (@dataset, @dataset, '') on conflict do nothing";

    private const string AddBenchmark = """
        insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
        values (@name, @version, @task, @dataset, @json::jsonb, @primary, 'admin')
        on conflict (name, version) do nothing
        """;

    private const string IsSame =
        "select definition = @json::jsonb from benchmarks where name = @name and version = @version";

    /// <summary>Adds an admin's benchmark version; one that is there already must be the same.</summary>
    public static async Task<DefineOutcome> DefineBenchmarkAsync(
        this NpgsqlDataSource db, BenchmarkDefinition definition, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = new
        {
            definition.Name,
            definition.Version,
            definition.Task,
            definition.Dataset,
            primary = definition.Metrics[0],
            json = JsonSerializer.Serialize(definition, LeaderboardJson.Options),
        };
        CommandDefinition Command(string sql) => new(sql, row, transaction, cancellationToken: cancellationToken);
        await connection.ExecuteAsync(Command(AddTask));
        await connection.ExecuteAsync(Command(AddDataset));
        if (await connection.ExecuteAsync(Command(AddBenchmark)) == 1)
        {
            await transaction.CommitAsync(cancellationToken);
            return DefineOutcome.Added;
        }
        return await connection.ExecuteScalarAsync<bool>(Command(IsSame)) ? DefineOutcome.Same : DefineOutcome.Different;
    }

    private sealed record DatasetStateRow(
        Guid BenchmarkId, string Worker, string Device, string State, string? Message, DateTime CheckedAt);
}

/// <summary>What defining a benchmark version came to.</summary>
internal enum DefineOutcome
{
    /// <summary>It was not there and now is.</summary>
    Added,

    /// <summary>It is there with this very definition.</summary>
    Same,

    /// <summary>It is there with another definition.</summary>
    Different,
}
