using System.Net;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Benchmarks;

public sealed class DefiningABenchmarkTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Address = "/api/v1/benchmarks";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_defined_once_and_never_changes()
    {
        var definition = Samples.Benchmark("fixed");
        using var created = await api.Admin.PostAsync(Address, Samples.Json(definition), Token);
        var benchmark = await created.ReadAsync(HttpStatusCode.Created);
        Assert.Equal($"{Address}/fixed@1", created.Headers.Location!.ToString());
        Assert.True(JsonNode.DeepEquals(definition, JsonNode.Parse(benchmark.GetProperty("definition").GetRawText())));

        await api.Admin.PostJsonAsync(Address, definition, HttpStatusCode.OK);
        definition["class_count"] = 11;
        await api.Admin.ShouldRefuseAsync(Address, definition, 409, "benchmark_exists");
        definition["version"] = "2";
        await api.Admin.PostJsonAsync(Address, definition, HttpStatusCode.Created);

        Assert.Equal("2", (await api.Anonymous.GetJsonAsync($"{Address}/fixed")).GetProperty("version").GetString());
        var first = await api.Anonymous.GetJsonAsync($"{Address}/fixed@1");
        Assert.Equal("1", first.GetProperty("version").GetString());
        Assert.Equal("[\"2\",\"1\"]", first.GetProperty("versions").GetRawText());
        await api.Anonymous.ShouldRefuseAsync($"{Address}/fixed@3", null, 404, "benchmark_unknown");
    }

    [Theory]
    [InlineData("name", "\"UPPER\"")]
    [InlineData("name", "\"a b\"")]
    [InlineData("name", "\"a@1\"")]
    [InlineData("name", "\"\"")]
    [InlineData("name", "\"a\\n\"")]
    [InlineData("version", "\"123456789012345678901\"")]
    [InlineData("task", "\"../x\"")]
    [InlineData("path", "\"/etc\"")]
    [InlineData("path", "\"../etc\"")]
    [InlineData("path", "\"a/../../etc\"")]
    [InlineData("path", "\"a//b\"")]
    [InlineData("path", "\"a\\u0000b\"")]
    [InlineData("path", "\"\"")]
    [InlineData("layout", "\"lmdb\"")]
    [InlineData("list", "\"val.txt\"")]
    [InlineData("realms", "[]")]
    [InlineData("protocol", "\"fine_tune\"")]
    [InlineData("lambdas", "[0.1]")]
    [InlineData("class_count", "1")]
    [InlineData("class_count", "99999999999")]
    [InlineData("class_count", "\"10\"")]
    [InlineData("sample_count", "0")]
    [InlineData("manifest_sha256", "\"x\"")]
    [InlineData("metrics", "[]")]
    [InlineData("metrics", "[null]")]
    [InlineData("metrics", "[\"top1_accuracy\",\"top1_accuracy\"]")]
    [InlineData("metrics", "[\"average_top1_accuracy\"]")]
    [InlineData("metrics", "null")]
    public async Task A_definition_that_cannot_be_measured_is_refused_by_field(string field, string value)
    {
        var definition = Samples.Benchmark("refused");
        definition[field] = JsonNode.Parse(value);
        var problem = await api.Admin.ShouldRefuseAsync(Address, definition, 400, "validation_failed");
        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("crop", "5000", "eval_transform.crop")]
    [InlineData("interpolation", "\"nearest\"", "eval_transform.interpolation")]
    [InlineData("mean", "[0, 0]", "eval_transform.mean")]
    [InlineData("std", "[0, 0, 0]", "eval_transform.std")]
    public async Task A_transform_out_of_range_is_refused(string field, string value, string named)
    {
        var definition = Samples.Benchmark("refused");
        definition["eval_transform"]![field] = JsonNode.Parse(value);
        var problem = await api.Admin.ShouldRefuseAsync(Address, definition, 400, "validation_failed");
        Assert.Equal(named, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_list_layout_needs_its_list_and_omnibenchmark_one_realm()
    {
        var list = Samples.Benchmark("listed");
        list["layout"] = "image_list";
        await api.Admin.ShouldRefuseAsync(Address, list, 400, "validation_failed");
        list["list"] = "../val.txt";
        await api.Admin.ShouldRefuseAsync(Address, list, 400, "validation_failed");
        list["list"] = "info/val.txt";
        await api.Admin.PostJsonAsync(Address, list, HttpStatusCode.Created);

        var omni = Samples.Benchmark("omni");
        omni["layout"] = "omnibenchmark";
        await api.Admin.ShouldRefuseAsync(Address, omni, 400, "validation_failed");
        omni["realms"] = JsonNode.Parse("""[{ "name": "bird", "class_count": 10 }, { "name": "car", "class_count": 10 }]""");
        await api.Admin.ShouldRefuseAsync(Address, omni, 400, "validation_failed");
        omni["realms"] = JsonNode.Parse("""[{ "name": "bird", "class_count": 10 }]""");
        await api.Admin.PostJsonAsync(Address, omni, HttpStatusCode.Created);
    }

    [Fact]
    public async Task Only_admins_define()
    {
        await api.Anonymous.ShouldRefuseAsync(Address, Samples.Benchmark("x"), 401, "unauthenticated");
        using var submitter = await api.CreateUserAsync("defines");
        await submitter.ShouldRefuseAsync(Address, Samples.Benchmark("x"), 403, "scope_missing");
    }

    [Fact]
    public async Task The_list_shows_latest_versions_and_what_living_workers_see()
    {
        await api.CreateBenchmarkAsync("zz-state");
        await api.CreateBenchmarkAsync("zz-state", "2");
        await api.BeatAsync("alive");
        await api.BeatAsync("dead", secondsAgo: 60);
        await api.ExecuteAsync("""
            insert into dataset_states (worker_id, benchmark_id, state, checked_at)
            select w.id, b.id, 'indexed', now() from workers w, benchmarks b where b.name = 'zz-state'
            """);
        var rows = new List<string>();
        string? cursor = null;
        do
        {
            var page = await api.Anonymous.GetJsonAsync($"{Address}?limit=1{(cursor is null ? "" : "&cursor=" + cursor)}");
            rows.AddRange(page.GetProperty("items").EnumerateArray().Select(item =>
                $"{item.GetProperty("name")} {item.GetProperty("version")} {item.GetProperty("dataset_states").GetArrayLength()}"));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        Assert.Equal("zz-state 2 1", rows[^1]);
        Assert.Single(rows, row => row.StartsWith("zz-state", StringComparison.Ordinal));
    }
}
