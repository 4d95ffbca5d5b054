using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class TyingWithTheFirstTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Rows_measured_on_the_same_images_are_told_apart_image_by_image()
    {
        await api.CreateBenchmarkAsync("paired");
        await api.MeasureAsync("paired", "first", Right(90) + Wrong(10));
        // Ten fewer: all of them images that the first has right (p = 0.002), or nineteen lost and nine won (p = 0.09).
        // Apart from the images, 90 and 80 of 100 are no different at a level of 0.025.
        await api.MeasureAsync("paired", "below", Right(80) + Wrong(20));
        await api.MeasureAsync("paired", "beside", Wrong(19) + Right(80) + Wrong(1));
        Assert.Equal(["first true", "below false", "beside true"], await TiesAsync("paired"));
    }

    [Fact]
    public async Task Reported_figures_count_as_measured_on_the_benchmarks_samples()
    {
        await CreateBenchmarkAsync("published", sampleCount: 1000);
        await api.ReportAsync("published", "first", 0.9);
        await api.ReportAsync("published", "near", 0.89);
        await api.ReportAsync("published", "far", 0.8);
        Assert.Equal(["first true", "near true", "far false"], await TiesAsync("published"));

        await CreateBenchmarkAsync("published-of-unknown-size", sampleCount: null);
        await api.ReportAsync("published-of-unknown-size", "first", 0.9);
        await api.ReportAsync("published-of-unknown-size", "far", 0.1);
        Assert.Equal(["first true", "far null"], await TiesAsync("published-of-unknown-size"));
    }

    [Fact]
    public async Task A_measured_row_and_a_reported_one_are_compared_by_their_counts()
    {
        await CreateBenchmarkAsync("mixed", sampleCount: 200);
        await api.ReportAsync("mixed", "reported", 0.95);
        await api.MeasureAsync("mixed", "close", Right(184) + Wrong(16));
        await api.MeasureAsync("mixed", "distant", Right(150) + Wrong(50));
        Assert.Equal(["reported true", "close true", "distant false"], await TiesAsync("mixed"));
        // The first of another board: of these two the images are known.
        Assert.Equal(["close true", "distant false"], await TiesAsync("mixed", "?kind=verified"));
    }

    // Alone, 0.87 differs from 0.9 (p = 0.035); of two such tests neither is at 0.025 or below.
    [Fact]
    public async Task More_comparisons_ask_for_larger_differences()
    {
        await CreateBenchmarkAsync("corrected", sampleCount: 1000);
        await api.ReportAsync("corrected", "first", 0.9);
        await api.ReportAsync("corrected", "second", 0.87);
        Assert.Equal(["first true", "second false"], await TiesAsync("corrected"));
        await api.ReportAsync("corrected", "third", 0.87, "2024-02-02");
        Assert.Equal(["first true", "second true", "third true"], await TiesAsync("corrected"));
        // A row that differs clearly is rejected first, and leaves the others one test fewer.
        await api.ReportAsync("corrected", "fourth", 0.1);
        Assert.Equal(["first true", "second true", "third true", "fourth false"], await TiesAsync("corrected"));
        Assert.Equal(["first true", "second true"], await TiesAsync("corrected", "?limit=2"));
    }

    [Fact]
    public async Task A_metric_that_is_no_proportion_tells_nothing_apart()
    {
        await CreateBenchmarkAsync("no-counts", sampleCount: 1000, "expected_calibration_error");
        await api.ReportAsync("no-counts", "best", 0.01, metric: "expected_calibration_error");
        await api.ReportAsync("no-counts", "worst", 0.5, metric: "expected_calibration_error");
        Assert.Equal(["best true", "worst null"], await TiesAsync("no-counts"));
    }

    [Fact]
    public async Task Measured_rows_without_their_images_are_compared_by_their_counts()
    {
        await api.CreateBenchmarkAsync("unpaired");
        await api.MeasureAsync("unpaired", "first", Right(90) + Wrong(10));
        var second = await api.MeasureAsync("unpaired", "second", Right(82) + Wrong(18));
        // Eight images that the first alone has right (p = 0.008); 90 and 82 of other images would be no different.
        Assert.Equal(["first true", "second false"], await TiesAsync("unpaired"));
        await api.ExecuteAsync("update predictions set correct = null where evaluation_id = @second", new { second });
        Assert.Equal(["first true", "second true"], await TiesAsync("unpaired"));
        await api.ExecuteAsync("update scores set correct = null where evaluation_id = @second", new { second });
        Assert.Equal(["first true", "second null"], await TiesAsync("unpaired"));
    }

    [Fact]
    public async Task Pages_tell_what_the_whole_board_does_and_the_rows_beyond_a_thousand_nothing()
    {
        await CreateBenchmarkAsync("long-board", sampleCount: 100);
        await api.ExecuteAsync("""
            insert into results (benchmark_id, metric, kind, value, model_name, dated)
            select id, 'top1_accuracy', 'reported', 1 - n / 2000.0, 'm' || n, '2024-01-01'
            from benchmarks, generate_series(1, 1003) n where name = 'long-board'
            """);
        var lines = new List<string>();
        var cursor = "";
        do
        {
            var page = await api.Anonymous.GetJsonAsync(
                $"/api/v1/benchmarks/long-board/leaderboard?limit=150{cursor}");
            lines.AddRange(Lines(page));
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        // They lie half a thousandth apart: those near the first tie with it, and from some row on none does.
        var tied = lines.TakeWhile(line => line.EndsWith(" true", StringComparison.Ordinal)).Count();
        Assert.InRange(tied, 2, 999);
        Assert.Equal(
            Enumerable.Range(1, 1003).Select(n => $"m{n} {(n <= tied ? "true" : n <= 1000 ? "false" : "null")}"), lines);
    }

    [Fact]
    public async Task The_csv_says_it_too()
    {
        await CreateBenchmarkAsync("csv-ties", sampleCount: 1000);
        await api.ReportAsync("csv-ties", "first", 0.9);
        await api.ReportAsync("csv-ties", "far", 0.2);
        var lines = await api.CsvLinesAsync("csv-ties");
        Assert.EndsWith(",interval_method,tied_with_first", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",,true", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",,false", lines[2], StringComparison.Ordinal);
    }

    private static string Right(int count) => new('1', count);

    private static string Wrong(int count) => new('0', count);

    private async Task CreateBenchmarkAsync(string name, int? sampleCount, string metric = "top1_accuracy")
    {
        var benchmark = Samples.Benchmark(name);
        benchmark["sample_count"] = sampleCount;
        benchmark["metrics"] = new JsonArray(metric);
        await api.Admin.PostJsonAsync("/api/v1/benchmarks", benchmark, HttpStatusCode.Created);
    }

    private async Task<IEnumerable<string>> TiesAsync(string benchmark, string query = "") =>
        Lines(await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/{benchmark}/leaderboard{query}"));

    private static IEnumerable<string> Lines(JsonElement board) => board.GetProperty("entries").EnumerateArray().Select(
        entry => $"{entry.GetProperty("model_name")} {entry.GetProperty("tied_with_first").GetRawText()}");
}
