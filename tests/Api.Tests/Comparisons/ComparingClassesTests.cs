using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Comparisons;

/// <summary>Means over classes are compared class by class, by the classes of the manifest.</summary>
public sealed class ComparingClassesTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    // Of eight images of the first class four only a has right and one only b; of eighteen two and two.
    [Fact]
    public async Task Every_class_weighs_the_same_in_the_difference_and_in_its_test()
    {
        await CreateBenchmarkAsync("classes", "mean_per_class_accuracy", "mean_per_class_top5_accuracy");
        var a = await api.MeasureClassesAsync("classes", "model-a", "11110110", "110011111111110000");
        var b = await api.MeasureClassesAsync("classes", "model-b", "00001110", "001111111111110000");

        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");

        Assert.Equal("mean_per_class_accuracy", compared.GetProperty("metric").GetString());
        Assert.Equal("paired_stratified", compared.GetProperty("method").GetString());
        Assert.Equal((26, 12, 6, 3, 5), (
            Integer(compared, "count"), Integer(compared, "both_correct"), Integer(compared, "only_a_correct"),
            Integer(compared, "only_b_correct"), Integer(compared, "neither_correct")));
        Assert.Empty(compared.GetProperty("realms").EnumerateArray());
        // (3 / 8 + 0 / 18) / 2, where all images together would give 3 / 26.
        Assert.Equal(3 / 16.0, Number(compared, "difference"), 12);
        Assert.Equal((6 / 8.0 + 12 / 18.0) / 2, Number(compared.GetProperty("a"), "value"), 12);
        Assert.Equal((3 / 8.0 + 12 / 18.0) / 2, Number(compared.GetProperty("b"), "value"), 12);
        // With one more on either side: 5 and 2 of 10, (0.7 - 0.09) / 10; 3 and 3 of 20, 0.3 / 20.
        Assert.Equal(0.1738, Number(compared, "p_value"), 0.0001);
        var reach = 1.959964 * Math.Sqrt(0.076) / 2;
        Assert.Equal((3 / 16.0) - reach, compared.GetProperty("interval")[0].GetDouble(), 6);
    }

    [Fact]
    public async Task Classes_of_one_image_prove_nothing_alone()
    {
        await CreateBenchmarkAsync("singles", "mean_per_class_accuracy");
        var a = await api.MeasureClassesAsync("singles", "a", "1", "1", "1");
        var b = await api.MeasureClassesAsync("singles", "b", "0", "0", "0");

        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");

        // Of each class two and one of 3: (1 - 1 / 9) / 3. A third of the root of three of those is 0.3143.
        Assert.Equal(0.0015, Number(compared, "p_value"), 0.0001);
        Assert.Equal(1 - (1.959964 * Math.Sqrt(8 / 9.0) / 3), compared.GetProperty("interval")[0].GetDouble(), 6);
    }

    [Fact]
    public async Task The_metric_that_the_benchmark_names_first_is_compared()
    {
        await CreateBenchmarkAsync("both-metrics", "top1_accuracy", "mean_per_class_accuracy");
        var a = await api.MeasureClassesAsync("both-metrics", "a", "10", "1");
        var b = await api.MeasureClassesAsync("both-metrics", "b", "00", "1");
        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");
        Assert.Equal(("top1_accuracy", "tango"), (
            compared.GetProperty("metric").GetString(), compared.GetProperty("method").GetString()));
    }

    [Fact]
    public async Task A_board_of_means_tells_its_rows_apart_class_by_class()
    {
        await CreateBenchmarkAsync("class-board", "mean_per_class_accuracy");
        await api.MeasureClassesAsync("class-board", "first", Digits(18, 2), Digits(180, 20));
        // All of the small class, which is a twentieth of the images and half of the mean.
        await api.MeasureClassesAsync("class-board", "below", Digits(0, 20), Digits(180, 20));
        await api.MeasureClassesAsync("class-board", "beside", Digits(17, 3), Digits(180, 20));
        await api.ReportAsync("class-board", "reported", 0.3, metric: "mean_per_class_accuracy");
        var unpaired = await api.MeasureClassesAsync("class-board", "unpaired", Digits(2, 18), Digits(20, 180));
        await api.ExecuteAsync("update predictions set correct = null where evaluation_id = @unpaired", new { unpaired });

        var board = await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/class-board/leaderboard");

        Assert.Equal(
            ["first true", "beside true", "below false", "reported null", "unpaired null"],
            board.GetProperty("entries").EnumerateArray().Select(
                entry => $"{entry.GetProperty("model_name")} {entry.GetProperty("tied_with_first").GetRawText()}"));
    }

    private async Task CreateBenchmarkAsync(string name, params string[] metrics)
    {
        var benchmark = Samples.Benchmark(name);
        benchmark["metrics"] = new JsonArray([.. metrics.Select(metric => (JsonNode)metric)]);
        await api.Admin.PostJsonAsync("/api/v1/benchmarks", benchmark, HttpStatusCode.Created);
    }

    private static string Digits(int right, int wrong) => new string('1', right) + new string('0', wrong);

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    private static int Integer(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
