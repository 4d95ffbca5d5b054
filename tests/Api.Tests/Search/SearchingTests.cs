using System.Text.Json;

namespace Leaderboard.Api.Tests.Search;

public sealed class SearchingTests(ApiFactory api) : IClassFixture<ApiFactory>, IAsyncLifetime
{
    private const string Catalogue = """
        insert into tasks (id, name, description, synonyms) values
            ('image-classification', 'Image Classification', 'Which of some classes an image shows.', '{"Picture Labelling"}'),
            ('few-shot-image-classification', 'Few-Shot Image Classification', 'The same from five images a class.', '{}');
        insert into datasets (id, name, full_name, variants, description, origin) values
            ('imagenet', 'ImageNet', 'ImageNet Large Scale Visual Recognition Challenge', '{ImageNet-1k}', 'Nouns of WordNet.', 'archive');
        insert into methods (id, origin, name, full_name, description) values
            ('resnet-50', 'user', 'ResNet-50', 'Residual Network', 'Fifty layers with shortcuts.');
        insert into papers (id, title, url, authors, published_on, arxiv_id, abstract) values
            ('arxiv:2009.07995', 'MoPro: Webly Supervised Learning with Momentum Prototypes', 'https://arxiv.org/abs/2009.07995',
             '{Junnan Li,Caiming Xiong}', '2020-09-17', '2009.07995',
             'A webly-supervised representation learning method which achieves state-of-the-art on WebVision.'),
            ('kernels', 'Learning with Kernels', 'https://example.org/1', '{Bernhard Schölkopf}', '2001-12-01', null,
             'Support vector machines are not MoPro.'),
            ('plain', 'A plain spelling', 'https://example.org/2', '{B. Scholkopf}', '2002-12-01', null, null),
            ('script', 'On <script>alert(1)</script> & <mark>zebras</mark>', 'https://example.org/3', '{}', '2003-01-01', null,
             'Of <b>zebras</b>, <img src=x onerror=alert(1)> and "quotes".'),
            ('steps', 'Steps: 5e5e and 5e5e7', 'https://example.org/4', '{}', '2004-01-01', null,
             'How many steps of gradient descent a network of two layers needs.')
        """;

    public async ValueTask InitializeAsync()
    {
        if (await api.ScalarAsync<long>("select count(*) from methods") == 0)
        {
            await api.ExecuteAsync(Catalogue);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("image classification", "task image-classification name")]
    [InlineData("Picture labelling", "task image-classification name")]
    [InlineData("imagenet 1K", "dataset imagenet name")]
    [InlineData("resnet50", "method resnet-50 name")]
    [InlineData("res", "method resnet-50 beginning")]
    [InlineData("mopro", "paper arxiv:2009.07995 name")]
    [InlineData("prototypes momentum", "paper arxiv:2009.07995 title")]
    [InlineData("momentum prot", "paper arxiv:2009.07995 title")]
    [InlineData("2009.07995", "paper arxiv:2009.07995 name")]
    [InlineData("arXiv:2009.07995v3", "paper arxiv:2009.07995 name")]
    [InlineData("https://arxiv.org/abs/2009.07995", "paper arxiv:2009.07995 name")]
    [InlineData("junnan li", "paper arxiv:2009.07995 author")]
    [InlineData("webvision", "paper arxiv:2009.07995 text")]
    [InlineData("li prototypes webvision", "paper arxiv:2009.07995 text")]
    [InlineData("a representation learning method that achieves state-of-the-art on webvision", "paper arxiv:2009.07995 text")]
    // PostgreSQL reads a number and a letter.
    [InlineData("which steps of gradient descent a network of layers needs 5e5e", "paper steps text")]
    [InlineData("\"webly supervised learning\"", "paper arxiv:2009.07995 title")]
    [InlineData("\"representation learning method\"", "paper arxiv:2009.07995 text")]
    public async Task What_is_looked_for_comes_first(string query, string first)
    {
        var answer = await FindAsync(query);
        Assert.Equal(first, Lines(answer)[0]);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("corrected").ValueKind);
    }

    [Theory]
    [InlineData("imagnet", "imagenet", "imagenet")]
    [InlineData("resnt 50", "resnet 50", "resnet-50")]
    [InlineData("\"momentum\" prottoypes", "\"momentum\" prototypes", "arxiv:2009.07995")]
    [InlineData("iamge clasification", "image classification", "image-classification")]
    [InlineData("image clasificatoin", "image classification", "image-classification")]
    public async Task A_misspelt_word_is_taken_for_the_nearest(string query, string corrected, string first)
    {
        var answer = await FindAsync(query);
        Assert.Equal(corrected, answer.GetProperty("corrected").GetString());
        Assert.Equal(first, answer.GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("Schölkopf")]
    [InlineData("Scho\u0308lkopf")]
    [InlineData("scholkopf")]
    [InlineData("SCHÖLKOPF")]
    public async Task Accents_do_not_matter(string query) =>
        Assert.Equal(["paper plain text", "paper kernels text"], Lines(await FindAsync(query)));

    [Theory]
    [InlineData("of the")]
    [InlineData("qzxvwk")]
    [InlineData("\"learning webly\"")]
    [InlineData("a:* & !b | (c <-> d)")]
    [InlineData("'); drop table papers; --")]
    [InlineData("\\ % _ ' \" $1 @loose")]
    [InlineData("\"\"\"unclosed")]
    [InlineData("~ = # x:ABCD*")]
    [InlineData("\U0001d400\U0001f600\u200b1")]
    [InlineData("\U00010330\U00010331\U00010332\U00010333")]
    public async Task Nothing_is_found_where_nothing_is_and_no_sign_is_an_operator(string query) =>
        Assert.Empty((await FindAsync(query)).GetProperty("items").EnumerateArray());

    [Fact]
    public async Task Names_come_before_beginnings_then_titles_then_texts()
    {
        Assert.Equal(
            ["task image-classification name", "task few-shot-image-classification title"],
            Lines(await FindAsync("image classification")));
        Assert.Equal(["paper arxiv:2009.07995 name", "paper kernels text"], Lines(await FindAsync("MoPro")));
        // Of equals the newest first.
        Assert.Equal(
            ["paper arxiv:2009.07995 title", "paper kernels title"], Lines(await FindAsync("learning", "&kind=paper")));
        var scores = (await FindAsync("learn")).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
    }

    [Fact]
    public async Task Kinds_and_a_limit_are_kept_to()
    {
        Assert.Equal(["dataset imagenet beginning"], Lines(await FindAsync("ima", "&kind=dataset&kind=method")));
        Assert.Single((await FindAsync("ima", "&limit=1")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Words_are_marked_in_HTML_that_no_title_can_break_out_of()
    {
        var item = (await FindAsync("zebras")).GetProperty("items")[0];
        Assert.Equal("On <script>alert(1)</script> & <mark>zebras</mark>", item.GetProperty("title").GetString());
        Assert.Equal(
            "On &lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;mark&gt;<mark>zebras</mark>&lt;/mark&gt;",
            item.GetProperty("title_html").GetString());
        Assert.Equal(
            "Of &lt;b&gt;<mark>zebras</mark>&lt;/b&gt;, &lt;img src=x onerror=alert(1)&gt; and &quot;quotes&quot;.",
            item.GetProperty("snippet_html").GetString());
        // Other endings, and words that are not finished, too.
        Assert.Equal(
            "MoPro: Webly Supervised <mark>Learning</mark> with Momentum <mark>Prototypes</mark>",
            (await FindAsync("learned prot")).GetProperty("items")[0].GetProperty("title_html").GetString());
    }

    [Fact]
    public async Task What_an_archive_brought_names_whose_it_is()
    {
        var items = (await FindAsync("imagenet")).GetProperty("items");
        Assert.Equal("CC-BY-SA-4.0", items[0].GetProperty("attribution").GetProperty("licence").GetString());
        Assert.Equal("/api/v1/datasets/imagenet", items[0].GetProperty("url").GetString());
        Assert.Equal(
            JsonValueKind.Null,
            (await FindAsync("mopro")).GetProperty("items")[0].GetProperty("attribution").ValueKind);
    }

    [Theory]
    [InlineData("", "request_malformed")]
    [InlineData("?q=", "validation_failed")]
    [InlineData("?q=%20%3F!%2F", "validation_failed")]
    [InlineData("?q=a&kind=author", "validation_failed")]
    [InlineData("?q=a&limit=0", "validation_failed")]
    [InlineData("?q=a&limit=51", "validation_failed")]
    [InlineData("?q=a&limit=x", "request_malformed")]
    [InlineData("?q=a%00b", "text_invalid")]
    public async Task Other_queries_are_refused(string query, string code) =>
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/search{query}", null, 400, code);

    [Fact]
    public async Task Two_hundred_characters_are_searched_for_and_one_more_is_refused()
    {
        await FindAsync(string.Concat(Enumerable.Repeat("a ", 100)));
        await api.Anonymous.ShouldRefuseAsync($"/api/v1/search?q={new string('a', 201)}", null, 400, "validation_failed");
    }

    private Task<JsonElement> FindAsync(string query, string more = "") =>
        api.Anonymous.GetJsonAsync($"/api/v1/search?q={Uri.EscapeDataString(query)}{more}");

    private static List<string> Lines(JsonElement answer) =>
    [
        .. answer.GetProperty("items").EnumerateArray().Select(item =>
            $"{item.GetProperty("kind")} {item.GetProperty("id")} {item.GetProperty("matched")}"),
    ];
}
