using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class PagingABoardTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string AddMany = """
        insert into results (benchmark_id, metric, kind, value, model_name, dated)
        select id, 'top1_accuracy', 'reported', round((1 - n / 100.0)::numeric, 1), 'm' || n, '2024-01-01'
        from benchmarks, generate_series(1, @count) n where name = @name
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_come_between_pages_neither_repeat_nor_hide_those_that_did_not_move()
    {
        await api.CreateBenchmarkAsync("moving");
        await api.ExecuteAsync(AddMany, new { name = "moving", count = 40 });
        var whole = await ReadAsync("/api/v1/benchmarks/moving/leaderboard?limit=200");
        var seen = new List<string>();
        var address = "/api/v1/benchmarks/moving/leaderboard?limit=7";
        for (var turn = 0; address is not null; turn++)
        {
            using var response = await api.Anonymous.GetAsync(address, Token);
            var page = await response.ReadAsync(HttpStatusCode.OK);
            seen.AddRange(Models(page).Where(model => model.StartsWith('m')));
            address = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
            await api.ReportAsync("moving", $"before{turn}", 0.99);
            await api.ReportAsync("moving", $"after{turn}", 0.01);
            // A better row for a model that was not shown yet moves it; nobody may be shown twice for it.
            await api.ReportAsync("moving", "after0", 0.02 + turn / 1000.0);
        }
        Assert.Equal(Models(whole).Order(), seen.Order());
    }

    [Fact]
    public async Task A_pages_ranks_are_those_of_the_whole_board_also_where_a_tie_goes_over_the_page_and_the_board_has_changed()
    {
        await api.CreateBenchmarkAsync("ranks");
        await api.ExecuteAsync(AddMany, new { name = "ranks", count = 33 });
        var first = await ReadAsync("/api/v1/benchmarks/ranks/leaderboard?limit=6");
        var kept = await ReadAsync($"/api/v1/benchmarks/ranks/leaderboard?limit=6&cursor={first.GetProperty("next")}");
        var whole = await ReadAsync("/api/v1/benchmarks/ranks/leaderboard?limit=200");
        Assert.Equal(Lines(whole)[6..12], Lines(kept));
        await api.ReportAsync("ranks", "new", 0.999);
        var counted = await ReadAsync($"/api/v1/benchmarks/ranks/leaderboard?limit=6&cursor={first.GetProperty("next")}");
        whole = await ReadAsync("/api/v1/benchmarks/ranks/leaderboard?limit=200");
        Assert.Equal(Lines(whole)[7..13], Lines(counted));
    }

    [Fact]
    public async Task A_cursor_is_of_one_board_with_its_filters()
    {
        foreach (var name in (string[])["cursor-a", "cursor-b"])
        {
            await api.CreateBenchmarkAsync(name);
            await api.ExecuteAsync(AddMany, new { name, count = 5 });
        }
        var cursor = (await ReadAsync("/api/v1/benchmarks/cursor-a/leaderboard?limit=2")).GetProperty("next").GetString();
        await ReadAsync($"/api/v1/benchmarks/cursor-a/leaderboard?limit=3&cursor={cursor}");
        await ReadAsync($"/api/v1/benchmarks/cursor-a@1/leaderboard?kind=all&metric=top1_accuracy&cursor={cursor}");
        foreach (var other in (string[])[
            "cursor-b/leaderboard?", "cursor-a/leaderboard?kind=reported&", "cursor-a/leaderboard?metric=top5_accuracy&",
            "cursor-a/leaderboard?extra_data=false&", "cursor-a/leaderboard?as_of=2999-01-01&", "cursor-a/leaderboard?split=val&"])
        {
            await api.Anonymous.ShouldRefuseAsync($"/api/v1/benchmarks/{other}cursor={cursor}", null, 400, "cursor_invalid");
        }
    }

    [Fact]
    public async Task Csv_and_json_lines_have_pages_too()
    {
        await api.CreateBenchmarkAsync("forms");
        await api.ExecuteAsync(AddMany, new { name = "forms", count = 5 });
        foreach (var type in (string[])["text/csv", "application/jsonl", "application/x-ndjson"])
        {
            var models = new List<string>();
            var address = "/api/v1/benchmarks/forms/leaderboard?limit=2";
            while (address is not null)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.Accept.ParseAdd(type);
                using var response = await api.Anonymous.SendAsync(request, Token);
                Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
                var text = await response.Content.ReadAsStringAsync(Token);
                models.AddRange(type == "text/csv"
                    ? text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..].Select(line => line.Split(',')[1])
                    : text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("model_name").GetString()!));
                address = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
            }
            Assert.Equal(["m1", "m2", "m3", "m4", "m5"], models.Order());
        }
    }

    private Task<JsonElement> ReadAsync(string address) => api.Anonymous.GetJsonAsync(address);

    private static List<string> Models(JsonElement page) =>
        [.. page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("model_name").GetString()!)];

    private static List<string> Lines(JsonElement page) =>
        [.. page.GetProperty("entries").EnumerateArray().Select(
            entry => $"{entry.GetProperty("rank")} {entry.GetProperty("model_name")}")];
}
