using System.Text.Json;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Catalogue;

/// <summary>What <c>Api migrate</c> makes of <c>catalog/</c> as it is, on an empty database.</summary>
public sealed class TheSeedsPageTests(TheSeedsPageTests.Api api) : IClassFixture<TheSeedsPageTests.Api>
{
    private static readonly string Catalogue = Path.Combine(Repository.Root, "catalog");

    public sealed class Api : ApiFactory
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await MigrateAsync();
        }

        public async Task MigrateAsync()
        {
            var (exitCode, output) = await TestDatabase.RunApiAsync(ConnectionString, Home, Catalogue, "migrate");
            Assert.True(exitCode == 0, output);
        }
    }

    [Fact]
    public async Task The_page_of_MoPro_is_complete()
    {
        var paper = await api.Anonymous.GetJsonAsync("/api/v1/papers/arxiv:2009.07995");
        Assert.Equal("2020-09-17", paper.GetProperty("published_on").GetString());
        Assert.Equal("mopro-webly-supervised-learning-with-momentum", paper.GetProperty("slug").GetString());
        Assert.Equal("https://arxiv.org/pdf/2009.07995", paper.GetProperty("url_pdf").GetString());
        Assert.StartsWith("We propose a webly-supervised", paper.GetProperty("abstract").GetString(), StringComparison.Ordinal);
        var proceeding = paper.GetProperty("proceeding");
        Assert.Equal("ICLR", proceeding.GetProperty("conference").GetProperty("name").GetString());
        Assert.Equal(2021, proceeding.GetProperty("year").GetInt32());
        Assert.Equal(["Junnan Li", "Caiming Xiong", "Steven C. H. Hoi"], Names(paper, "authors"));
        Assert.Equal(
            ["Contrastive Learning", "Image Classification", "Representation Learning", "Self-Supervised Learning"],
            Names(paper, "tasks"));
        Assert.Equal(["MoCo"], Names(paper, "methods"));
        var code = paper.GetProperty("code")[0];
        Assert.Equal("https://github.com/salesforce/MoPro", code.GetProperty("url").GetString());
        Assert.True(code.GetProperty("is_official").GetBoolean());
        Assert.Equal("pytorch", code.GetProperty("framework").GetString());

        var results = paper.GetProperty("results").EnumerateArray().Select(Line).ToList();
        Assert.Contains("omnibenchmark-v1@1 MoPro-V2 Average Top-1 Accuracy 0.361 #3", results);
        Assert.Contains("webvision-1.0@1 MoPro (ResNet-50) Top 1 Accuracy 0.739 #8", results);
        Assert.Contains("webvision-1.0@1 MoPro (ResNet-50) Top 5 Accuracy 0.9 #4", results);
        Assert.Contains("imagenet-1k@1 MoPro (ResNet-50) Top 1 Accuracy 0.678 #5", results);
        Assert.Contains("imagenet-1k@1 MoPro (ResNet-50) Top 5 Accuracy 0.87 #2", results);

        var related = paper.GetProperty("related").EnumerateArray().ToList();
        Assert.Equal(10, related.Count);
        Assert.Equal("arxiv:1911.05722", related[0].GetProperty("id").GetString());
        Assert.Equal(["MoCo"], Names(related[0], "shared_methods"));
    }

    [Fact]
    public async Task Names_of_the_archive_find_its_datasets_and_figures_give_papers_their_tasks()
    {
        foreach (var (name, id) in ((string, string)[])[("WebVision-1000", "webvision-1.0"), ("OmniBenchmark", "omnibenchmark-v1")])
        {
            var found = await api.Anonymous.GetJsonAsync($"/api/v1/datasets?q={name}");
            Assert.Contains(id, found.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        }
        var divideMix = await api.Anonymous.GetJsonAsync("/api/v1/papers/2002.07394");
        Assert.Equal(["Image Classification"], Names(divideMix, "tasks"));
        var parents = await api.Anonymous.GetJsonAsync("/api/v1/tasks/contrastive-learning");
        Assert.Equal(["Self-Supervised Learning"], Names(parents, "parents"));
    }

    [Fact]
    public async Task What_an_archive_adds_stays_and_what_the_catalogue_says_comes_back()
    {
        await api.ExecuteAsync("""
            update papers set short_abstract = 'short', title = 'Other' where id = 'arxiv:2009.07995';
            update papers set abstract = 'of the archive', proceeding = 'ECCV 2020' where id = 'arxiv:2002.07394';
            update tasks set synonyms = array['of the archive'], source_url = 'https://source.example/', name = 'Other'
            where id = 'image-classification';
            update datasets set variants = variants || array['ImageNet ILSVRC'], full_name = 'full' where id = 'imagenet-1k';
            insert into paper_methods values ('arxiv:2009.07995', 'mixup')
            """);
        await api.MigrateAsync();
        Assert.Equal("MoPro: Webly Supervised Learning with Momentum Prototypes|short", await api.ScalarAsync<string>(
            "select title || '|' || short_abstract from papers where id = 'arxiv:2009.07995'"));
        Assert.Equal("of the archive|ECCV 2020", await api.ScalarAsync<string>(
            "select abstract || '|' || proceeding from papers where id = 'arxiv:2002.07394'"));
        Assert.Equal("Image Classification|of the archive|https://source.example/", await api.ScalarAsync<string>(
            "select name || '|' || synonyms[1] || '|' || source_url from tasks where id = 'image-classification'"));
        Assert.Equal("ImageNet,ImageNet ILSVRC|full", await api.ScalarAsync<string>(
            "select array_to_string(variants, ',') || '|' || full_name from datasets where id = 'imagenet-1k'"));
        await api.ExecuteAsync("delete from paper_methods where (paper_id, method_id) = ('arxiv:2009.07995', 'mixup')");
    }

    [Fact]
    public async Task Unchanged_data_changes_no_row()
    {
        const string Rows = """
            select md5(string_agg(x, '|' order by x))
            from (select p::text as x from papers p union all select t::text from tasks t union all select d::text from datasets d
                  union all select m::text from methods m union all select w::text from title_words w
                  union all select c::text from paper_repositories c union all select t::text from paper_tasks t
                  union all select r::text || r.xmin from results r union all select r::text from board_revisions r) y
            """;
        var before = await api.ScalarAsync<string>(Rows);
        await api.MigrateAsync();
        Assert.Equal(before, await api.ScalarAsync<string>(Rows));
    }

    private static string Line(JsonElement result) =>
        $"{result.GetProperty("benchmark")} {result.GetProperty("model_name")} {result.GetProperty("metric_name")} "
        + $"{result.GetProperty("value")} #{result.GetProperty("rank")}";

    private static List<string?> Names(JsonElement page, string list) =>
        [.. page.GetProperty(list).EnumerateArray().Select(link => link.GetProperty("name").GetString())];
}
