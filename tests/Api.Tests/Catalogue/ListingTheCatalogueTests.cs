using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests.Catalogue;

public sealed class ListingTheCatalogueTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_join_without_gaps_also_where_names_and_days_are_equal_or_missing()
    {
        await api.ExecuteAsync("""
            insert into tasks (id, name, description, origin)
            select 'walk-' || n, 'Walk' || n % 3, 'd', 'archive' from generate_series(1, 230) n;
            insert into datasets (id, name, description, origin)
            select 'walk-' || n, case when n % 2 = 0 then 'WALK' else 'walk' end, 'd', 'archive' from generate_series(1, 230) n;
            insert into methods (id, origin, name, full_name)
            select 'walk-' || n, 'archive', 'walk', 'walk' from generate_series(1, 230) n;
            insert into papers (id, title, url, origin, published_on)
            select 'walk-' || n, 'Walking', 'https://paper.example/', 'archive',
                   case when n % 4 > 0 then date '2024-01-01' + n % 3 end
            from generate_series(1, 230) n
            """);
        foreach (var list in (string[])["tasks", "datasets", "methods", "papers"])
        {
            var seen = await WalkAsync($"/api/v1/{list}?q=walk&limit=7");
            Assert.Equal(230, seen.Count);
            Assert.Equal(230, seen.Select(row => Text(row, "id")).Distinct().Count());
            Assert.All(seen, row => Assert.Equal("CC-BY-SA-4.0", Text(row.GetProperty("attribution"), "licence")));
        }
        var days = (await WalkAsync("/api/v1/papers?q=walking&limit=50")).ConvertAll(row => Text(row, "published_on") ?? "");
        Assert.Equal(days.OrderDescending(StringComparer.Ordinal), days);
    }

    [Fact]
    public async Task Filters_leave_what_they_name()
    {
        await api.AddTaskAsync("filtered-parent", "Filtered parent", "Filtered Area");
        await api.AddTaskAsync("filtered-child", "Filtered child");
        await api.AddDatasetAsync("filtered-data", "Filtered data");
        await api.AddMethodAsync("filtered-method", "Filtered method");
        await api.AddPaperAsync("filtered-old", "Filtering of old", new DateOnly(2001, 5, 1), ["filtered-child"]);
        await api.AddPaperAsync("filtered-new", "Filtered now", new DateOnly(2002, 5, 1), ["filtered-child"], ["filtered-method"]);
        await api.ExecuteAsync("""
            insert into task_parents values ('filtered-child', 'filtered-parent');
            insert into dataset_tasks values ('filtered-data', 'filtered-child');
            insert into authors values ('J. Li', 'j-li'), ('J Li', 'j-li');
            insert into proceedings values ('FILT 2002 5', 'filt-2002-5', 'filt', 'FILT', 2002, 5);
            update papers set authors = array['J. Li'] where id = 'filtered-old';
            update papers set authors = array['X', 'J Li'], proceeding = 'FILT 2002 5' where id = 'filtered-new';
            insert into repositories values ('https://github.com/o/r', 'o', 'r');
            insert into paper_repositories (paper_id, repository_url) values ('filtered-new', 'https://github.com/o/r');
            update datasets set paper_id = 'filtered-old' where id = 'filtered-data';
            insert into method_collections (id, name, area_id) values ('filtered-kind', 'Kind', 'filtered-area');
            insert into collected_methods values ('filtered-method', 'filtered-kind')
            """);
        foreach (var (address, expected) in ((string, string)[])[
            ("tasks?area=filtered-area", "filtered-parent"),
            ("tasks?area=Filtered Area", "filtered-parent"),
            ("tasks?parent=filtered-parent", "filtered-child"),
            ("tasks?dataset=filtered-data", "filtered-child"),
            ("tasks?q=RED%20CHI", "filtered-child"),
            ("tasks?q=%25", ""),
            ("datasets?task=filtered-child", "filtered-data"),
            ("datasets?q=filtered&modality=images&language=english", "filtered-data"),
            ("datasets?q=filtered&modality=texts", ""),
            ("methods?area=filtered-area", "filtered-method"),
            ("methods?collection=Kind", "filtered-method"),
            ("papers?q=filter", "filtered-new filtered-old"),
            ("papers?task=filtered-child&from=2001-05-02", "filtered-new"),
            ("papers?task=filtered-child&to=2002-04-30", "filtered-old"),
            ("papers?method=filtered-method", "filtered-new"),
            ("papers?dataset=filtered-data", "filtered-old"),
            ("papers?author=j-li", "filtered-new filtered-old"),
            ("papers?author=J. Li", "filtered-old"),
            ("papers?conference=filt", "filtered-new"),
            ("papers?proceeding=filt-2002-5&conference=FILT", "filtered-new"),
            ("papers?conference=none", ""),
            ("papers?task=filtered-child&has_code=true", "filtered-new"),
            ("papers?task=filtered-child&has_code=false", "filtered-old")])
        {
            var page = await api.Anonymous.GetJsonAsync($"/api/v1/{address}");
            Assert.Equal((address, expected), (address, string.Join(' ', Items(page).Select(row => Text(row, "id")))));
        }
    }

    [Theory]
    [InlineData("papers?from=yesterday", "request_malformed")]
    [InlineData("papers?from=2021-02-30", "request_malformed")]
    [InlineData("papers?from=2021-01-02&to=2021-01-01", "validation_failed")]
    [InlineData("papers?has_code=maybe", "request_malformed")]
    [InlineData("papers?limit=0", "validation_failed")]
    [InlineData("tasks?limit=201", "validation_failed")]
    [InlineData("datasets?q=%00", "validation_failed")]
    [InlineData("methods?q=", "validation_failed")]
    [InlineData("papers?q=a%00b", "validation_failed")]
    [InlineData("papers?cursor=x", "cursor_invalid")]
    [InlineData("papers/2009.07995/related?limit=51", "validation_failed")]
    public async Task A_bad_list_request_is_refused(string address, string code) =>
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/{address}", null, 400, code);

    [Fact]
    public async Task A_long_text_is_refused_and_an_odd_one_finds_nothing()
    {
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/papers?q={new string('x', 201)}", null, 400, "validation_failed");
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/papers?q={new string('x', 10_000)}", null, 414, "address_too_long");
        foreach (var odd in (string[])["the", "'", "a & | !", "\\", "<->", "\"", "🦆", "%25%27--"])
        {
            foreach (var list in (string[])["tasks", "datasets", "methods", "papers"])
            {
                await api.Anonymous.GetJsonAsync($"/api/v1/{list}?q={Uri.EscapeDataString(odd)}");
            }
        }
    }

    [Fact]
    public async Task A_cursor_is_of_one_list_with_its_filters()
    {
        await api.ExecuteAsync("""
            insert into tasks (id, name, description) select 'cursor-' || n, 'Cursor', 'd' from generate_series(1, 3) n;
            insert into datasets (id, name, description) select 'cursor-' || n, 'Cursor', 'd' from generate_series(1, 3) n
            """);
        var cursor = Text(await api.Anonymous.GetJsonAsync("/api/v1/tasks?q=cursor&limit=1"), "next");
        await api.Anonymous.GetJsonAsync($"/api/v1/tasks?q=cursor&limit=2&cursor={cursor}");
        foreach (var other in (string[])["tasks?", "tasks?q=other&", "datasets?q=cursor&", "papers?q=cursor&", "benchmarks?"])
        {
            await api.Anonymous.ShouldRefuseAsync($"/api/v1/{other}cursor={cursor}", null, 400, "cursor_invalid");
        }
    }

    private async Task<List<JsonElement>> WalkAsync(string address)
    {
        var seen = new List<JsonElement>();
        var next = address;
        while (next is not null)
        {
            using var response = await api.Anonymous.GetAsync(next, Token);
            seen.AddRange(Items(await response.ReadAsync(HttpStatusCode.OK)));
            var links = response.Headers.GetValues("Link").ToList();
            Assert.Contains(links, link => link.EndsWith("rel=\"license\"", StringComparison.Ordinal));
            next = links.SingleOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1];
        }
        return seen;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement page) => page.GetProperty("items").EnumerateArray();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
