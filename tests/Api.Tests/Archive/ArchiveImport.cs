using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Leaderboard.Archives;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.Api.Tests.Archive;

/// <summary>A database of its own and a folder for an archive, and the command that brings one into the other.</summary>
public sealed class ArchiveImport : IAsyncDisposable
{
    // What a paper, a row and so on says, without what differs from one database to another.
    private static readonly string[] Contents =
    [
        "select md5(string_agg(p::text, '' order by p.id)) from papers p",
        "select md5(string_agg(x::text, '' order by x.paper_id, x.task_id)) from paper_tasks x",
        "select md5(string_agg(x::text, '' order by x.paper_id, x.method_id)) from paper_methods x",
        "select md5(string_agg(x::text, '' order by x.paper_id, x.repository_url)) from paper_repositories x",
        "select md5(string_agg(m::text, '' order by m.id)) from methods m",
        "select md5(string_agg(row (d.id, d.name, d.description, d.paper_id, d.variants)::text, '' order by d.id)) from datasets d",
        "select md5(string_agg(row (t.id, t.name, t.description, t.areas, t.synonyms)::text, '' order by t.id)) from tasks t",
        "select md5(string_agg(x::text, '' order by x.task_id, x.parent_id)) from task_parents x",
        """
        select md5(string_agg(row (e.id, e.dataset_path, r.position, r.model_name, r.paper_id, r.best_rank, r.best_metric,
                                   m.name, m.is_loss, v.raw, v.value, v.unit, v.deviation, v.rank)::text, ''
                              order by e.id, r.position, m.position))
        from evaluation_tables e
        left join table_rows r on r.table_id = e.id
        left join table_values v on v.row_id = r.id
        left join table_metrics m on m.id = v.metric_id
        """,
    ];

    private static readonly string[] Tables =
    [
        "areas", "authors", "collected_methods", "dataset_tasks", "datasets", "evaluation_tables", "method_collections", "methods",
        "paper_methods", "paper_repositories", "paper_tasks", "papers", "proceedings", "repositories", "table_metrics", "table_rows",
        "table_values", "task_parents", "tasks",
    ];

    private readonly TestDatabase database;

    private ArchiveImport(TestDatabase database)
    {
        this.database = database;
        Rows = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public TemporaryFolder Folder { get; } = new();

    public NpgsqlDataSource Rows { get; }

    public static async Task<ArchiveImport> CreateAsync() => new(await TestDatabase.CreateAsync());

    public void Generate(bool gzip = false, double scale = 0.001, ulong seed = 1) =>
        new ArchiveGenerator(ArchiveSize.Full.Scaled(scale), seed).Write(Folder.Path, gzip);

    public void Write(string name, string text) => File.WriteAllText(Folder.At(name), text);

    /// <param name="arguments">Behind the folder.</param>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunBareAsync([Folder.Path, .. arguments]);

    public Task<(int ExitCode, string Output)> RunBareAsync(params string[] arguments) =>
        TestDatabase.RunApiAsync(database.ConnectionString, Folder.Path, Folder.Path, ["import-archive", .. arguments]);

    private Process Start(long? heapBytes = null)
    {
        var start = new ProcessStartInfo("dotnet", [TestDatabase.ApiAssembly, "import-archive", Folder.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ConnectionStrings__Leaderboard"] = database.ConnectionString },
        };
        if (heapBytes is { } bytes)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{bytes:X}";
        }
        return Process.Start(start)!;
    }

    /// <summary>Kills an import after some time, if it has not ended by itself, and says whether it did so.</summary>
    public async Task<bool> KillAfterAsync(TimeSpan time)
    {
        using var process = Start();
        var ended = process.WaitForExitAsync();
        await Task.WhenAny(ended, Task.Delay(time));
        process.Kill();
        var isKilled = !ended.IsCompleted;
        await ended;
        return isKilled;
    }

    /// <summary>Runs it with a heap that may not grow beyond this.</summary>
    public async Task<(int ExitCode, string Error)> RunInAsync(long heapBytes)
    {
        using var process = Start(heapBytes);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    public async Task<T> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Rows.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await Rows.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    public async Task<IReadOnlyList<string?>> ContentsAsync()
    {
        var contents = new List<string?>();
        foreach (var sql in Contents)
        {
            contents.Add(await QueryAsync<string?>(sql));
        }
        return contents;
    }

    /// <summary>Which version of each row stands where: the same only if no row was written.</summary>
    public async Task<IReadOnlyList<string?>> VersionsAsync()
    {
        var versions = new List<string?>();
        foreach (var table in Tables)
        {
            versions.Add(await QueryAsync<string?>(
                $"select '{table} ' || count(*) || md5(string_agg(ctid::text || xmin::text || xmax::text, '' order by ctid)) from {table}"));
        }
        return versions;
    }

    public static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    public async ValueTask DisposeAsync()
    {
        await Rows.DisposeAsync();
        await database.DisposeAsync();
        Folder.Dispose();
    }
}
