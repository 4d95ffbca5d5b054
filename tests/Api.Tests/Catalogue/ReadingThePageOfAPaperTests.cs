using System.Text.Json;

namespace Leaderboard.Api.Tests.Catalogue;

public sealed class ReadingThePageOfAPaperTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("tasks", "task_unknown")]
    [InlineData("datasets", "dataset_unknown")]
    [InlineData("papers", "paper_unknown")]
    [InlineData("methods", "method_unknown")]
    public async Task What_is_not_there_has_a_code_of_its_own(string list, string code)
    {
        foreach (var id in (string[])["nothing", "arxiv:0000.00000", "%F0%9F%A6%86", "a%20b", new string('x', 3000)])
        {
            await api.Anonymous.ShouldRefuseAsync($"/api/v1/{list}/{id}", null, 404, code);
        }
    }

    [Fact]
    public async Task A_paper_is_found_by_id_by_its_number_on_arxiv_and_by_slug_whatever_characters_they_have()
    {
        await api.AddPaperAsync("arxiv:hep-th/9901001", "Strings");
        await api.AddPaperAsync("über-naïve-学习", "Über naïve learning");
        await api.AddPaperAsync("arxiv:1501.00001", "New");
        await api.ExecuteAsync("update papers set slug = 'new-things' where id = 'arxiv:1501.00001'");
        foreach (var (asked, id) in ((string, string)[])[
            ("arxiv:hep-th/9901001", "arxiv:hep-th/9901001"),
            ("arxiv:hep-th%2F9901001", "arxiv:hep-th/9901001"),
            ("hep-th/9901001", "arxiv:hep-th/9901001"),
            ("hep-th%2f9901001v2", "arxiv:hep-th/9901001"),
            (Uri.EscapeDataString("über-naïve-学习"), "über-naïve-学习"),
            ("arxiv%3A1501.00001", "arxiv:1501.00001"),
            ("arXiv:1501.00001v3", "arxiv:1501.00001"),
            ("1501.00001", "arxiv:1501.00001"),
            ("new-things", "arxiv:1501.00001")])
        {
            Assert.Equal(id, (await api.Anonymous.GetJsonAsync($"/api/v1/papers/{asked}")).GetProperty("id").GetString());
            var related = await api.Anonymous.GetJsonAsync($"/api/v1/papers/{asked}/related");
            Assert.Equal(id, related.GetProperty("paper").GetString());
        }
    }

    [Fact]
    public async Task Its_figures_have_their_ranks_on_tables_and_on_boards()
    {
        await api.AddPaperAsync("arxiv:1502.00001", "Ranked");
        await api.AddTaskAsync("ranked", "Ranking");
        await api.AddDatasetAsync("ranked", "Ranked data");
        await api.CreateBenchmarkAsync("ranked-board");
        await api.ReportAsync("ranked-board", "better", 0.8);
        await api.ReportAsync("ranked-board", "ours", 0.739);
        await api.ReportAsync("ranked-board", "same", 0.739);
        await api.ExecuteAsync("""
            update results set paper_id = 'arxiv:1502.00001' where model_name = 'ours';
            insert into evaluation_tables (id, origin, task_id, dataset_id, dataset_path)
            values ('ranking-on-ranked', 'archive', 'ranked', 'ranked', array['Ranked data']);
            insert into table_metrics (table_id, position, name, is_loss, direction)
            values ('ranking-on-ranked', 1, 'Error', true, 'inferred'), ('ranking-on-ranked', 2, 'Size', true, 'inferred');
            insert into table_rows (table_id, position, model_name, paper_id)
            select 'ranking-on-ranked', n, 'm' || n, case when n = 2 then 'arxiv:1502.00001' end from generate_series(1, 3) n;
            insert into table_values (row_id, metric_id, raw, value)
            select r.id, m.id, case when m.name = 'Size' then 'big' else r.position || ' %' end,
                   case when m.name = 'Error' then r.position end
            from table_rows r join table_metrics m using (table_id) where table_id = 'ranking-on-ranked';
            select rank_tables(array['ranking-on-ranked'])
            """);
        var paper = await api.Anonymous.GetJsonAsync("/api/v1/papers/1502.00001");
        Assert.Equal(
            [
                "image-classification-on-ranked-board|ranked-board@1|top1_accuracy|Top 1 Accuracy|0.739|73.9|2|reported|benchmark|",
                "ranking-on-ranked||Error|Error|2|2 %|2|reported|archive|CC-BY-SA-4.0",
                "ranking-on-ranked||Size|Size||big||reported|archive|CC-BY-SA-4.0",
            ],
            paper.GetProperty("results").EnumerateArray().Select(Line).Order(StringComparer.Ordinal));
    }

    private static string Line(JsonElement result) => string.Join('|',
        [
            .. ((string[])["table", "benchmark", "metric", "metric_name", "value", "raw", "rank", "kind", "origin"])
                .Select(name => result.GetProperty(name).ToString()),
            result.GetProperty("attribution") is { ValueKind: JsonValueKind.Object } of ? of.GetProperty("licence").GetString()! : "",
        ]);

    [Fact]
    public async Task Tasks_datasets_and_methods_show_what_belongs_to_them()
    {
        await api.AddTaskAsync("whole", "Whole", "Whole Area");
        await api.AddTaskAsync("part", "Part");
        await api.AddDatasetAsync("whole-data", "Whole data");
        await api.AddDatasetAsync("part-data", "Part data");
        await api.AddMethodAsync("whole-method", "Whole method");
        await api.AddPaperAsync("whole-paper", "A whole paper", tasks: ["whole"], methods: ["whole-method"]);
        await api.ExecuteAsync("""
            insert into task_parents values ('part', 'whole');
            update tasks set synonyms = array['entire'], source_url = 'https://source.example/' where id = 'whole';
            update datasets set parent_dataset = 'Whole data', paper_id = 'whole-paper',
                                data_loaders = '[{"url": "https://loader.example/", "repo": null, "frameworks": ["pytorch"]}]'
            where id = 'part-data';
            update methods set paper_id = 'whole-paper' where id = 'whole-method';
            insert into evaluation_tables (id, origin, task_id, dataset_id, dataset_path, has_sota)
            values ('whole-on-part', 'archive', 'whole', 'part-data', array['Whole data', 'Part data'], true),
                   ('whole-on-whole', 'archive', 'whole', 'whole-data', array['Whole data'], false)
            """);
        var task = await api.Anonymous.GetJsonAsync("/api/v1/tasks/whole");
        Assert.Equal("""[{"id":"whole-area","name":"Whole Area"}]""", task.GetProperty("areas").GetRawText());
        Assert.Equal("""["entire"]""", task.GetProperty("synonyms").GetRawText());
        Assert.Equal("""{"title":null,"url":"https://source.example/"}""", task.GetProperty("source").GetRawText());
        Assert.Equal("part", Ids(task, "children"));
        Assert.Equal("part-data whole-data", Ids(task, "datasets"));
        Assert.Equal("whole-on-part", Ids(task, "tables"));
        Assert.Equal(1, task.GetProperty("paper_count").GetInt32());
        Assert.Equal("whole", Ids(await api.Anonymous.GetJsonAsync("/api/v1/tasks/part"), "parents"));

        var dataset = await api.Anonymous.GetJsonAsync("/api/v1/datasets/part-data");
        Assert.Equal("whole-data", dataset.GetProperty("parent").GetProperty("id").GetString());
        Assert.Equal("part-data", Ids(await api.Anonymous.GetJsonAsync("/api/v1/datasets/whole-data"), "children"));
        Assert.Equal("whole-paper", dataset.GetProperty("paper").GetProperty("id").GetString());
        Assert.Equal("pytorch", dataset.GetProperty("loaders")[0].GetProperty("frameworks")[0].GetString());
        Assert.Equal("whole", Ids(dataset, "tasks"));
        Assert.Equal("whole-on-part", Ids(dataset, "tables"));

        var method = await api.Anonymous.GetJsonAsync("/api/v1/methods/whole-method");
        Assert.Equal("whole-paper", method.GetProperty("paper").GetProperty("id").GetString());
        Assert.Equal(1, method.GetProperty("paper_count").GetInt32());
        await api.ExecuteAsync("""
            update datasets set paper_id = null where id = 'part-data';
            delete from papers where id = 'whole-paper'
            """);
        Assert.Equal(0, (await api.Anonymous.GetJsonAsync("/api/v1/tasks/whole")).GetProperty("paper_count").GetInt32());
    }

    private static string Ids(JsonElement page, string list) =>
        string.Join(' ', page.GetProperty(list).EnumerateArray().Select(link => link.GetProperty("id").GetString()));
}
