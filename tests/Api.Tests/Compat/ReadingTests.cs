namespace Leaderboard.Api.Tests.Compat;

/// <summary>Each method of the client that reads.</summary>
public sealed class ReadingTests(CompatApi api) : IClassFixture<CompatApi>, IDisposable
{
    private const string MoPro = "mopro-webly-supervised-learning-with";

    private readonly OldClient client = new(api);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Papers_are_found_by_what_is_said_of_them()
    {
        Assert.Equal([MoPro, "second", "on-the-minimal-teaching-sets-of-two"], (await client.ListAsync("Paper", "/papers/")).Ids);
        Assert.Equal(
            ["on-the-minimal-teaching-sets-of-two", MoPro, "second"],
            (await client.ListAsync("Paper", "/papers/", query: "&ordering=-title")).Ids);
        foreach (var (query, ids) in (IEnumerable<(string, string[])>)
        [
            ("&q=WEBLY", [MoPro]), ("&q=labels_with", ["second"]), ("&q=l_bels", []), ("&title=100%25", ["second"]), ("&title=%25", ["second"]),
            ("&abstract=noise", ["second"]), ("&arxiv_id=2009.07995", [MoPro]), ("&arxiv_id=2009.0799", []), ("&q=", [MoPro, "second", "on-the-minimal-teaching-sets-of-two"]),
            ("&q=on&title=second", ["second"]), ("&title=second&abstract=on", ["second"]), ("&title=second&abstract=the", []),
            ("&q=labels&title=second&abstract=noise", ["second"]), ("&unknown=1&q=second", ["second"]),
        ])
        {
            Assert.Equal(ids, (await client.ListAsync("Paper", "/papers/", query: query)).Ids);
        }
    }

    [Fact]
    public async Task A_paper_is_named_by_its_slug_its_id_or_its_arxiv_id()
    {
        foreach (var name in (string[])[MoPro, "arxiv:2009.07995", "2009.07995", "2009.07995v2"])
        {
            var paper = await client.GetAsync("Paper", $"/papers/{name}/");
            Assert.Equal(
                (MoPro, "iclr", "iclr-2021-1", "2020-09-17"),
                (paper.GetProperty("id").GetString(), paper.GetProperty("conference").GetString(),
                    paper.GetProperty("proceeding").GetString(), paper.GetProperty("published").GetString()));
        }
        var bare = await client.GetAsync("Paper", "/papers/on-the-minimal-teaching-sets-of-two/");
        Assert.Equal("", bare.GetProperty("abstract").GetString());
    }

    [Fact]
    public async Task A_papers_relations_are_listed()
    {
        Assert.Equal(["webvision"], (await client.ListAsync("Dataset", $"/papers/{MoPro}/datasets/")).Ids);
        Assert.Equal(["minimal"], (await client.ListAsync("Dataset", "/papers/on-the-minimal-teaching-sets-of-two/datasets/")).Ids);
        Assert.Equal(["representation-learning"], (await client.ListAsync("Task", $"/papers/{MoPro}/tasks/")).Ids);
        var method = Assert.Single((await client.ListAsync("Method", $"/papers/{MoPro}/methods/")).Results);
        Assert.Equal(MoPro, method.GetProperty("paper").GetString());
        var repositories = await client.ListAsync("Repository", $"/papers/{MoPro}/repositories/");
        Assert.Equal(
            [("MoPro", "pytorch", true), ("mopro-jax", "jax", false)],
            repositories.Results.Select(row => (
                row.GetProperty("name").GetString(), row.GetProperty("framework").GetString(), row.GetProperty("is_official").GetBoolean())));
        var result = Assert.Single((await client.ListAsync("Result", $"/papers/{MoPro}/results/")).Results);
        Assert.Equal(
            (1, "Top-1 Accuracy", "73.9%", MoPro),
            (result.GetProperty("best_rank").GetInt32(), result.GetProperty("best_metric").GetString(),
                result.GetProperty("metrics").GetProperty("Top-1 Accuracy").GetString(), result.GetProperty("paper").GetString()));
    }

    [Fact]
    public async Task A_search_gives_each_paper_with_its_official_repository()
    {
        var found = Assert.Single((await client.ListAsync("PaperRepo", "/search/", query: "&q=momentum")).Results);
        Assert.True(found.GetProperty("is_official").GetBoolean());
        Assert.Equal("https://github.com/salesforce/MoPro", found.GetProperty("repository").GetProperty("url").GetString());
        var all = await client.ListAsync("PaperRepo", "/search/");
        Assert.Equal([true, false, false], all.Results.Select(row => row.GetProperty("is_official").GetBoolean()));
    }

    [Fact]
    public async Task Repositories_are_found_by_owner_name_stars_and_framework()
    {
        foreach (var (query, names) in (IEnumerable<(string, string[])>)
        [
            ("", ["code.zip", "mopro-jax", "MoPro"]), ("&owner=salesforce", ["MoPro"]), ("&name=mopro", ["mopro-jax", "MoPro"]),
            ("&stars=100", ["mopro-jax"]), ("&framework=jax", ["mopro-jax"]), ("&q=pre-training", ["MoPro"]),
            ("&ordering=-stars", ["mopro-jax", "MoPro", "code.zip"]),
        ])
        {
            var page = await client.ListAsync("Repository", "/repositories/", query: query);
            Assert.Equal(names, page.Results.Select(row => row.GetProperty("name").GetString()));
        }
        // The client asks this one without the slash and without a page.
        var own = OldClient.Read("Repository", (await client.SendAsync("GET", "/repositories/salesforce"))!.Value);
        Assert.Equal(1, own.Count);
        var one = await client.GetAsync("Repository", "/repositories/Salesforce/mopro/");
        Assert.Equal((86, "pytorch"), (one.GetProperty("stars").GetInt32(), one.GetProperty("framework").GetString()));
        Assert.Equal([MoPro], (await client.ListAsync("Paper", "/repositories/salesforce/MoPro/papers/")).Ids);
        await client.RefusedAsync(404, "GET", "/repositories/salesforce/nothing/");
        Assert.Contains("stars", (await client.RefusedAsync(400, "GET", "/repositories/?stars=many")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authors_conferences_areas_and_methods_are_read()
    {
        Assert.Equal(["caiming-xiong", "junnan-li"], (await client.ListAsync("Author", "/authors/")).Ids);
        Assert.Equal(["junnan-li"], (await client.ListAsync("Author", "/authors/", query: "&full_name=junnan")).Ids);
        await client.GetAsync("Author", "/authors/junnan-li/");
        Assert.Equal([MoPro, "second"], (await client.ListAsync("Paper", "/authors/junnan-li/papers/")).Ids);
        Assert.Equal(["iclr"], (await client.ListAsync("Conference", "/conferences/", query: "&name=iclr")).Ids);
        await client.GetAsync("Conference", "/conferences/iclr/");
        Assert.Equal(["iclr-2021-1"], (await client.ListAsync("Proceeding", "/conferences/iclr/proceedings/")).Ids);
        await client.GetAsync("Proceeding", "/conferences/iclr/proceedings/iclr-2021-1/");
        Assert.Equal([MoPro], (await client.ListAsync("Paper", "/conferences/iclr/proceedings/iclr-2021-1/papers/")).Ids);
        Assert.Equal(["computer-vision"], (await client.ListAsync("Area", "/areas/", query: "&q=vision")).Ids);
        await client.GetAsync("Area", "/areas/computer-vision/");
        Assert.Equal(
            ["contrastive-learning", "representation-learning"], (await client.ListAsync("Task", "/areas/computer-vision/tasks/")).Ids);
        Assert.Equal(["relu"], (await client.ListAsync("Method", "/methods/", query: "&full_name=rectified")).Ids);
        await client.GetAsync("Method", "/methods/relu/");
    }

    [Fact]
    public async Task Tasks_datasets_and_their_tables_are_read()
    {
        const string Table = "representation-learning-on-webvision";
        Assert.Equal(["representation-learning"], (await client.ListAsync("Task", "/tasks/contrastive-learning/parents/")).Ids);
        Assert.Equal(["contrastive-learning"], (await client.ListAsync("Task", "/tasks/representation-learning/children/")).Ids);
        Assert.Equal([MoPro], (await client.ListAsync("Paper", "/tasks/representation-learning/papers/")).Ids);
        Assert.Equal([Table], (await client.ListAsync("EvaluationTable", "/tasks/representation-learning/evaluations/")).Ids);
        Assert.Equal([Table], (await client.ListAsync("EvaluationTable", "/datasets/webvision/evaluations/")).Ids);
        Assert.Equal(["webvision"], (await client.ListAsync("Dataset", "/datasets/", query: "&full_name=database")).Ids);
        Assert.Contains("contrastive-learning", (await client.ListAsync("Task", "/tasks/", query: "&name=contrast")).Ids);
        await client.GetAsync("Dataset", "/datasets/webvision/");
        await client.GetAsync("Task", "/tasks/contrastive-learning/");
        await client.GetAsync("EvaluationTable", $"/evaluations/{Table}/");
        Assert.Contains(Table, (await client.ListAsync("EvaluationTable", "/evaluations/")).Ids);
        var metric = Assert.Single((await client.ListAsync("Metric", $"/evaluations/{Table}/metrics/")).Ids);
        await client.GetAsync("Metric", $"/evaluations/{Table}/metrics/{metric}/");
        var result = Assert.Single((await client.ListAsync("Result", $"/evaluations/{Table}/results/")).Ids);
        await client.GetAsync("Result", $"/evaluations/{Table}/results/{result}/");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_whatever_lies_under_it()
    {
        foreach (var path in (string[])
        [
            "/papers/x/", "/papers/x/results/", "/authors/x/papers/", "/conferences/x/proceedings/", "/conferences/iclr/proceedings/x/papers/",
            "/areas/x/tasks/", "/tasks/x/", "/tasks/x/evaluations/", "/datasets/x/evaluations/", "/methods/x/", "/evaluations/x/metrics/",
            "/evaluations/representation-learning-on-webvision/metrics/x/", "/evaluations/representation-learning-on-webvision/results/99999999999999999999/",
            "/nothing/", "/papers/\u202e/", "/papers/%2e%2e/x/y/z/",
        ])
        {
            await client.RefusedAsync(404, "GET", path);
        }
        await client.RefusedAsync(405, "PUT", "/tasks/x/", new { });
        await client.RefusedAsync(405, "POST", "/papers/", new { });
    }

    [Fact]
    public async Task Pages_are_walked_by_their_links_and_none_lies_behind_the_last()
    {
        var seen = new List<string>();
        int? page = 1;
        while (page is { } number)
        {
            var answer = await client.ListAsync("Paper", "/papers/", number, itemsPerPage: 1, "&ordering=-published");
            Assert.Equal((3, number == 1 ? null : number - 1), (answer.Count, answer.PreviousPage));
            seen.AddRange(answer.Ids);
            page = answer.NextPage;
        }
        Assert.Equal([MoPro, "second", "on-the-minimal-teaching-sets-of-two"], seen);
        var second = (await client.SendAsync("GET", "/papers/?ordering=-published&items_per_page=1&page=2"))!.Value;
        Assert.Equal(
            [$"{api.Address}compat/paperswithcode/api/v1/papers/?ordering=-published&items_per_page=1&page=3", $"{api.Address}compat/paperswithcode/api/v1/papers/?ordering=-published&items_per_page=1"],
            [second.GetProperty("next").GetString(), second.GetProperty("previous").GetString()]);
        foreach (var bad in (string[])["0", "-1", "abc", "4", "1.5", "", "99999999999999999999", "2147483647", "%00"])
        {
            var error = await client.RefusedAsync(404, "GET", $"/papers/?ordering=-published&items_per_page=1&page={bad}");
            Assert.Equal("Invalid page.", error.GetProperty("detail").GetString());
        }
        foreach (var size in (string[])["0", "-3", "abc", "100000", "99999999999999999999", ""])
        {
            Assert.Equal(3, OldClient.Read("Paper", (await client.SendAsync("GET", $"/papers/?items_per_page={size}"))!.Value).Results.Count);
        }
        var none = await client.ListAsync("Paper", "/papers/", query: "&q=nothing has this");
        Assert.Equal((0, null, null), (none.Count, none.NextPage, none.PreviousPage));
    }

    [Fact]
    public async Task Head_has_no_body_and_text_that_cannot_be_looked_for_is_refused_in_its_shape()
    {
        using var head = await client.AskAsync("HEAD", "/papers/");
        Assert.Equal(200, (int)head.StatusCode);
        await client.RefusedAsync(400, "GET", "/papers/?q=%00");
        await client.RefusedAsync(414, "GET", $"/papers/?q={new string('x', 9000)}");
    }
}
