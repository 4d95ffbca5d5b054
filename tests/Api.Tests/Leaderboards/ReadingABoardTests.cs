using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class ReadingABoardTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tied_results_share_a_rank_and_the_earlier_stands_first()
    {
        await api.CreateBenchmarkAsync("ties");
        await api.ReportAsync("ties", "late", 0.5, "2024-02-01");
        await api.ReportAsync("ties", "early", 0.5, "2023-02-01");
        await api.ReportAsync("ties", "best", 0.9);
        await api.ReportAsync("ties", "last", 0.1);
        await api.ReportAsync("ties", "best", 0.2);
        Assert.Equal(["1 best", "2 early", "2 late", "4 last"], await api.LinesAsync("ties"));
    }

    [Fact]
    public async Task Where_lower_is_better_the_lowest_stands_first()
    {
        var benchmark = Samples.Benchmark("errors");
        benchmark["metrics"] = new JsonArray("top1_accuracy", "expected_calibration_error");
        await api.Admin.PostJsonAsync("/api/v1/benchmarks", benchmark, HttpStatusCode.Created);
        foreach (var (model, error) in ((string, double)[])[("worse", 0.3), ("best", 0.01), ("good", 0.05), ("worse", 0.2)])
        {
            await api.ReportAsync("errors", model, error, metric: "expected_calibration_error");
        }
        var board = await api.Anonymous.GetJsonAsync(
            "/api/v1/benchmarks/errors/leaderboard?metric=expected_calibration_error");
        Assert.False(board.GetProperty("higher_is_better").GetBoolean());
        Assert.Equal(["1 best", "2 good", "3 worse"], Boards.Lines(board));
        Assert.Equal(0.2, board.GetProperty("entries")[2].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Pages_join_without_gaps()
    {
        await api.CreateBenchmarkAsync("pages");
        for (var model = 0; model < 23; model++)
        {
            await api.ReportAsync("pages", $"m{model}", Math.Round(model / 4 * 0.1, 2));
        }
        var whole = await api.LinesAsync("pages", "?limit=200");
        var joined = new List<string>();
        var address = "/api/v1/benchmarks/pages/leaderboard?limit=5";
        while (true)
        {
            using var response = await api.Anonymous.GetAsync(address, Token);
            var page = await response.ReadAsync(HttpStatusCode.OK);
            joined.AddRange(Boards.Lines(page));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null)
            {
                Assert.False(response.Headers.Contains("Link"));
                break;
            }
            address = response.Headers.GetValues("Link").Single().Split('<', '>')[1];
            Assert.EndsWith("; rel=\"next\"", response.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        }
        Assert.Equal(23, whole.Count);
        Assert.Equal(whole, joined);
    }

    [Fact]
    public async Task Filters_leave_out_what_they_say()
    {
        await api.CreateBenchmarkAsync("filters");
        await api.ReportAsync("filters", "extra", 0.9, extra: true, parameters: 500);
        await api.ReportAsync("filters", "small", 0.5, parameters: 10);
        await api.ReportAsync("filters", "unknown", 0.4);
        Assert.Equal(["1 small", "2 unknown"], await api.LinesAsync("filters", "?extra_data=false"));
        Assert.Equal(["1 extra"], await api.LinesAsync("filters", "?extra_data=true"));
        Assert.Equal(["1 small"], await api.LinesAsync("filters", "?max_parameters=100"));
        Assert.Equal([], await api.LinesAsync("filters", "?kind=verified"));
        Assert.Equal([], await api.LinesAsync("filters", "?metric=top5_accuracy"));
    }

    [Fact]
    public async Task A_board_can_be_read_as_it_stood()
    {
        await api.CreateBenchmarkAsync("past");
        await api.ReportAsync("past", "a", 0.9, recordedAt: new DateTime(2025, 3, 1, 12, 0, 0, DateTimeKind.Utc));
        await api.ReportAsync("past", "b", 0.8, recordedAt: new DateTime(2025, 3, 2, 12, 0, 0, DateTimeKind.Utc));
        await api.ExecuteAsync("""
            update results set withdrawn_at = '2025-03-03T00:00:00Z'
            where model_name = 'a' and benchmark_id = (select id from benchmarks where name = 'past')
            """);
        Assert.Equal([], await api.LinesAsync("past", "?as_of=2025-02-28"));
        Assert.Equal(["1 a"], await api.LinesAsync("past", "?as_of=2025-03-01"));
        Assert.Equal([], await api.LinesAsync("past", "?as_of=2025-03-01T11:59:59Z"));
        Assert.Equal(["1 a", "2 b"], await api.LinesAsync("past", "?as_of=2025-03-02"));
        Assert.Equal(["1 b"], await api.LinesAsync("past", "?as_of=2025-03-03"));
        Assert.Equal(["1 b"], await api.LinesAsync("past"));
        // A date is all of its day: up to its last moment in UTC.
        Assert.Equal(await api.LinesAsync("past", "?as_of=2025-03-02T23:59:59.999999Z"), await api.LinesAsync("past", "?as_of=2025-03-02"));
    }

    [Theory]
    [InlineData("?metric=f1", 400, "validation_failed")]
    [InlineData("?kind=best", 400, "validation_failed")]
    [InlineData("?eval_transform=mine", 400, "validation_failed")]
    [InlineData("?split=all", 400, "validation_failed")]
    [InlineData("?precision=float16", 400, "validation_failed")]
    [InlineData("?version=", 404, "benchmark_unknown")]
    [InlineData("?version=7", 404, "benchmark_unknown")]
    [InlineData("?version=%00", 400, "text_invalid")]
    [InlineData("?limit=0", 400, "validation_failed")]
    [InlineData("?limit=201", 400, "validation_failed")]
    [InlineData("?limit=many", 400, "request_malformed")]
    [InlineData("?extra_data=maybe", 400, "request_malformed")]
    [InlineData("?max_parameters=99999999999999999999", 400, "request_malformed")]
    [InlineData("?max_parameters=-1", 400, "validation_failed")]
    [InlineData("?as_of=yesterday", 400, "validation_failed")]
    [InlineData("?as_of=2025-13-45", 400, "validation_failed")]
    [InlineData("?cursor=nonsense", 400, "cursor_invalid")]
    [InlineData("?cursor=bnVsbA", 400, "cursor_invalid")]
    [InlineData("?cursor=%00", 400, "cursor_invalid")]
    public async Task A_query_that_makes_no_sense_is_refused(string query, int status, string code)
    {
        await api.Admin.PostAsync("/api/v1/benchmarks", Samples.Json(Samples.Benchmark("query")), Token);
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/benchmarks/query/leaderboard{query}", null, status, code);
    }

    [Fact]
    public async Task An_unknown_benchmark_has_no_board() => await api.Anonymous.ShouldRefuseAsync(
        "/api/v1/benchmarks/nowhere/leaderboard", null, 404, "benchmark_unknown");

    [Fact]
    public async Task Each_version_has_its_own_board()
    {
        await api.CreateBenchmarkAsync("versions");
        await api.ReportAsync("versions", "old", 0.5);
        await api.CreateBenchmarkAsync("versions", "2");
        Assert.Equal([], await api.LinesAsync("versions"));
        Assert.Equal(["1 old"], await api.LinesAsync("versions@1"));
    }
}
