using System.Net;
using System.Xml.Linq;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class ShowingABadgeTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("with space", "with%20space")]
    [InlineData("org/model", "org%2Fmodel")]
    [InlineData("org%2Fmodel", "org%252Fmodel")]
    [InlineData("模型-é", "%E6%A8%A1%E5%9E%8B-%C3%A9")]
    [InlineData("v1.svg", "v1.svg")]
    [InlineData("..", "..")]
    [InlineData("a?b#c&d+e", "a%3Fb%23c%26d+e")]
    [InlineData("\"><script>", "%22%3E%3Cscript%3E")]
    public async Task A_badge_tells_a_models_rank_whatever_its_name(string model, string encoded)
    {
        var benchmark = $"badges-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(model))[..6]}";
        await api.CreateBenchmarkAsync(benchmark);
        await api.ReportAsync(benchmark, "first", 0.9);
        await api.ReportAsync(benchmark, "equal", 0.5);
        await api.ReportAsync(benchmark, model, 0.5);
        await api.ReportAsync(benchmark, model, 0.1);
        await api.ReportAsync(benchmark, "last", 0.1);
        using var response = await api.Anonymous.GetAsync($"/api/v1/badges/{benchmark}/{encoded}.svg", Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.MediaType);
        var image = XDocument.Parse(await response.Content.ReadAsStringAsync(Token)).Root!;
        Assert.Equal($"rank: #2 of 4 on {benchmark}", (string?)image.Attribute("aria-label"));
        Assert.Equal($"{model}: #2 of 4 on {benchmark}", image.Element(image.Name.Namespace + "title")!.Value);
    }

    [Fact]
    public async Task A_badge_may_be_kept_for_a_while_and_then_revalidates()
    {
        await api.CreateBenchmarkAsync("kept");
        await api.ReportAsync("kept", "m", 0.5);
        using var first = await api.Anonymous.GetAsync("/api/v1/badges/kept/m.svg", Token);
        Assert.Equal("public, max-age=300, stale-while-revalidate=300", first.Headers.CacheControl!.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/badges/kept/m.svg");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await api.Anonymous.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        await api.ReportAsync("kept", "better", 0.6);
        Assert.Contains("#2 of 2", await api.Anonymous.GetStringAsync("/api/v1/badges/kept/m.svg", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_ranked_gets_a_grey_badge_and_an_unknown_benchmark_none()
    {
        await api.CreateBenchmarkAsync("grey");
        var badge = await api.Anonymous.GetStringAsync("/api/v1/badges/grey/nobody.svg", Token);
        Assert.Contains("unranked on grey", badge, StringComparison.Ordinal);
        await api.Anonymous.ShouldRefuseAsync("/api/v1/badges/nowhere/m.svg", null, 404, "benchmark_unknown");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/badges/grey/m.svg?metric=f1", null, 400, "validation_failed");
        await api.Anonymous.ShouldRefuseAsync("/api/v1/badges/grey/m.svg?kind=best", null, 400, "validation_failed");
    }

    [Fact]
    public async Task A_badge_is_of_the_metric_and_kind_that_are_asked_for()
    {
        await api.CreateBenchmarkAsync("kinds");
        await api.ReportAsync("kinds", "claimed", 0.9);
        await api.ReportAsync("kinds", "m", 0.8, metric: "top5_accuracy");
        await api.MeasureAsync("kinds", "m", "10");
        Assert.Contains("#2 of 2", await BadgeAsync(""), StringComparison.Ordinal);
        Assert.Contains("#1 of 1", await BadgeAsync("?kind=verified"), StringComparison.Ordinal);
        Assert.Contains("#1 of 1", await BadgeAsync("?metric=top5_accuracy"), StringComparison.Ordinal);

        Task<string> BadgeAsync(string query) => api.Anonymous.GetStringAsync($"/api/v1/badges/kinds/m.svg{query}", Token);
    }
}
