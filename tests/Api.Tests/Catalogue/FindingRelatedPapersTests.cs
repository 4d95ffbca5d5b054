using System.Text.Json;

namespace Leaderboard.Api.Tests.Catalogue;

public sealed class FindingRelatedPapersTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Who_shares_the_rarer_things_stands_first_and_says_which()
    {
        foreach (var task in (string[])["common", "rare"])
        {
            await api.AddTaskAsync(task, task);
        }
        await api.AddMethodAsync("trick", "Trick");
        await api.ExecuteAsync("""
            insert into papers (id, title, url, origin) select 'crowd-' || n, 'Deep networks', 'https://p.example/', 'archive'
            from generate_series(1, 300) n;
            insert into paper_tasks select 'crowd-' || n, 'common' from generate_series(1, 300) n
            """);
        await api.AddPaperAsync("asked", "Deep prototypes of ducks", null, ["common", "rare"], ["trick"]);
        await api.AddPaperAsync("same-words", "Ducks as prototypes");
        await api.AddPaperAsync("same-all", "Prototypes of geese", null, ["common", "rare"], ["trick"]);
        await api.AddPaperAsync("same-method", "Of swans", null, [], ["trick"]);
        await api.AddPaperAsync("nothing-shared", "Quite another thing");

        var related = await RelatedAsync("asked", 50);
        Assert.Equal(["same-all", "same-words", "same-method"], related.Take(3).Select(Id));
        Assert.Equal(50, related.Count);
        Assert.DoesNotContain("nothing-shared", related.Select(Id));
        Assert.DoesNotContain("asked", related.Select(Id));
        Assert.Equal(
            """[{"id":"rare","name":"rare"},{"id":"common","name":"common"}]|[{"id":"trick","name":"Trick"}]|["prototyp"]""",
            string.Join('|', ((string[])["shared_tasks", "shared_methods", "shared_words"]).Select(name => related[0].GetProperty(name).GetRawText())));
        var scores = related.ConvertAll(paper => paper.GetProperty("score").GetDouble());
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.InRange(scores[0], 0.5, 1);

        // Nothing of it is by chance.
        Assert.Equal(related.Select(paper => paper.GetRawText()), (await RelatedAsync("asked", 50)).Select(paper => paper.GetRawText()));
        Assert.Equal(["same-all"], (await RelatedAsync("asked", 1)).Select(Id));
    }

    [Fact]
    public async Task A_title_that_changes_or_goes_counts_no_longer()
    {
        const string Count = "select coalesce(sum(paper_count), 0) from title_words where word in ('zebra', 'yak')";
        await api.AddPaperAsync("zebras", "Zebras and zebras");
        Assert.Equal(1, await api.ScalarAsync<long>(Count));
        await api.ExecuteAsync("update papers set title = 'Yaks' where id = 'zebras'");
        Assert.Equal(1, await api.ScalarAsync<long>(Count));
        Assert.Equal(0, await api.ScalarAsync<int>("select paper_count from title_words where word = 'zebra'"));
        await api.ExecuteAsync("delete from papers where id = 'zebras'");
        Assert.Equal(0, await api.ScalarAsync<long>(Count));
    }

    [Fact]
    public async Task A_title_of_no_words_or_of_odd_ones_has_none_or_some()
    {
        await api.AddPaperAsync("no-words", "the of and");
        Assert.Empty(await RelatedAsync("no-words", 10));
        await api.AddPaperAsync("odd-words", "O'Reilly's \\path\\ 'quoted' C:\\x http://a.example/'b?c=\\d | & ! 学习");
        await api.AddPaperAsync("odd-words-too", "'quoted' 学习 http://a.example/'b?c=\\d");
        Assert.Equal("odd-words-too", Id((await RelatedAsync("odd-words", 10))[0]));
        await api.AddPaperAsync("long-title", string.Join(' ', Enumerable.Range(0, 100_000).Select(n => $"word{n}")));
        Assert.Empty(await RelatedAsync("long-title", 10));
    }

    private async Task<List<JsonElement>> RelatedAsync(string id, int limit) =>
        [.. (await api.Anonymous.GetJsonAsync($"/api/v1/papers/{id}/related?limit={limit}")).GetProperty("papers").EnumerateArray()];

    private static string Id(JsonElement paper) => paper.GetProperty("id").GetString()!;
}
