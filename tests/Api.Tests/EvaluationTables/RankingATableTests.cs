using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Tests.EvaluationTables;

public sealed class RankingATableTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ties_share_a_rank_the_earlier_first_and_what_is_no_number_has_none()
    {
        await api.AddTableAsync("ties", ["Accuracy", "Error-"]);
        await api.AddRowAsync("ties", "late", ["90", "1"], paperDate: "2021-01-01");
        await api.AddRowAsync("ties", "text", ["about 95", "2"]);
        await api.AddRowAsync("ties", "early", ["90.0", "3"], evaluatedOn: "2020-01-01", paperDate: "2022-01-01");
        await api.AddRowAsync("ties", "best", ["91", null]);
        await api.AddRowAsync("ties", "last", ["1", "0.5"]);
        Assert.Equal(["1 best", "2 early", "2 late", "4 last", "text"], await api.RanksAsync("ties"));
        Assert.Equal(
            ["1 last", "2 late", "3 text", "4 early", "best"], await api.RanksAsync("ties", "?metric=Error"));

        var rows = (await api.RowsAsync("ties")).GetProperty("items").EnumerateArray().ToList();
        var text = rows[^1];
        Assert.Equal(JsonValueKind.Null, text.GetProperty("rank").ValueKind);
        Assert.Equal("Accuracy about 95  ; Error 2 2 3", Figures(text));
        Assert.Equal(("Error", 3), (text.GetProperty("best_metric").GetString(), text.GetProperty("best_rank").GetInt32()));
        // Of equal ranks the first metric's counts.
        Assert.Equal("Accuracy", rows.Single(row => Model(row) == "late").GetProperty("best_metric").GetString());
        Assert.Equal(
            ["best 1 Accuracy", "last 1 Error", "late 2 Accuracy", "early 2 Accuracy", "text 3 Error"],
            await StoredAsync("ties"));
    }

    [Fact]
    public async Task Ranks_of_a_filtered_table_count_what_the_filter_leaves()
    {
        await api.AddTableAsync("filtered", ["F1"]);
        await api.AddRowAsync("filtered", "a", ["3"], extra: true);
        await api.AddRowAsync("filtered", "b", ["2"]);
        await api.AddRowAsync("filtered", "c", ["1"]);
        Assert.Equal(["1 b", "2 c"], await api.RanksAsync("filtered", "?extra_data=false"));
        Assert.Equal(["1 a"], await api.RanksAsync("filtered", "?extra_data=true"));
        Assert.Empty(await api.RanksAsync("filtered", "?kind=verified"));
    }

    [Fact]
    public async Task Pages_hold_every_row_once_in_the_order_of_the_whole()
    {
        await api.AddTableAsync("paged", ["F1"]);
        for (var row = 0; row < 23; row++)
        {
            await api.AddRowAsync("paged", $"m{row}", [row % 5 == 0 ? "n/a" : $"{row % 4}"], paperDate: row % 3 == 0 ? null : $"20{10 + row}-01-01");
        }
        var whole = await api.RanksAsync("paged");
        var seen = new List<string>();
        var address = "/api/v1/evaluation-tables/paged/rows?limit=4";
        while (address is not null)
        {
            using var page = await api.Anonymous.GetAsync(address, Token);
            seen.AddRange(Tables.Ranks(await page.ReadAsync(HttpStatusCode.OK)));
            address = page.Headers.GetValues("Link").SelectMany(link => link.Split(", "))
                .SingleOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1];
        }
        Assert.Equal(23, seen.Distinct().Count());
        Assert.Equal(whole, seen);
    }

    [Fact]
    public async Task A_benchmark_is_a_table_of_what_was_measured_and_what_is_reported()
    {
        await api.CreateBenchmarkAsync("shown-1.0");
        await api.MeasureAsync("shown-1.0", "measured", "1110");
        await api.MeasureAsync("shown-1.0", "secret", "1111", isPrivate: true);
        await api.ReportAsync("shown-1.0", "claimed", 0.739);
        await api.ReportAsync("shown-1.0", "claimed", 0.9, metric: "top5_accuracy");
        await api.ReportAsync("shown-1.0", "equal", 0.75, extra: true);
        const string Id = "image-classification-on-shown-1-0";
        var table = await api.Anonymous.GetJsonAsync($"/api/v1/evaluation-tables/{Id}");
        Assert.Equal("shown-1.0@1", table.GetProperty("benchmark").GetProperty("reference").GetString());
        Assert.Equal(JsonValueKind.Null, table.GetProperty("attribution").ValueKind);
        await api.Anonymous.GetJsonAsync(table.GetProperty("benchmark").GetProperty("leaderboard").GetString()!);
        Assert.Equal(
            ["Top 1 Accuracy", "Top 5 Accuracy"],
            table.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("name").GetString()));

        Assert.Equal(["1 equal", "1 measured", "3 claimed"], await api.RanksAsync(Id));
        Assert.Equal(["1 measured"], await api.RanksAsync(Id, "?kind=verified"));
        Assert.Equal(["1 measured", "2 claimed"], await api.RanksAsync(Id, "?extra_data=false&metric=top1_accuracy"));
        var claimed = (await api.RowsAsync(Id, "?metric=Top 5 Accuracy")).GetProperty("items")[0];
        Assert.Equal("Top 1 Accuracy 73.9 73.9 3; Top 5 Accuracy 90 90 1", Figures(claimed));
        Assert.Equal(("reported", "Top 5 Accuracy"), (claimed.GetProperty("kind").GetString(), claimed.GetProperty("best_metric").GetString()));
        Assert.Equal(["2024-01-01 equal 75"], await api.RecordsAsync(Id));

        // Its latest version alone, under the same id.
        await api.CreateBenchmarkAsync("shown-1.0", "2");
        Assert.Empty(await api.RanksAsync(Id));
        var listed = await api.Anonymous.GetJsonAsync("/api/v1/evaluation-tables?origin=benchmark&q=SHOWN");
        Assert.Equal(
            ["shown-1.0@2"],
            listed.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("benchmark").GetProperty("reference").GetString()));
    }

    [Fact]
    public async Task A_table_of_the_archive_keeps_its_address_and_a_benchmark_makes_way()
    {
        await api.CreateBenchmarkAsync("way");
        await api.AddTableAsync("image-classification-on-way", ["F1"], task: "image-classification");
        await api.CreateBenchmarkAsync("way.2");
        await api.CreateBenchmarkAsync("way-2");
        var listed = await api.Anonymous.GetJsonAsync("/api/v1/evaluation-tables?task=image-classification&q=way");
        Assert.Equal(
            ["image-classification-on-way archive", "image-classification-on-way-2 benchmark",
             "image-classification-on-way-2-benchmark benchmark", "image-classification-on-way-benchmark benchmark"],
            listed.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("id")} {item.GetProperty("origin")}"));
    }

    [Fact]
    public async Task A_corrected_direction_ranks_the_table_anew()
    {
        await api.AddTableAsync("corrected", ["% Test Accuracy-", "F1/EM"]);
        await api.AddRowAsync("corrected", "low", ["10", "1"]);
        await api.AddRowAsync("corrected", "high", ["20", "2"]);
        Assert.Equal(["1 low", "2 high"], await api.RanksAsync("corrected"));
        const string Metrics = "/api/v1/evaluation-tables/corrected/metrics";
        var changed = await PatchAsync(api.Admin, $"{Metrics}/{Uri.EscapeDataString("% Test Accuracy")}", higherIsBetter: true);
        var metric = changed.GetProperty("metrics")[0];
        Assert.True(metric.GetProperty("higher_is_better").GetBoolean());
        Assert.Equal("corrected", metric.GetProperty("direction").GetString());
        Assert.Equal(["1 high", "2 low"], await api.RanksAsync("corrected"));
        var id = changed.GetProperty("metrics")[1].GetProperty("id").GetString();
        await PatchAsync(api.Admin, $"{Metrics}/{id}", higherIsBetter: false);
        Assert.Equal(["1 low", "2 high"], await api.RanksAsync("corrected", "?metric=F1/EM"));
        Assert.Equal(["high 1 % Test Accuracy", "low 1 F1/EM"], await StoredAsync("corrected"));
    }

    [Fact]
    public async Task Only_its_user_or_an_admin_corrects_a_table_and_nobody_a_benchmark()
    {
        using var ada = await api.CreateUserAsync("table-ada");
        using var bob = await api.CreateUserAsync("table-bob");
        var owner = await api.ScalarAsync<Guid>("select id from users where name = 'table-ada'");
        await api.AddTableAsync("of-ada", ["F1"], user: owner);
        await api.AddTableAsync("of-archive", ["F1"]);
        await api.CreateBenchmarkAsync("of-nobody");
        await PatchAsync(ada, "/api/v1/evaluation-tables/of-ada/metrics/F1", higherIsBetter: false);
        await RefuseAsync(bob, "of-ada/metrics/F1", 403, "owner_required");
        await RefuseAsync(ada, "of-archive/metrics/F1", 403, "owner_required");
        await RefuseAsync(api.Anonymous, "of-archive/metrics/F1", 401, "unauthenticated");
        await RefuseAsync(api.Admin, "of-archive/metrics/F2", 404, "metric_unknown");
        await RefuseAsync(api.Admin, "of-none/metrics/F1", 404, "evaluation_table_unknown");
        await RefuseAsync(
            api.Admin, "image-classification-on-of-nobody/metrics/top1_accuracy", 409, "evaluation_table_derived");
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        await api.AddTableAsync("odd", ["F1", "EM"]);
        await api.AddRowAsync("odd", "a", ["1", "2"]);
        await api.AddRowAsync("odd", "b", ["2", "1"]);
        const string Odd = "/api/v1/evaluation-tables/odd";
        var refused = await api.Anonymous.ShouldRefuseAsync($"{Odd}/rows?metric=F2", null, 400, "validation_failed");
        Assert.Contains("F1, EM", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await api.Anonymous.ShouldRefuseAsync($"{Odd}/progress?kind=odd", null, 400, "validation_failed");
        await api.Anonymous.ShouldRefuseAsync($"{Odd}/rows?limit=0", null, 400, "validation_failed");
        await api.Anonymous.ShouldRefuseAsync($"{Odd}/rows?cursor=x", null, 400, "cursor_invalid");
        var next = (await api.RowsAsync("odd", "?limit=1")).GetProperty("next").GetString();
        await api.Anonymous.ShouldRefuseAsync($"{Odd}/rows?metric=EM&cursor={next}", null, 400, "cursor_invalid");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/evaluation-tables/none/rows", null, 404, "evaluation_table_unknown");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/evaluation-tables?origin=odd", null, 400, "validation_failed");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/evaluation-tables?cursor=odd", null, 400, "cursor_invalid");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/evaluation-tables.json?origin=odd", null, 400, "validation_failed");
    }

    [Fact]
    public async Task Rows_carry_their_licence_are_csv_on_demand_and_are_not_sent_twice()
    {
        await api.AddTableAsync("sent", ["% Test, all"]);
        await api.AddRowAsync("sent", "=model", ["50.4"], paperDate: "2015-08-21");
        using var first = await api.Anonymous.GetAsync("/api/v1/evaluation-tables/sent/rows", Token);
        Assert.Equal("CC-BY-SA-4.0", (await first.ReadAsync(HttpStatusCode.OK)).GetProperty("attribution").GetProperty("licence").GetString());
        Assert.Contains("rel=\"license\"", first.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/evaluation-tables/sent/rows");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await api.Anonymous.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var wanted = new HttpRequestMessage(HttpMethod.Get, "/api/v1/evaluation-tables/sent/rows");
        wanted.Headers.Accept.ParseAdd("text/csv");
        using var csv = await api.Anonymous.SendAsync(wanted, Token);
        var lines = (await csv.Content.ReadAsStringAsync(Token)).Split("\r\n");
        Assert.StartsWith("rank,model_name,kind,\"% Test, all\",uses_additional_data,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1,'=model,reported,50.4,false,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_metric_of_a_benchmark_has_a_name_and_the_direction_it_is_ranked_in()
    {
        await using var connection = await api.Rows.OpenConnectionAsync(Token);
        var named = await connection.QueryAsync<(string Metric, bool IsLoss)>("select metric, is_loss from metric_names");
        Assert.Equal(
            Metric.All.Values.Select(metric => (metric.Name, !metric.HigherIsBetter)).Order(), named.Order());
    }

    private static string? Model(JsonElement row) => row.GetProperty("model_name").GetString();

    private static string Figures(JsonElement row) => string.Join("; ", row.GetProperty("figures").EnumerateArray().Select(
        figure => $"{figure.GetProperty("metric")} {figure.GetProperty("raw")} {figure.GetProperty("value")} {figure.GetProperty("rank")}"));

    private async Task<List<string>> StoredAsync(string table)
    {
        await using var connection = await api.Rows.OpenConnectionAsync(Token);
        return (await connection.QueryAsync<string>(
            "select model_name || ' ' || best_rank || ' ' || best_metric from table_rows where table_id = @table order by best_rank, best_metric, position",
            new { table })).AsList();
    }

    private static async Task<JsonElement> PatchAsync(HttpClient user, string address, bool higherIsBetter)
    {
        using var response = await user.PatchAsJsonAsync(address, new { higher_is_better = higherIsBetter }, Token);
        return await response.ReadAsync(HttpStatusCode.OK);
    }

    private static async Task RefuseAsync(HttpClient user, string address, int status, string code)
    {
        using var response = await user.PatchAsJsonAsync(
            $"/api/v1/evaluation-tables/{address}", new { higher_is_better = true }, Token);
        await response.ShouldBeProblemAsync(status, code);
    }
}
