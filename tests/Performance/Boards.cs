using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Leaderboard.Performance;

/// <summary>
/// Boards of a thousand and of a million seeded results, read over loopback from an Api that runs beside: a page that is
/// kept, a page after each write, pages turned, and fifty readers at once.
/// </summary>
internal sealed class Boards(string connection, Uri address) : IDisposable
{
    public static readonly IReadOnlyList<int> Sizes = [1_000, 1_000_000];

    private const int Readers = 50;
    private static readonly TimeSpan ReadFor = TimeSpan.FromSeconds(15);

    private readonly NpgsqlDataSource db = NpgsqlDataSource.Create(connection);
    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Readers })
    {
        BaseAddress = address,
    };

    private const string AddBenchmark = """
        insert into tasks (id, name, description) values ('bench', 'bench', '') on conflict do nothing;
        insert into datasets (id, name, description) values ('bench', 'bench', '') on conflict do nothing;
        insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
        values ($1, '1', 'bench', 'bench', $2, 'top1_accuracy', 'admin')
        returning id
        """;

    private const string Definition = """
        { "name": "board", "version": "1", "task": "bench", "dataset": "bench", "protocol": "classify",
          "layout": "image_folder", "path": "bench", "class_count": 1000, "sample_count": 50000,
          "eval_transform": { "resize": 256, "interpolation": "bilinear", "crop": 224, "mean": [0, 0, 0], "std": [1, 1, 1] },
          "metrics": ["top1_accuracy"] }
        """;

    private const string CopyResults = """
        copy results (benchmark_id, metric, kind, value, model_name, source_url, uses_additional_data, parameters, dated,
                      recorded_at)
        from stdin (format binary)
        """;

    /// <summary>Fills the boards: some 2.5 results a model, spread over two years, a tenth with additional data.</summary>
    public async Task FillAsync()
    {
        foreach (var size in Sizes)
        {
            await using var session = await db.OpenConnectionAsync();
            await using var add = session.CreateCommand();
            // Simple statements take no parameters in a batch of several: one after another.
            var statements = AddBenchmark.Split(";\n");
            foreach (var statement in statements[..^1])
            {
                add.CommandText = statement;
                await add.ExecuteNonQueryAsync();
            }
            add.CommandText = statements[^1];
            add.Parameters.Add(new NpgsqlParameter { Value = Name(size) });
            add.Parameters.Add(new NpgsqlParameter { Value = Definition, NpgsqlDbType = NpgsqlDbType.Jsonb });
            var benchmark = (Guid)(await add.ExecuteScalarAsync())!;

            var random = new Random(size);
            var from = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            await using var writer = await session.BeginBinaryImportAsync(CopyResults);
            writer.Timeout = TimeSpan.FromMinutes(20);
            for (var i = 0; i < size; i++)
            {
                var model = random.Next(size * 2 / 5);
                var at = from.AddSeconds(i * (63_000_000.0 / size));
                await writer.StartRowAsync();
                await writer.WriteAsync(benchmark);
                await writer.WriteAsync("top1_accuracy");
                await writer.WriteAsync("reported");
                await writer.WriteAsync(Math.Round(0.3 + 0.6 * Math.Sqrt(random.NextDouble()), 4));
                await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"model-{model}"));
                await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"https://example.org/{i}"));
                await writer.WriteAsync(model % 10 == 0);
                await writer.WriteAsync(1_000_000L + model % 1000 * 300_000L);
                await writer.WriteAsync(DateOnly.FromDateTime(at));
                await writer.WriteAsync(at, NpgsqlDbType.TimestampTz);
            }
            await writer.CompleteAsync();
        }
        await using var vacuum = db.CreateCommand("vacuum analyze results");
        vacuum.CommandTimeout = 600;
        await vacuum.ExecuteNonQueryAsync();
    }

    /// <summary>Everything of one size: medians of single requests, and the percentiles of fifty readers.</summary>
    public async Task MeasureAsync()
    {
        foreach (var size in Sizes)
        {
            await MeasureAsync(size);
        }
    }

    private async Task MeasureAsync(int size)
    {
        var page = $"api/v1/benchmarks/{Name(size)}/leaderboard";
        await ReadAsync(page);
        Measurement.Print(Single($"board {size} kept", await MedianAsync(300, () => TimeAsync(page))));
        Measurement.Print(Single($"board {size} after a write", await MedianAsync(40, async () =>
        {
            await WriteAsync(size);
            return await TimeAsync(page);
        })));
        Measurement.Print(Single($"board {size} turned", await TurnAsync(page, pages: 30)));
        foreach (var (what, query) in (IEnumerable<(string, string)>)[
            ("extra_data=true", "?extra_data=true"), ("max_parameters", "?max_parameters=2000000"),
            ("kind=verified", "?kind=verified"), ("as_of", "?as_of=2024-12-31")])
        {
            Measurement.Print(Single($"board {size} {what}", await TimeAsync(page + query)));
        }
        Measurement.Print(Single($"board {size} progress", await TimeAsync($"api/v1/benchmarks/{Name(size)}/progress")));
        Measurement.Print(Single($"board {size} badge", await TimeAsync($"api/v1/badges/{Name(size)}/model-7.svg")));

        await ReadersAsync(size, page, TimeSpan.FromSeconds(3), writes: false);   // the programs compile
        Measurement.Print(await ReadersAsync(size, page, ReadFor, writes: false));
        Measurement.Print(await ReadersAsync(size, page, ReadFor, writes: true));
    }

    private static string Name(int size) => string.Create(CultureInfo.InvariantCulture, $"board-{size}");

    private static Measured Single(string subject, double seconds) => new(subject, 1, seconds);

    private async Task ReadAsync(string page)
    {
        using var response = await client.GetAsync(page);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<double> TimeAsync(string page)
    {
        var start = Stopwatch.GetTimestamp();
        await ReadAsync(page);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> MedianAsync(int rounds, Func<Task<double>> measure)
    {
        var seconds = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            seconds.Add(await measure());
        }
        return At(seconds, 0.5);
    }

    private static double At(List<double> seconds, double share)
    {
        seconds.Sort();
        return seconds[(int)(share * (seconds.Count - 1))];
    }

    // A figure in the middle of the board, of a model of its own.
    private async Task WriteAsync(int size)
    {
        await using var command = db.CreateCommand("""
            insert into results (benchmark_id, metric, kind, value, model_name, dated)
            select id, 'top1_accuracy', 'reported', 0.6, 'written-' || gen_random_uuid(), '2026-01-01'
            from benchmarks where name = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = Name(size) });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<double> TurnAsync(string page, int pages)
    {
        var seconds = new List<double>();
        var next = $"{page}?limit=10";
        for (var turned = 0; turned < pages; turned++)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await client.GetAsync(next);
            await response.Content.ReadAsByteArrayAsync();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            next = response.Headers.GetValues("Link").Single().Split('<', '>')[1];
        }
        return At(seconds, 0.5);
    }

    private async Task<Measured> ReadersAsync(int size, string page, TimeSpan length, bool writes)
    {
        using var ending = new CancellationTokenSource(length);
        var start = Stopwatch.GetTimestamp();
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
        {
            var seconds = new List<double>();
            while (!ending.IsCancellationRequested)
            {
                seconds.Add(await TimeAsync(page));
            }
            return seconds;
        })).ToList();
        while (writes && !ending.IsCancellationRequested)
        {
            await WriteAsync(size);
            await Task.Delay(1000);
        }
        var all = (await Task.WhenAll(readers)).SelectMany(seconds => seconds).ToList();
        return new Measured(
            $"board {size} readers{(writes ? " and a writer" : "")}", all.Count, Stopwatch.GetElapsedTime(start).TotalSeconds,
            MedianSeconds: At(all, 0.5), Percentile99Seconds: At(all, 0.99));
    }

    public void Dispose()
    {
        client.Dispose();
        db.Dispose();
    }
}
