using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.Api.Tests.Migrations;

/// <summary>An empty database, a home and a catalogue of one benchmark, for the command line to be run as a program.</summary>
public abstract class OnAnEmptyDatabase : IAsyncLifetime
{
    private readonly TemporaryFolder home = new();
    private TestDatabase database = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected string KeyFile => home.At("admin-key");

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateEmptyAsync();
        Directory.CreateDirectory(home.At("catalog", "benchmarks"));
        Write("tasks.json", """[{ "id": "image-classification", "name": "Image classification", "description": "d" }]""");
        Write("papers.json", """
            [{ "id": "arxiv:2009.07995", "title": "MoPro", "url": "https://arxiv.org/abs/2009.07995",
               "authors": ["Junnan Li"], "published_on": "2020-09-17" }]
            """);
        Write("datasets.json", """
            [{ "id": "webvision", "name": "WebVision", "description": "d", "homepage": null, "licence": null, "paper": null }]
            """);
        WriteBenchmark(0.739);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        home.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Write(string file, string json) => File.WriteAllText(home.At("catalog", file), json);

    protected void WriteBenchmark(double? value, int classCount = 1000, Action<JsonObject>? change = null)
    {
        var definition = Samples.Benchmark("webvision-1.0");
        definition["dataset"] = "webvision";
        definition["class_count"] = classCount;
        change?.Invoke(definition);
        var results = new JsonArray();
        if (value is not null)
        {
            results.Add(new JsonObject
            {
                ["key"] = "webvision-1.0/mopro",
                ["model_name"] = "MoPro",
                ["metric"] = "top1_accuracy",
                ["value"] = value,
                ["paper"] = "arxiv:2009.07995",
                ["date"] = null,
                ["uses_additional_data"] = false,
                ["parameters"] = null,
                ["code_url"] = null,
                ["source_url"] = "table 1",
                ["note"] = null,
            });
        }
        var benchmark = new JsonObject
        {
            ["definition"] = definition,
            ["sources"] = new JsonArray("table 1"),
            ["results"] = results,
        };
        Write("benchmarks/webvision-1.0.json", benchmark.ToJsonString());
    }

    /// <summary>The schema as it was before this migration, with one benchmark.</summary>
    protected async Task MigrateUntilAsync(string migration)
    {
        await ScalarAsync("create table schema_versions (scriptname text not null, applied timestamp not null)");
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "db", "migrations")).Order(StringComparer.Ordinal)
            .TakeWhile(file => Path.GetFileName(file) != migration))
        {
            await ScalarAsync(await File.ReadAllTextAsync(file, Token));
            await ScalarAsync($"insert into schema_versions values ('{Path.GetFileName(file)}', now())");
        }
        await ScalarAsync("""
            insert into tasks (id, name, description) values ('t', 't', '');
            insert into datasets (id, name, description) values ('d', 'd', '');
            insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
            values ('earlier', '1', 't', 'd', '{}', 'top1_accuracy', 'admin')
            """);
    }

    protected async Task MigrateAsync()
    {
        var (exitCode, output) = await RunAsync("migrate");
        Assert.True(exitCode == 0, output);
    }

    protected Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        TestDatabase.RunApiAsync(database.ConnectionString, home.Path, home.At("catalog"), arguments);

    protected Task<(int ExitCode, string Output)> RunWithoutDatabaseAsync(params string[] arguments) =>
        TestDatabase.RunApiAsync("", home.Path, home.At("catalog"), arguments);

    protected async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(Token))?.ToString();
    }
}
