using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leaderboard.Api.Tests.Results;

namespace Leaderboard.Api.Tests.Leaderboards;

/// <summary>Rows that were measured here: what they say beside their value, and what filters go by.</summary>
public sealed class MeasuredRowsOfABoardTests(ApiFactory api) : IClassFixture<ApiFactory>
{
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
        await api.RecordScoreAsync(WorkerRows.EvaluationOf(shown), ("a", 0, 0), ("b", 1, 0));
        await api.RecordScoreAsync(WorkerRows.EvaluationOf(unseen), ("a", 0, 0), ("b", 1, 1));

        var entry = (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/measured/leaderboard"))
            .GetProperty("entries").EnumerateArray().Single();
        Assert.Equal("verified", entry.GetProperty("kind").GetString());
        Assert.Equal(0.5, entry.GetProperty("value").GetDouble());
        Assert.Equal(0.75, entry.GetProperty("claimed").GetDouble());
        Assert.Equal(-25, entry.GetProperty("difference_pp").GetDouble());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("claimed_result").ValueKind);
        var claim = (await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{WorkerRows.EvaluationOf(shown)}")).GetProperty("claims")[0];
        Assert.Equal((-0.25, -25), (claim.GetProperty("difference").GetDouble(), claim.GetProperty("difference_pp").GetDouble()));
        var result = await api.Anonymous.GetJsonAsync($"/api/v1/results/{entry.GetProperty("result")}");
        Assert.Equal((0.75, -25), (result.GetProperty("claimed").GetDouble(), result.GetProperty("difference_pp").GetDouble()));
        Assert.Equal(2, entry.GetProperty("interval").GetArrayLength());
        Assert.Equal("wilson", entry.GetProperty("interval_method").GetString());
        Assert.Equal("arxiv:1234.5678", entry.GetProperty("paper").GetProperty("id").GetString());
        Assert.Equal(WorkerRows.EvaluationOf(shown), entry.GetProperty("evaluation").GetGuid());
    }

    [Fact]
    public async Task A_measured_score_stands_beside_what_its_paper_reports()
    {
        await api.CreateBenchmarkAsync("published");
        var submission = Samples.Submission("published", "MoPro-V2");
        submission["paper"] = "arxiv:2009.07995";
        var evaluation = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, submission));
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
        var brain = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, submission));
        var single = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("precisions", "single")));
        await api.RecordScoreAsync(brain, ("a", 0, 0), ("b", 1, 1));
        await api.RecordScoreAsync(single, ("a", 0, 0), ("b", 1, 0));
        await api.ReportAsync("precisions", "elsewhere", 0.1);

        var board = await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/precisions/leaderboard");
        Assert.Equal(
            ["bfloat16", "float32", null],
            board.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("precision").GetString()));
        Assert.Equal(["1 single", "2 elsewhere"], await api.LinesAsync("precisions", "?precision=float32"));
        Assert.Equal(["1 brain", "2 elsewhere"], await api.LinesAsync("precisions", "?precision=bfloat16"));
    }

    [Fact]
    public async Task A_transform_of_the_submitters_own_is_shown_and_can_be_left_out()
    {
        await api.CreateBenchmarkAsync("transforms");
        var submission = Samples.Submission("transforms", "own");
        submission["eval_transform"] = JsonNode.Parse(
            """{ "resize": 256, "interpolation": "bicubic", "crop": 224, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5] }""");
        var own = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, submission));
        var common = WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("transforms", "common")));
        await api.RecordScoreAsync(own, ("a", 0, 0), ("b", 1, 1));
        await api.RecordScoreAsync(common, ("a", 0, 0), ("b", 1, 0));
        await api.ReportAsync("transforms", "elsewhere", 0.1);

        const string Address = "/api/v1/benchmarks/transforms/leaderboard";
        var entries = (await api.Anonymous.GetJsonAsync(Address)).GetProperty("entries");
        Assert.Equal(224, entries[0].GetProperty("eval_transform").GetProperty("crop").GetInt32());
        Assert.Equal(JsonValueKind.Null, entries[1].GetProperty("eval_transform").ValueKind);
        Assert.Equal(["1 own", "2 common", "3 elsewhere"], await api.LinesAsync("transforms", "?eval_transform=any"));
        Assert.Equal(["1 common", "2 elsewhere"], await api.LinesAsync("transforms", "?eval_transform=benchmark"));
        Assert.Equal(["1 own"], await api.LinesAsync("transforms", "?eval_transform=own"));
        var evaluation = await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{own}");
        Assert.Equal("bicubic", evaluation.GetProperty("eval_transform").GetProperty("interpolation").GetString());

        var lines = await api.CsvLinesAsync("transforms");
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
                WorkerRows.EvaluationOf(await ApiFactory.SubmitAsync(user, Samples.Submission("owners", "same"))), ("a", 0, 0));
        }
        await api.ReportAsync("owners", "same", 0.3);
        Assert.Equal(["1 same", "1 same", "3 same"], await api.LinesAsync("owners"));
    }
}
