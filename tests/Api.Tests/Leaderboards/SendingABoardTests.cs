using System.Net;
using System.Net.Http.Headers;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class SendingABoardTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        var lines = await api.CsvLinesAsync("csv");
        Assert.StartsWith("rank,model_name,value,kind,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1,\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\",0.5,reported,", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("＝1+1")]
    [InlineData("＠SUM(1)")]
    [InlineData("\u00a0=1+1")]
    [InlineData(" +1")]
    public void Csv_runs_no_formula_in_full_width_or_behind_a_blank(string text) =>
        Assert.Equal("'" + text, Hosting.Csv.Cell(text));
}
