using System.Text.Json;

namespace Leaderboard.Api.Tests.Leaderboards;

/// <summary>Boards, as tests read them.</summary>
internal static class Boards
{
    /// <summary>Rank and model of each row.</summary>
    public static async Task<List<string>> LinesAsync(this ApiFactory api, string benchmark, string query = "") =>
        Lines(await api.Anonymous.GetJsonAsync($"/api/v1/benchmarks/{benchmark}/leaderboard{query}"));

    /// <summary>Rank and model of each row.</summary>
    public static List<string> Lines(JsonElement board) =>
        [.. board.GetProperty("entries").EnumerateArray().Select(
            entry => $"{entry.GetProperty("rank")} {entry.GetProperty("model_name")}")];

    /// <summary>The lines of a board as CSV, the header first.</summary>
    public static async Task<string[]> CsvLinesAsync(this ApiFactory api, string benchmark)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/benchmarks/{benchmark}/leaderboard");
        request.Headers.Accept.ParseAdd("text/csv");
        using var response = await api.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n");
    }
}
