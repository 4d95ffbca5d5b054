using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Results;

public sealed class CorrectingAResultTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_correction_withdraws_a_row_and_adds_another_and_the_board_is_still_read_as_it_stood()
    {
        await api.CreateBenchmarkAsync("corrected");
        var first = await AcceptedAsync("corrected", "typo", 0.97);
        var before = await NowAsync();
        using var response = await api.Admin.PostAsync(
            $"/api/v1/results/{first}/correct",
            Samples.Json(new { reason = "Digits were swapped.", value = 0.79, source_url = "https://example.org/v2.pdf" }),
            TestContext.Current.CancellationToken);
        var corrected = await response.ReadAsync(HttpStatusCode.Created);
        var second = corrected.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/results/{second}", response.Headers.Location!.ToString());
        Assert.Equal(first, corrected.GetProperty("corrects").GetGuid());

        Assert.Equal(["typo 0.79"], await LinesAsync("corrected"));
        Assert.Equal(["typo 0.97"], await LinesAsync("corrected", $"?as_of={before:O}"));
        var old = await api.Anonymous.GetJsonAsync($"/api/v1/results/{first}");
        Assert.Equal(
            ("withdrawn", 0.97, "Digits were swapped.", second),
            (old.GetProperty("state").GetString(), old.GetProperty("value").GetDouble(), old.GetProperty("reason").GetString(),
                old.GetProperty("corrected_by").GetGuid()));

        await api.Admin.ShouldRefuseAsync(
            $"/api/v1/results/{first}/correct", new { reason = "again", value = 0.8 }, 409, "result_settled");
        await api.Admin.PostJsonAsync($"/api/v1/results/{second}/withdraw", new { reason = "Retracted." }, HttpStatusCode.OK);
        await api.Admin.ShouldRefuseAsync($"/api/v1/results/{second}/withdraw", new { reason = "x" }, 409, "result_settled");
        Assert.Empty(await LinesAsync("corrected"));
        foreach (var id in (Guid[])[first, second])
        {
            Assert.Equal(
                [
                    $"submitted {first} 0.97 admin ", $"accepted {first} 0.97 admin ",
                    $"corrected {first} 0.97 admin Digits were swapped.", $"recorded {second} 0.79 admin Digits were swapped.",
                    $"withdrawn {second} 0.79 admin Retracted.",
                ],
                await HistoryAsync(id));
        }
    }

    [Fact]
    public async Task A_correction_names_what_is_wrong_and_leaves_the_rest()
    {
        await api.CreateBenchmarkAsync("fields");
        var id = await AcceptedAsync("fields", "m", 0.5);
        await api.Admin.ShouldRefuseAsync($"/api/v1/results/{id}/correct", new { reason = "nothing" }, 400, "validation_failed");
        await api.Admin.ShouldRefuseAsync($"/api/v1/results/{id}/correct", new { value = 0.4 }, 400, "validation_failed");
        await api.Admin.ShouldRefuseAsync(
            $"/api/v1/results/{id}/correct", new { reason = "r", value = 40 }, 400, "validation_failed");
        var corrected = await api.Admin.PostJsonAsync(
            $"/api/v1/results/{id}/correct", new { reason = "It was trained on JFT.", uses_additional_data = true }, HttpStatusCode.Created);
        Assert.True(corrected.GetProperty("uses_additional_data").GetBoolean());
        Assert.Equal(0.5, corrected.GetProperty("value").GetDouble());
        Assert.Equal("https://example.org/paper.pdf", corrected.GetProperty("source_url").GetString());
        Assert.Empty(await LinesAsync("fields", "?extra_data=false"));
    }

    [Fact]
    public async Task A_correction_to_what_is_there_already_is_refused_and_changes_nothing()
    {
        await api.CreateBenchmarkAsync("double");
        var first = await AcceptedAsync("double", "m", 0.5);
        await AcceptedAsync("double", "m", 0.6);
        await api.Admin.ShouldRefuseAsync(
            $"/api/v1/results/{first}/correct", new { reason = "r", value = 0.6 }, 409, "result_exists");
        Assert.Equal("accepted", (await api.Anonymous.GetJsonAsync($"/api/v1/results/{first}")).GetProperty("state").GetString());
        Assert.Equal(2, (await HistoryAsync(first)).Count);
    }

    [Fact]
    public async Task A_measured_result_is_withdrawn_but_never_corrected_by_hand()
    {
        await api.CreateBenchmarkAsync("by-hand");
        await api.MeasureAsync("by-hand", "m", "110");
        var id = (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/by-hand/leaderboard"))
            .GetProperty("entries")[0].GetProperty("result").GetGuid();
        await api.Admin.ShouldRefuseAsync(
            $"/api/v1/results/{id}/correct", new { reason = "better", value = 1 }, 422, "result_measured");
        await api.Admin.PostJsonAsync($"/api/v1/results/{id}/withdraw", new { reason = "Trained on the test split." }, HttpStatusCode.OK);
        Assert.Empty(await LinesAsync("by-hand"));
        Assert.Equal(
            [$"recorded {id} {2 / 3.0} - ", $"withdrawn {id} {2 / 3.0} admin Trained on the test split."], await HistoryAsync(id));
    }

    [Fact]
    public async Task What_a_moderator_withdrew_is_not_put_back_by_measuring_it_again()
    {
        await api.CreateBenchmarkAsync("held");
        using var ada = await api.CreateUserAsync("held-ada");
        var file = Samples.Checkpoint();
        var first = await MeasuredAsync("m", "110");
        await WithdrawAsync(first, "Trained on the test split.");

        // Neither by a rerun, nor under another name, nor in another submission of the name.
        var rerun = await RerunAsync(first);
        await api.RecordScoreAsync(rerun, ("0", 1, 1), ("1", 1, 1), ("2", 1, 0));
        await MeasuredAsync("renamed", "111");
        await api.MeasureAsync("held", "m", "111", ada);
        Assert.Empty(await LinesAsync("held"));
        var pending = (await api.Admin.GetJsonAsync("/api/v1/results?state=pending&benchmark=held")).GetProperty("items");
        Assert.Equal(3, pending.GetArrayLength());
        Assert.All(pending.EnumerateArray(), item => Assert.Equal("verified", item.GetProperty("kind").GetString()));

        // Others, and other models of hers, stand at once.
        await api.MeasureAsync("held", "m", "100");
        await api.MeasureAsync("held", "other", "100", ada);
        Assert.Equal([$"m {1 / 3.0}", $"other {1 / 3.0}"], (await LinesAsync("held")).Order());

        var id = await ResultOfAsync(rerun);
        await api.Admin.PostJsonAsync($"/api/v1/results/{id}/accept", new { }, HttpStatusCode.OK);
        Assert.Contains($"m {2 / 3.0}", await LinesAsync("held"));
        Assert.Equal([$"submitted {id} {2 / 3.0} - ", $"accepted {id} {2 / 3.0} admin "], await HistoryAsync(id));
        // It is taken back by that, until it is withdrawn again.
        var standing = await api.MeasureAsync("held", "m", "111", ada);
        Assert.Contains("m 1", await LinesAsync("held"));
        await WithdrawAsync(rerun, "On second thoughts.");
        var last = await RerunAsync(standing);
        await api.RecordScoreAsync(last, ("0", 1, 0), ("1", 1, 0), ("2", 1, 0));
        Assert.Equal("pending", await StateAsync(last));
        Assert.Contains("m 1", await LinesAsync("held"));
        // Accepted, it takes the place of the run before.
        await api.Admin.PostJsonAsync(
            $"/api/v1/results/{await ResultOfAsync(last)}/accept", new { }, HttpStatusCode.OK);
        Assert.Contains("m 0", await LinesAsync("held"));
        Assert.DoesNotContain("m 1", await LinesAsync("held"));

        async Task<Guid> MeasuredAsync(string model, string right)
        {
            var evaluation = WorkerRows.EvaluationOf(
                await ApiFactory.SubmitAsync(ada, Samples.Submission("held", model), file));
            await api.RecordScoreAsync(
                evaluation, [.. right.Select((digit, sample) => ($"{sample}", 1, digit == '1' ? 1 : 0))]);
            return evaluation;
        }

        async Task<Guid> RerunAsync(Guid evaluation) =>
            (await ada.PostJsonAsync($"/api/v1/evaluations/{evaluation}/rerun", new { }, HttpStatusCode.Accepted))
                .GetProperty("id").GetGuid();

        async Task WithdrawAsync(Guid evaluation, string reason) => await api.Admin.PostJsonAsync(
            $"/api/v1/results/{await ResultOfAsync(evaluation)}/withdraw", new { reason }, HttpStatusCode.OK);

        Task<Guid> ResultOfAsync(Guid evaluation) =>
            api.ScalarAsync<Guid>("select id from results where evaluation_id = @evaluation", new { evaluation });

        Task<string?> StateAsync(Guid evaluation) => api.ScalarAsync<string>(
            "select moderation from results where evaluation_id = @evaluation", new { evaluation });
    }

    [Fact]
    public async Task What_is_hidden_and_shown_again_stands_on_the_boards_of_those_days_alone()
    {
        await api.CreateBenchmarkAsync("visible");
        using var ada = await api.CreateUserAsync("visible-ada");
        var evaluation = await api.MeasureAsync("visible", "m", "10", ada);
        var id = (await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/visible/leaderboard"))
            .GetProperty("entries")[0].GetProperty("result").GetGuid();
        var shown = await NowAsync();
        await SetPublicAsync(false);
        var hidden = await NowAsync();
        Assert.Empty(await LinesAsync("visible"));
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/results/{id}", null, 404, "result_unknown");
        Assert.Equal("private", (await ada.GetJsonAsync($"/api/v1/results/{id}")).GetProperty("visibility").GetString());
        await SetPublicAsync(true);
        Assert.Equal(["m 0.5"], await LinesAsync("visible"));
        Assert.Equal(["m 0.5"], await LinesAsync("visible", $"?as_of={shown:O}"));
        Assert.Empty(await LinesAsync("visible", $"?as_of={hidden:O}"));
        Assert.Equal(
            ["recorded", "made_private", "made_public"], (await HistoryAsync(id)).Select(line => line.Split(' ')[0]));

        Task SetPublicAsync(bool value) => api.ExecuteAsync(
            "update results set is_public = @value where evaluation_id = @evaluation", new { value, evaluation });
    }

    [Fact]
    public async Task No_event_is_lost_and_no_figure_changes_in_place()
    {
        await api.CreateBenchmarkAsync("in-place");
        var id = await AcceptedAsync("in-place", "m", 0.5);
        foreach (var sql in (string[])[
            "update results set value = 0.6 where id = @id", "update results set model_name = 'n' where id = @id",
            "delete from results where id = @id"])
        {
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => api.ExecuteAsync(sql, new { id }));
        }
        Assert.Equal(["m 0.5"], await LinesAsync("in-place"));
    }

    private async Task<Guid> AcceptedAsync(string benchmark, string model, double value)
    {
        var reported = await api.Admin.PostJsonAsync(
            "/api/v1/results", ReportingAResultTests.Claim(benchmark, model, value), HttpStatusCode.Accepted);
        var id = reported.GetProperty("id").GetGuid();
        await api.Admin.PostJsonAsync($"/api/v1/results/{id}/accept", new { }, HttpStatusCode.OK);
        return id;
    }

    private Task<DateTime> NowAsync() => api.ScalarAsync<DateTime>("select clock_timestamp()");

    private async Task<List<string>> LinesAsync(string benchmark, string query = "") =>
        [.. (await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/{benchmark}/leaderboard{query}"))
            .GetProperty("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("model_name")} {entry.GetProperty("value")}")];

    private async Task<List<string>> HistoryAsync(Guid id) =>
        [.. (await api.Admin.GetJsonAsync($"/api/v1/results/{id}/history")).GetProperty("events").EnumerateArray().Select(
            step => $"{step.GetProperty("event")} {step.GetProperty("result")} {step.GetProperty("value").GetDouble()} "
                + $"{(step.GetProperty("user").ValueKind == JsonValueKind.Null ? "-" : step.GetProperty("user"))} "
                + $"{step.GetProperty("reason")}")];
}
