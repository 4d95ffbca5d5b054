using System.Globalization;
using System.Net;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class RankingTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string[] Queries =
    [
        "", "kind=reported", "extra_data=true", "extra_data=false", "max_parameters=3", "follows_protocol=true", "precision=float32",
        "precision=bfloat16", "split=val", "eval_transform=own", "eval_transform=benchmark",
        "extra_data=false&max_parameters=4&follows_protocol=true", "split=test&precision=float32&extra_data=true",
    ];

    private const string Add = """
        insert into results (id, benchmark_id, metric, kind, value, model_name, dated, recorded_at, uses_additional_data, parameters,
                             precision, split, protocol_deviation, eval_transform)
        select @Id, id, 'top1_accuracy', 'reported', @Value, @Model, '2024-01-01', @RecordedAt, @Extra, @Parameters, @Precision,
               @Split, @Deviation, case when @Own then definition -> 'eval_transform' end
        from benchmarks where name = 'random'
        """;

    /// <summary>
    /// Seeded changes of all kinds; after each few, boards of all filters, now and as they stood, against a ranking that
    /// goes through every row.
    /// </summary>
    [Fact]
    public async Task Boards_of_random_results_are_what_ranking_by_hand_says()
    {
        await api.CreateBenchmarkAsync("random");
        var random = new Random(5);
        var rows = new List<Row>();
        var instants = new List<DateTime>();
        for (var step = 0; step < 120; step++)
        {
            if (rows.Count < 20 || random.Next(3) > 0)
            {
                var row = new Row(random, await NowAsync());
                await api.ExecuteAsync(Add, row);
                rows.Add(row);
            }
            else
            {
                await ChangeAsync(rows[random.Next(rows.Count)], random.Next(5));
            }
            if (step % 12 == 11)
            {
                instants.Add(await NowAsync());
                foreach (var query in Queries)
                {
                    await CompareAsync(rows, query, at: null);
                    await CompareAsync(rows, query, instants[random.Next(instants.Count)]);
                }
            }
        }
    }

    /// <summary>Every row of a model moves another's place, and every transaction waits for the board: none may be lost.</summary>
    [Fact]
    public async Task Writers_of_one_model_at_once_leave_its_best_on_the_board()
    {
        await api.CreateBenchmarkAsync("crowd");
        for (var round = 0; round < 5; round++)
        {
            var values = Enumerable.Range(1, 12).Select(i => Math.Round(round * 0.15 + i / 100.0, 2)).ToList();
            await Task.WhenAll(values.Select(value => api.ReportAsync("crowd", "one", value)));
            Assert.Equal(values.Max(), await BestAsync());
            // The best of all and others go at once, each in a transaction of its own.
            await Task.WhenAll(values.TakeLast(6).Select(value => api.ExecuteAsync(
                """
                update results set withdrawn_at = now()
                where value = @value and benchmark_id = (select id from benchmarks where name = 'crowd')
                """,
                new { value })).Concat(values.Take(3).Select(value => api.ReportAsync("crowd", "one", value))));
            Assert.Equal(values[5], await BestAsync());
        }

        async Task<double> BestAsync() =>
            (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/crowd/leaderboard")).GetProperty("entries")
                .EnumerateArray().Single().GetProperty("value").GetDouble();
    }

    [Fact]
    public async Task The_database_orders_every_metric_as_the_software_does()
    {
        foreach (var metric in Metric.All.Values)
        {
            var benchmark = Samples.Benchmark($"order-{metric.Name.Replace('_', '-')}");
            await api.Admin.PostJsonAsync("/api/v1/benchmarks", benchmark, HttpStatusCode.Created);
            await api.ReportAsync((string)benchmark["name"]!, "m", 0.25, metric: metric.Name);
            var cost = await api.ScalarAsync<double>(
                "select cost from results r join benchmarks b on b.id = r.benchmark_id where b.name = @name", new { name = (string)benchmark["name"]! });
            Assert.Equal(metric.HigherIsBetter ? -0.25 : 0.25, cost);
        }
    }

    private async Task ChangeAsync(Row row, int change)
    {
        var now = await NowAsync();
        if (row.IsWithdrawn)
        {
            return;
        }
        var set = change switch
        {
            0 => "withdrawn_at = @now",
            1 => "partial = true",
            _ => "is_public = not is_public",
        };
        await api.ExecuteAsync($"update results set {set} where id = @Id", new { row.Id, now });
        var after = await NowAsync();
        switch (change)
        {
            case 0: row.Hide(now); row.IsWithdrawn = true; break;
            case 1: row.IsPartial = true; break;
            default: row.Turn(after); break;
        }
    }

    private async Task CompareAsync(List<Row> rows, string query, DateTime? at)
    {
        var board = await api.Anonymous.GetJsonAsync(
            $"/api/v1/benchmarks/random/leaderboard?limit=200&{query}{(at is null ? "" : $"&as_of={at:O}")}");
        var best = rows
            .Where(row => !row.IsPartial && row.StoodAt(at) && Fits(row, query))
            .GroupBy(row => row.Model)
            .Select(group => group.OrderByDescending(row => row.Value).ThenBy(row => row.RecordedAt).First())
            .OrderByDescending(row => row.Value).ThenBy(row => row.RecordedAt).ToList();
        Assert.Equal(
            best.Select(row => $"{1 + best.Count(other => other.Value > row.Value)} {row.Model} {row.Id}"),
            board.GetProperty("entries").EnumerateArray().Select(
                entry => $"{entry.GetProperty("rank")} {entry.GetProperty("model_name")} {entry.GetProperty("result")}"));
    }

    private static bool Fits(Row row, string query) => query.Split('&', StringSplitOptions.RemoveEmptyEntries).All(part =>
        part.Split('=') switch
        {
            ["kind", _] => true,
            ["extra_data", var value] => row.Extra == (value == "true"),
            ["max_parameters", var value] => row.Parameters <= long.Parse(value, CultureInfo.InvariantCulture),
            ["follows_protocol", _] => row.Deviation is null,
            ["precision", var value] => row.Precision is null || row.Precision == value,
            ["split", var value] => row.Split is null || row.Split == value,
            ["eval_transform", var value] => row.Own == (value == "own"),
            _ => throw new ArgumentException(part),
        });

    private Task<DateTime> NowAsync() => api.ScalarAsync<DateTime>("select clock_timestamp()");

    private sealed class Row(Random random, DateTime now)
    {
        private readonly List<(DateTime From, DateTime? To)> shown = [(now, null)];

        public Guid Id { get; } = Guid.NewGuid();
        public double Value { get; } = Math.Round(random.NextDouble(), 1);
        public string Model { get; } = $"m{random.Next(6)}";
        public DateTime RecordedAt { get; } = now;
        public bool Extra { get; } = random.Next(2) == 0;
        public long? Parameters { get; } = random.Next(4) == 0 ? null : random.Next(1, 6);
        public string? Precision { get; } = random.Next(3) switch { 0 => null, 1 => "float32", _ => "bfloat16" };
        public string? Split { get; } = random.Next(3) switch { 0 => null, 1 => "val", _ => "test" };
        public string? Deviation { get; } = random.Next(3) == 0 ? "ensemble" : null;
        public bool Own { get; } = random.Next(3) == 0;
        public bool IsPartial { get; set; }
        public bool IsWithdrawn { get; set; }

        public void Hide(DateTime at)
        {
            if (shown[^1].To is null)
            {
                shown[^1] = (shown[^1].From, at);
            }
        }

        public void Turn(DateTime at)
        {
            if (shown[^1].To is null)
            {
                Hide(at);
            }
            else
            {
                shown.Add((at, null));
            }
        }

        public bool StoodAt(DateTime? at) => at is { } instant
            ? shown.Exists(span => span.From <= instant && (span.To is null || instant < span.To))
            : shown[^1].To is null;
    }
}
