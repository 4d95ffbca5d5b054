using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Archive;

public sealed class ImportingAnArchiveTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_archive_is_imported_and_a_second_time_changes_no_row(bool gzip)
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Generate(gzip);
        var (exitCode, output) = await import.RunAsync("--report", import.Folder.At("report.json"));
        Assert.True(exitCode == 0, output);
        Assert.Equal(576, await import.QueryAsync<int>("select count(*) from papers where proceeding is not null or authors <> '{}'"));
        Assert.Equal(300, await import.QueryAsync<int>("select count(*) from paper_repositories"));
        Assert.Equal(20, await import.QueryAsync<int>("select count(*) from methods where num_papers is not null"));
        Assert.True(await import.QueryAsync<int>("select count(*) from table_rows where best_rank is not null and paper_id is not null") > 10);
        Assert.Contains("are kept as text and not ranked", output, StringComparison.Ordinal);
        Assert.Contains("CC-BY-SA-4.0", output, StringComparison.Ordinal);
        var report = ArchiveImport.Read(import.Folder.At("report.json"));
        Assert.Equal(576, report.GetProperty("files")[0].GetProperty("records").GetInt32());

        Assert.Equal(0, await import.QueryAsync<int>("select count(*) from search_changes"));
        Assert.Equal(
            await import.QueryAsync<int>("select count(*) from papers"),
            await import.QueryAsync<int>("select count(*) from search_entries where kind = 'paper'"));

        var before = await import.VersionsAsync();
        (exitCode, output) = await import.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal(before, await import.VersionsAsync());
    }

    [Fact]
    public async Task Real_tables_are_imported_with_every_row_and_figure()
    {
        var files = Directory.GetFiles(RealData.At("archive"), "*.json");
        await using var import = await ArchiveImport.CreateAsync();
        var (exitCode, output) = await import.RunBareAsync([.. files.SelectMany(file => (string[])["--tables", file])]);
        Assert.True(exitCode == 0, output);

        var datasets = files.SelectMany(file => ArchiveImport.Read(file).EnumerateArray())
            .SelectMany(task => task.GetProperty("datasets").EnumerateArray()).ToList();
        var rows = datasets.SelectMany(dataset => dataset.GetProperty("sota").GetProperty("rows").EnumerateArray()).ToList();
        Assert.Equal(datasets.Count, await import.QueryAsync<int>("select count(*) from evaluation_tables where origin = 'archive'"));
        Assert.Equal(rows.Count, await import.QueryAsync<int>("select count(*) from table_rows"));
        Assert.Equal(
            rows.Sum(row => row.GetProperty("metrics").EnumerateObject().Count()), await import.QueryAsync<int>("select count(*) from table_values"));
        Assert.Equal(
            3e6, await import.QueryAsync<double>("select value from table_values where raw = '3.0m' limit 1"));
        Assert.Equal(
            "Parameters", await import.QueryAsync<string>("select string_agg(distinct name, ',') from table_metrics where is_loss"));
        Assert.Equal(
            "LUKE (single model)",
            await import.QueryAsync<string>("select model_name from table_rows where table_id = 'question-answering-on-squad1-1' and best_rank = 1"));
    }

    [Fact]
    public async Task What_users_wrote_or_corrected_survives_and_what_a_newer_dump_lacks_goes()
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Write("evaluation-tables.json", Dump(["A", "B", "B"], ["X", "Y"]));
        Assert.Equal(0, (await import.RunAsync()).ExitCode);
        await import.ExecuteAsync("""
            update table_metrics set is_loss = true, direction = 'corrected' where table_id = 'vision-on-x';
            insert into table_rows (table_id, user_id, position, model_name)
            select 'vision-on-x', id, 9, 'Mine' from users limit 1;
            """);
        var kept = await import.QueryAsync<long>("select min(id) from table_rows where model_name = 'B' and table_id = 'vision-on-x'");

        import.Write("evaluation-tables.json", Dump(["B", "C"], ["X"]));
        var (exitCode, output) = await import.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal("B,C,Mine", await import.QueryAsync<string>("select string_agg(model_name, ',' order by model_name) from table_rows"));
        Assert.Equal(kept, await import.QueryAsync<long>("select id from table_rows where model_name = 'B'"));
        Assert.True(await import.QueryAsync<bool>("select is_loss from table_metrics where table_id = 'vision-on-x'"));
        Assert.Equal("vision-on-x", await import.QueryAsync<string>("select string_agg(id, ',') from evaluation_tables"));
    }

    [Fact]
    public async Task Gaps_of_a_paper_of_ours_are_filled_and_nothing_else_of_it_is_changed()
    {
        await using var import = await ArchiveImport.CreateAsync();
        await import.ExecuteAsync("insert into papers (id, title, url) values ('arxiv:2009.07995', 'MoPro', 'https://arxiv.org/abs/2009.07995')");
        import.Write("papers-with-abstracts.json", """
            [{"paper_url": "https://paperswithcode.com/paper/mopro", "arxiv_id": "2009.07995", "title": "Other", "abstract": "Text",
              "url_abs": "http://x", "authors": ["Junnan Li"], "tasks": ["Image Classification"], "date": "2020-09-17"},
             {"paper_url": "https://paperswithcode.com/paper/mopro-2", "arxiv_id": "2009.07995", "title": "Again", "authors": null}]
            """);
        import.Write("links-between-papers-and-code.json", """
            [{"paper_url": "https://paperswithcode.com/paper/mopro", "repo_url": "https://github.com/salesforce/MoPro", "is_official": true, "paper_title": "M"},
             {"paper_url": "https://paperswithcode.com/paper/elsewhere", "repo_url": "https://github.com/a/b", "paper_title": "Elsewhere"}]
            """);
        var (exitCode, output) = await import.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal(
            "arxiv:2009.07995 mopro MoPro Text|elsewhere elsewhere Elsewhere|mopro-2 mopro-2 Again",
            await import.QueryAsync<string>("select string_agg(concat_ws(' ', id, slug, title, abstract), '|' order by id) from papers"));
        Assert.Equal("salesforce/MoPro", await import.QueryAsync<string>(
            "select owner || '/' || name from repositories join paper_repositories on url = repository_url where paper_id = 'arxiv:2009.07995' and is_official"));
        Assert.Equal("image-classification", await import.QueryAsync<string>("select task_id from paper_tasks where paper_id = 'arxiv:2009.07995'"));
    }

    private static string Dump(string[] models, string[] datasets) => new JsonArray(new JsonObject
    {
        ["task"] = "Vision",
        ["datasets"] = new JsonArray([.. datasets.Select(dataset => new JsonObject
        {
            ["dataset"] = dataset,
            ["sota"] = new JsonObject
            {
                ["metrics"] = new JsonArray("Accuracy"),
                ["rows"] = new JsonArray([.. models.Select((model, i) => new JsonObject
                {
                    ["model_name"] = model,
                    ["metrics"] = new JsonObject { ["Accuracy"] = $"{90 + i}%" },
                })]),
            },
        })]),
    }).ToJsonString();
}
