using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class FollowingProgressTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_results_that_were_better_than_all_before_them_are_on_the_line()
    {
        await api.CreateBenchmarkAsync("line");
        await api.ReportAsync("line", "second", 0.6, "2021-01-01");
        await api.ReportAsync("line", "first", 0.5, "2020-01-01");
        await api.ReportAsync("line", "equal", 0.6, "2022-01-01");
        await api.ReportAsync("line", "worse-that-day", 0.65, "2023-01-01");
        await api.ReportAsync("line", "best-that-day", 0.7, "2023-01-01");
        await api.ReportAsync("line", "worse", 0.69, "2024-01-01");
        // The model has a better row since; its earlier one was a record all the same.
        await api.ReportAsync("line", "first", 0.8, "2024-06-01", extra: true);
        Assert.Equal(
            ["2020-01-01 first 0.5", "2021-01-01 second 0.6", "2023-01-01 best-that-day 0.7", "2024-06-01 first 0.8"],
            await PointsAsync("line"));
        Assert.Equal(
            ["2020-01-01 first 0.5", "2021-01-01 second 0.6", "2023-01-01 best-that-day 0.7"],
            await PointsAsync("line", "?extra_data=false"));
        await api.ExecuteAsync("update results set withdrawn_at = now() where model_name = 'second'");
        Assert.Equal("2022-01-01 equal 0.6", (await PointsAsync("line"))[1]);
    }

    [Fact]
    public async Task Where_lower_is_better_the_line_falls()
    {
        var benchmark = Samples.Benchmark("falling");
        benchmark["metrics"] = new JsonArray("top1_accuracy", "expected_calibration_error");
        await api.Admin.PostJsonAsync("/api/v1/benchmarks", benchmark, HttpStatusCode.Created);
        foreach (var (model, value, date) in ((string, double, string)[])[
            ("a", 0.1, "2020-01-01"), ("b", 0.2, "2021-01-01"), ("c", 0.05, "2022-01-01")])
        {
            await api.ReportAsync("falling", model, value, date, metric: "expected_calibration_error");
        }
        Assert.Equal(
            ["2020-01-01 a 0.1", "2022-01-01 c 0.05"], await PointsAsync("falling", "?metric=expected_calibration_error"));
    }

    [Theory]
    [InlineData("progress.svg", null)]
    [InlineData("progress", "image/svg+xml")]
    [InlineData("progress", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8")]
    public async Task The_line_is_drawn_whatever_models_are_called(string address, string? accept)
    {
        var name = $"drawn-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(address + accept))[..6]}";
        await api.CreateBenchmarkAsync(name);
        await api.ReportAsync(name, "</text><script>alert(1)</script>&\"'", 0.5, "2020-01-01");
        await api.ReportAsync(name, "\uFFFF\U0001F600 模型", 0.6, "2021-01-01");
        await api.ReportAsync(name, new string('W', 200), 0.61, "2021-01-02");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/benchmarks/{name}/{address}");
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }
        using var response = await api.Anonymous.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(response.Headers.ETag);
        var image = XDocument.Parse(await response.Content.ReadAsStringAsync(Token)).Root!;
        Assert.Equal(Svg + "svg", image.Name);
        Assert.Equal("img", (string?)image.Attribute("role"));
        Assert.NotEmpty(image.Element(Svg + "title")!.Value);
        Assert.Empty(image.Descendants(Svg + "script"));
        var circles = image.Descendants(Svg + "circle").Where(circle => circle.Element(Svg + "title") is not null).ToList();
        Assert.Equal(3, circles.Count);
        Assert.StartsWith("</text><script>alert(1)</script>&\"': 50 %", circles[0].Element(Svg + "title")!.Value, StringComparison.Ordinal);
        Assert.StartsWith("\uFFFD\U0001F600 模型: 60 %", circles[1].Element(Svg + "title")!.Value, StringComparison.Ordinal);
        // Everything that is drawn is inside.
        Assert.All(circles, circle => Assert.InRange((double)circle.Attribute("cx")!, 62, 832));
        Assert.All(circles, circle => Assert.InRange((double)circle.Attribute("cy")!, 78, 416));
    }

    [Theory]
    [InlineData("0001-01-01", "9999-12-31", 0, 1)]
    [InlineData("2020-01-01", "2020-01-01", 0.5, 0.5)]
    [InlineData("2020-01-01", "2020-02-01", 0.999, 1)]
    [InlineData("1950-01-01", "2030-01-01", 0, 0.00002)]
    public async Task Any_dates_and_values_make_a_chart(string first, string last, double least, double most)
    {
        var name = $"extreme-{first}-{last}";
        await api.CreateBenchmarkAsync(name);
        await api.ReportAsync(name, "a", least, first);
        await api.ReportAsync(name, "b", most, last);
        var image = XDocument.Parse(await api.Anonymous.GetStringAsync($"/api/v1/benchmarks/{name}/progress.svg", Token));
        Assert.InRange(image.Descendants(Svg + "text").Count(text => (string?)text.Attribute("class") == "tick"), 3, 30);
        Assert.DoesNotContain("NaN", image.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_board_without_results_has_an_empty_line()
    {
        await api.CreateBenchmarkAsync("empty");
        Assert.Empty(await PointsAsync("empty"));
        Assert.Contains(
            "No result yet", await api.Anonymous.GetStringAsync("/api/v1/benchmarks/empty/progress.svg", Token), StringComparison.Ordinal);
        await api.Anonymous.ShouldRefuseAsync("/api/v1/benchmarks/nowhere/progress", null, 404, "benchmark_unknown");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/benchmarks/empty/progress.svg?metric=f1", null, 400, "validation_failed");
    }

    private async Task<List<string>> PointsAsync(string benchmark, string query = "") =>
        [.. (await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/{benchmark}/progress{query}"))
            .GetProperty("points").EnumerateArray().Select(
                point => $"{point.GetProperty("date")} {point.GetProperty("model_name")} {point.GetProperty("value")}")];
}
