using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests;

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
        Assert.Equal(["1 best", "2 early", "2 late", "4 last"], await LinesAsync("ties"));
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
        Assert.Equal(["1 best", "2 good", "3 worse"], Lines(board));
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
        var whole = await LinesAsync("pages", "?limit=200");
        var joined = new List<string>();
        var address = "/api/v1/benchmarks/pages/leaderboard?limit=5";
        while (true)
        {
            using var response = await api.Anonymous.GetAsync(address, Token);
            var page = await response.ReadAsync(HttpStatusCode.OK);
            joined.AddRange(Lines(page));
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
        Assert.Equal(["1 small", "2 unknown"], await LinesAsync("filters", "?extra_data=false"));
        Assert.Equal(["1 extra"], await LinesAsync("filters", "?extra_data=true"));
        Assert.Equal(["1 small"], await LinesAsync("filters", "?max_parameters=100"));
        Assert.Equal([], await LinesAsync("filters", "?kind=verified"));
        Assert.Equal([], await LinesAsync("filters", "?metric=top5_accuracy"));
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
        Assert.Equal([], await LinesAsync("past", "?as_of=2025-02-28"));
        Assert.Equal(["1 a"], await LinesAsync("past", "?as_of=2025-03-01"));
        Assert.Equal([], await LinesAsync("past", "?as_of=2025-03-01T11:59:59Z"));
        Assert.Equal(["1 a", "2 b"], await LinesAsync("past", "?as_of=2025-03-02"));
        Assert.Equal(["1 b"], await LinesAsync("past", "?as_of=2025-03-03"));
        Assert.Equal(["1 b"], await LinesAsync("past"));
        // A date is all of its day: up to its last moment in UTC.
        Assert.Equal(await LinesAsync("past", "?as_of=2025-03-02T23:59:59.999999Z"), await LinesAsync("past", "?as_of=2025-03-02"));
    }

    [Fact]
    public async Task A_measured_score_stands_beside_its_claim_and_a_private_one_on_no_board()
    {
        await api.CreateBenchmarkAsync("measured");
        using var user = await api.CreateUserAsync("measured");
        var submission = Samples.Submission("measured");
        submission["paper"] = "arxiv:1234.5678";
        submission["claimed"] = new JsonArray(
            new JsonObject { ["benchmark"] = "measured", ["metric"] = "top1_accuracy", ["value"] = 0.75 });
        var shown = await ApiFactory.SubmitAsync(user, submission);
        var hidden = Samples.Submission("measured", "hidden");
        hidden["visibility"] = "private";
        var unseen = await ApiFactory.SubmitAsync(user, hidden);
        await api.RecordScoreAsync(EvaluationOf(shown), ("a", 0, 0), ("b", 1, 0));
        await api.RecordScoreAsync(EvaluationOf(unseen), ("a", 0, 0), ("b", 1, 1));

        var entry = (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/measured/leaderboard"))
            .GetProperty("entries").EnumerateArray().Single();
        Assert.Equal("verified", entry.GetProperty("kind").GetString());
        Assert.Equal(0.5, entry.GetProperty("value").GetDouble());
        Assert.Equal(0.75, entry.GetProperty("claimed").GetDouble());
        Assert.Equal(-25, entry.GetProperty("difference_pp").GetDouble());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("claimed_result").ValueKind);
        var claim = (await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{EvaluationOf(shown)}")).GetProperty("claims")[0];
        Assert.Equal((-0.25, -25), (claim.GetProperty("difference").GetDouble(), claim.GetProperty("difference_pp").GetDouble()));
        var result = await api.Anonymous.GetJsonAsync($"/api/v1/results/{entry.GetProperty("result")}");
        Assert.Equal((0.75, -25), (result.GetProperty("claimed").GetDouble(), result.GetProperty("difference_pp").GetDouble()));
        Assert.Equal(2, entry.GetProperty("interval").GetArrayLength());
        Assert.Equal("wilson", entry.GetProperty("interval_method").GetString());
        Assert.Equal("arxiv:1234.5678", entry.GetProperty("paper").GetProperty("id").GetString());
        Assert.Equal(EvaluationOf(shown), entry.GetProperty("evaluation").GetGuid());
    }

    [Fact]
    public async Task A_measured_score_stands_beside_what_its_paper_reports()
    {
        await api.CreateBenchmarkAsync("published");
        var submission = Samples.Submission("published", "MoPro-V2");
        submission["paper"] = "arxiv:2009.07995";
        var evaluation = EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, submission));
        await api.RecordScoreAsync(evaluation, ("a", 0, 0), ("b", 1, 0));
        foreach (var (model, paper, value) in ((string, string, double)[])[
            ("MoPro-V2", "arxiv:2009.07995", 0.361), ("MoPro-V2", "arxiv:0000.0000", 0.2), ("MoPro-V1", "arxiv:2009.07995", 0.1)])
        {
            var claim = ReportingAResultTests.Claim("published", model, value);
            claim["paper"] = paper;
            var reported = await api.Admin.PostJsonAsync("/api/v1/results", claim, HttpStatusCode.Accepted);
            Assert.Equal(JsonValueKind.Null, (await MeasuredAsync()).GetProperty(value > 0.3 ? "claimed" : "code_url").ValueKind);
            await api.Admin.PostJsonAsync($"/api/v1/results/{reported.GetProperty("id")}/accept", new { }, HttpStatusCode.OK);
        }
        var entry = await MeasuredAsync();
        Assert.Equal((0.361, 13.9), (entry.GetProperty("claimed").GetDouble(), entry.GetProperty("difference_pp").GetDouble()));
        var source = await api.Anonymous.GetJsonAsync($"/api/v1/results/{entry.GetProperty("claimed_result")}");
        Assert.Equal("https://example.org/paper.pdf", source.GetProperty("source_url").GetString());
        var claims = (await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{evaluation}")).GetProperty("claims");
        Assert.Equal("0.361 13.9", string.Join(
            ' ', claims.EnumerateArray().Select(claim => $"{claim.GetProperty("claimed")} {claim.GetProperty("difference_pp")}")));

        async Task<JsonElement> MeasuredAsync() =>
            (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/published/leaderboard?kind=verified")).GetProperty("entries")[0];
    }

    [Fact]
    public async Task A_lower_precision_is_shown_and_can_be_left_out()
    {
        await api.CreateBenchmarkAsync("precisions");
        var submission = Samples.Submission("precisions", "brain");
        submission["precision"] = "bfloat16";
        var brain = EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, submission));
        var single = EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("precisions", "single")));
        await api.RecordScoreAsync(brain, ("a", 0, 0), ("b", 1, 1));
        await api.RecordScoreAsync(single, ("a", 0, 0), ("b", 1, 0));
        await api.ReportAsync("precisions", "elsewhere", 0.1);

        var board = await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/precisions/leaderboard");
        Assert.Equal(
            ["bfloat16", "float32", null],
            board.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("precision").GetString()));
        Assert.Equal(["1 single", "2 elsewhere"], await LinesAsync("precisions", "?precision=float32"));
        Assert.Equal(["1 brain", "2 elsewhere"], await LinesAsync("precisions", "?precision=bfloat16"));
    }

    [Fact]
    public async Task A_transform_of_the_submitters_own_is_shown_and_can_be_left_out()
    {
        await api.CreateBenchmarkAsync("transforms");
        var submission = Samples.Submission("transforms", "own");
        submission["eval_transform"] = JsonNode.Parse(
            """{ "resize": 256, "interpolation": "bicubic", "crop": 224, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5] }""");
        var own = EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, submission));
        var common = EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("transforms", "common")));
        await api.RecordScoreAsync(own, ("a", 0, 0), ("b", 1, 1));
        await api.RecordScoreAsync(common, ("a", 0, 0), ("b", 1, 0));
        await api.ReportAsync("transforms", "elsewhere", 0.1);

        const string Address = "/api/v1/benchmarks/transforms/leaderboard";
        var entries = (await api.Anonymous.GetJsonAsync(Address)).GetProperty("entries");
        Assert.Equal(224, entries[0].GetProperty("eval_transform").GetProperty("crop").GetInt32());
        Assert.Equal(JsonValueKind.Null, entries[1].GetProperty("eval_transform").ValueKind);
        Assert.Equal(["1 own", "2 common", "3 elsewhere"], await LinesAsync("transforms", "?eval_transform=any"));
        Assert.Equal(["1 common", "2 elsewhere"], await LinesAsync("transforms", "?eval_transform=benchmark"));
        Assert.Equal(["1 own"], await LinesAsync("transforms", "?eval_transform=own"));
        var evaluation = await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{own}");
        Assert.Equal("bicubic", evaluation.GetProperty("eval_transform").GetProperty("interpolation").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Accept.ParseAdd("text/csv");
        using var response = await api.Anonymous.SendAsync(request, Token);
        var lines = (await response.Content.ReadAsStringAsync(Token)).Split("\r\n");
        Assert.EndsWith(",eval_transform,precision,split,protocol_deviation,interval_method,tied_with_first", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"\"crop\"\":224", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",,float32,,,wilson,true", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(",,,,,,", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_owners_may_have_models_of_one_name()
    {
        await api.CreateBenchmarkAsync("owners");
        foreach (var name in (string[])["owner-a", "owner-b"])
        {
            using var user = await api.CreateUserAsync(name);
            await api.RecordScoreAsync(
                EvaluationOf(await ApiFactory.SubmitAsync(user, Samples.Submission("owners", "same"))), ("a", 0, 0));
        }
        await api.ReportAsync("owners", "same", 0.3);
        Assert.Equal(["1 same", "1 same", "3 same"], await LinesAsync("owners"));
    }

    [Fact]
    public async Task An_unchanged_board_is_not_sent_again()
    {
        await api.CreateBenchmarkAsync("etag");
        await api.ReportAsync("etag", "a", 0.5);
        using var first = await api.Anonymous.GetAsync("/api/v1/benchmarks/etag/leaderboard", Token);
        Assert.NotNull(first.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(first.Headers.ETag));
        await api.ReportAsync("etag", "b", 0.6);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first.Headers.ETag));

        async Task<HttpStatusCode> StatusAsync(EntityTagHeaderValue tag)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/benchmarks/etag/leaderboard");
            request.Headers.IfNoneMatch.Add(tag);
            using var response = await api.Anonymous.SendAsync(request, Token);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Csv_runs_no_formula()
    {
        await api.CreateBenchmarkAsync("csv");
        await api.ReportAsync("csv", "=HYPERLINK(\"http://evil\",\"x\")", 0.5);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/benchmarks/csv/leaderboard");
        request.Headers.Accept.ParseAdd("text/csv");
        using var response = await api.Anonymous.SendAsync(request, Token);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync(Token)).Split("\r\n");
        Assert.StartsWith("rank,model_name,value,kind,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1,\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\",0.5,reported,", lines[1], StringComparison.Ordinal);
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
    [InlineData("@1?version=2", 400, "validation_failed")]
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
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/benchmarks/query{(query[0] == '@' ? query.Replace("?", "/leaderboard?", StringComparison.Ordinal) : "/leaderboard" + query)}", null, status, code);
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
        Assert.Equal([], await LinesAsync("versions"));
        Assert.Equal(["1 old"], await LinesAsync("versions@1"));
    }

    private static Guid EvaluationOf(JsonElement submission) =>
        submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();

    private async Task<List<string>> LinesAsync(string benchmark, string query = "") =>
        Lines(await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/{benchmark}/leaderboard{query}"));

    private static List<string> Lines(JsonElement board) =>
        [.. board.GetProperty("entries").EnumerateArray().Select(
            entry => $"{entry.GetProperty("rank")} {entry.GetProperty("model_name")}")];
}
