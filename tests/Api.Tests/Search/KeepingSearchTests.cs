using System.Net;

namespace Leaderboard.Api.Tests.Search;

/// <summary>Search says what stands, whoever wrote it.</summary>
public sealed class KeepingSearchTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_model_is_found_while_a_result_of_it_stands_in_public()
    {
        await api.CreateBenchmarkAsync("board");
        await api.MeasureAsync("board", "Hidden-77", "10", isPrivate: true);
        Assert.Empty(await FindAsync("hidden 77"));

        await api.MeasureAsync("board", "Shown-77", "10");
        await api.ReportAsync("board", "Shown-77", 0.9);
        var found = (await api.Anonymous.GetJsonAsync("/api/v1/search?q=shown77&kind=model")).GetProperty("items")[0];
        Assert.Equal(
            ("Shown-77", "/api/v1/benchmarks/board/leaderboard", "name"),
            (found.GetProperty("id").GetString(), found.GetProperty("url").GetString(), found.GetProperty("matched").GetString()));

        var results = (await api.Admin.GetJsonAsync("/api/v1/results?benchmark=board")).GetProperty("items").EnumerateArray()
            .Where(result => result.GetProperty("model_name").GetString() == "Shown-77")
            .Select(result => result.GetProperty("id").GetGuid()).ToList();
        Assert.Equal(2, results.Count);
        await WithdrawAsync(results[0]);
        Assert.Equal(["Shown-77"], await FindAsync("shown 77"));
        await WithdrawAsync(results[1]);
        Assert.Empty(await FindAsync("shown 77"));

        await api.ExecuteAsync("update results set is_public = true where model_name = 'Hidden-77'");
        Assert.Equal(["Hidden-77"], await FindAsync("hidden 77"));
        await api.ExecuteAsync("update results set is_public = false where model_name = 'Hidden-77'");
        Assert.Empty(await FindAsync("hidden 77"));

        async Task WithdrawAsync(Guid id) =>
            await api.Admin.PostJsonAsync($"/api/v1/results/{id}/withdraw", new { reason = "x" }, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_model_that_waits_for_a_moderator_is_not_found()
    {
        await api.CreateBenchmarkAsync("waiting");
        var reported = await api.Admin.PostJsonAsync(
            "/api/v1/results", Results.ReportingAResultTests.Claim("waiting", "Pending-88", 0.5), HttpStatusCode.Accepted);
        Assert.Empty(await FindAsync("pending 88"));
        await api.Admin.PostJsonAsync(
            $"/api/v1/results/{reported.GetProperty("id")}/accept", new { }, HttpStatusCode.OK);
        Assert.Equal(["Pending-88"], await FindAsync("pending 88"));
    }

    [Fact]
    public async Task A_row_of_an_evaluation_table_is_found_until_it_is_gone()
    {
        await api.ExecuteAsync("""
            insert into tasks (id, name, description) values ('counting', 'Counting', '');
            insert into datasets (id, name, description) values ('beans', 'Beans', '');
            insert into evaluation_tables (id, origin, task_id, dataset_id, dataset_path)
            values ('counting-on-beans', 'archive', 'counting', 'beans', '{Beans}');
            insert into table_rows (table_id, position, model_name) values ('counting-on-beans', 1, 'Abacus-9')
            """);
        var found = (await api.Anonymous.GetJsonAsync("/api/v1/search?q=abacus")).GetProperty("items")[0];
        Assert.Equal(
            ("model", "counting", "beans", "CC-BY-SA-4.0"),
            (found.GetProperty("kind").GetString(), found.GetProperty("task").GetString(), found.GetProperty("dataset").GetString(),
                found.GetProperty("attribution").GetProperty("licence").GetString()));
        await api.ExecuteAsync("update table_rows set model_name = 'Slide Rule' where model_name = 'Abacus-9'");
        Assert.Empty(await FindAsync("abacus"));
        Assert.Equal(["Slide Rule"], await FindAsync("slide rule"));
        await api.ExecuteAsync("delete from evaluation_tables where id = 'counting-on-beans'");
        Assert.Empty(await FindAsync("slide rule"));
    }

    [Fact]
    public async Task Changes_and_deletions_of_papers_are_seen_at_once_and_many_after_a_refresh()
    {
        await api.ExecuteAsync("""
            insert into papers (id, title, url, authors) values ('animals', 'On gnus', 'https://example.org', '{Ann Wildebeest}')
            """);
        Assert.Equal(["animals"], await FindAsync("wildebeest"));
        await api.ExecuteAsync("update papers set title = 'On okapis' where id = 'animals'");
        Assert.Empty(await FindAsync("gnus"));
        Assert.Equal(["animals"], await FindAsync("okapi"));
        await api.ExecuteAsync("delete from papers where id = 'animals'");
        Assert.Empty(await FindAsync("okapi"));

        await api.ExecuteAsync("""
            insert into papers (id, title, url)
            select 'many-' || i, 'Aardvarks, volume ' || i, 'https://example.org' from generate_series(1, 2000) i
            """);
        await api.ExecuteAsync("call refresh_search()");
        Assert.Equal(["many-1234"], await FindAsync("aardvarks 1234"));
        Assert.Equal(50, (await FindAsync("aardvarks", "&limit=50")).Count);
        await api.ExecuteAsync("delete from papers where id like 'many-%'");
        await api.ExecuteAsync("call refresh_search()");
        Assert.Empty(await FindAsync("aardvarks"));
        Assert.Equal(0, await api.ScalarAsync<long>("select count(*) from search_changes"));
    }

    [Fact]
    public async Task More_results_make_a_paper_come_first()
    {
        await api.CreateBenchmarkAsync("prominent");
        await api.ExecuteAsync("""
            insert into papers (id, title, url, published_on) values
                ('new', 'Quokkas anew', 'https://example.org', '2024-01-01'), ('old', 'Quokkas of old', 'https://example.org', '2012-01-01')
            """);
        Assert.Equal(["new", "old"], await FindAsync("quokkas"));
        await api.ReportAsync("prominent", "m", 0.5);
        await api.ExecuteAsync("update results set paper_id = 'old' where model_name = 'm'");
        Assert.Equal(["old", "new"], await FindAsync("quokkas"));
    }

    [Fact]
    public async Task Writers_of_the_same_model_at_once_lose_none()
    {
        await api.CreateBenchmarkAsync("racing");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => api.ReportAsync("racing", $"Racer {i % 3}", 0.5)));
        Assert.Equal(["Racer 0", "Racer 1", "Racer 2"], (await FindAsync("racer", "&kind=model")).Order());
    }

    private async Task<List<string>> FindAsync(string query, string more = "") =>
    [
        .. (await api.Anonymous.GetJsonAsync($"/api/v1/search?q={Uri.EscapeDataString(query)}{more}"))
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!),
    ];
}
