using System.Text.Json;

namespace Leaderboard.Api.Tests.Comparisons;

public sealed class ComparingEvaluationsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Images_are_counted_by_who_has_them_right()
    {
        await api.CreateBenchmarkAsync("pairs");
        var a = await api.MeasureAsync("pairs", "model-a", "11111111" + "111" + "0" + "0");
        var b = await api.MeasureAsync("pairs", "model-b", "00000000" + "111" + "1" + "0");

        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");
        Assert.Equal(
            "pairs 1 top1_accuracy 13 3 8 1 1 tango",
            string.Join(' ', Fields(compared, "benchmark", "version", "metric", "count", "both_correct", "only_a_correct",
                "only_b_correct", "neither_correct", "method")));
        Assert.Equal(
            $"{a} model-a 11 {b} model-b 4",
            string.Join(' ', ((string[])["a", "b"]).SelectMany(
                side => Fields(compared.GetProperty(side), "evaluation", "model_name", "correct"))));
        Assert.Equal(11 / 13.0, compared.GetProperty("a").GetProperty("value").GetDouble());
        Assert.Equal(7 / 13.0, compared.GetProperty("difference").GetDouble());
        // Two-sided, one head or none of nine: 2 (1 + 9) / 512.
        Assert.Equal(20 / 512.0, compared.GetProperty("p_value").GetDouble(), 12);
        Assert.True(compared.GetProperty("significant").GetBoolean());
        Assert.InRange(compared.GetProperty("interval")[0].GetDouble(), 0.05, 7 / 13.0);
        Assert.InRange(compared.GetProperty("interval")[1].GetDouble(), 7 / 13.0, 0.9);

        var turned = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={b}&b={a}");
        Assert.Equal(-7 / 13.0, turned.GetProperty("difference").GetDouble());
        Assert.Equal(compared.GetProperty("p_value").GetDouble(), turned.GetProperty("p_value").GetDouble());
        Assert.Equal(
            -compared.GetProperty("interval")[0].GetDouble(), turned.GetProperty("interval")[1].GetDouble(), 12);
    }

    [Fact]
    public async Task Equal_predictions_differ_in_nothing()
    {
        await api.CreateBenchmarkAsync("equal");
        var a = await api.MeasureAsync("equal", "a", "1100");
        var b = await api.MeasureAsync("equal", "b", "1100");

        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");
        Assert.Equal((0, 1), (compared.GetProperty("difference").GetDouble(), compared.GetProperty("p_value").GetDouble()));
        Assert.False(compared.GetProperty("significant").GetBoolean());
    }

    [Fact]
    public async Task A_private_evaluation_is_compared_by_its_owner_and_admins_alone()
    {
        await api.CreateBenchmarkAsync("private-pairs");
        using var owner = await api.CreateUserAsync("pairs-owner");
        using var other = await api.CreateUserAsync("pairs-other");
        var shown = await api.MeasureAsync("private-pairs", "shown", "10");
        var hidden = await api.MeasureAsync("private-pairs", "hidden", "01", owner, isPrivate: true);
        foreach (var address in (string[])[$"/api/v1/compare?a={shown}&b={hidden}", $"/api/v1/compare?a={hidden}&b={shown}"])
        {
            await other.ShouldRefuseAsync(address, null, 404, "evaluation_unknown");
            await api.Anonymous.ShouldRefuseAsync(address, null, 404, "evaluation_unknown");
            await owner.GetJsonAsync(address);
            await api.Admin.GetJsonAsync(address);
        }
    }

    [Fact]
    public async Task What_was_not_measured_on_the_same_images_is_refused()
    {
        await api.CreateBenchmarkAsync("one");
        await api.CreateBenchmarkAsync("another");
        var a = await api.MeasureAsync("one", "a", "10");
        var elsewhere = await api.MeasureAsync("another", "a", "10");
        await RefuseAsync(elsewhere, 422, "evaluations_incomparable");

        await api.CreateBenchmarkAsync("one", "2");
        await RefuseAsync(await api.MeasureAsync("one", "a", "10"), 422, "evaluations_incomparable");

        var unpaired = await api.MeasureAsync("one@1", "b", "10");
        await api.ExecuteAsync("update predictions set correct = null where evaluation_id = @unpaired", new { unpaired });
        await RefuseAsync(unpaired, 422, "evaluations_incomparable");
        await api.ExecuteAsync("delete from predictions where evaluation_id = @unpaired", new { unpaired });
        await RefuseAsync(unpaired, 422, "evaluations_incomparable");

        var waiting = WorkerRows.EvaluationOf(
            await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("one@1", "waiting")));
        await RefuseAsync(waiting, 409, "evaluation_unfinished");

        async Task RefuseAsync(Guid b, int status, string code)
        {
            await api.Anonymous.ShouldRefuseAsync($"/api/v1/compare?a={a}&b={b}", null, status, code);
            await api.Anonymous.ShouldRefuseAsync($"/api/v1/compare?a={b}&b={a}", null, status, code);
        }
    }

    [Theory]
    [InlineData("", 400, "request_malformed")]
    [InlineData("?a=b7e1f0b4-6c1b-4f0e-9d39-5a8a2a7e7e01", 400, "request_malformed")]
    [InlineData("?a=1&b=2", 400, "request_malformed")]
    [InlineData("?a=%00&b=%00", 400, "request_malformed")]
    [InlineData("?a=b7e1f0b4-6c1b-4f0e-9d39-5a8a2a7e7e01&b=b7e1f0b4-6c1b-4f0e-9d39-5a8a2a7e7e01", 400, "validation_failed")]
    [InlineData("?a=b7e1f0b4-6c1b-4f0e-9d39-5a8a2a7e7e01&b=b7e1f0b4-6c1b-4f0e-9d39-5a8a2a7e7e02", 404, "evaluation_unknown")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, int status, string code) =>
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/compare{query}", null, status, code);

    private static IEnumerable<string> Fields(JsonElement json, params string[] names) =>
        names.Select(name => json.GetProperty(name).ToString());
}
