using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Leaderboard.Api.Tests.Submissions;

public sealed class BadSubmissionTests(ApiFactory api) : IClassFixture<ApiFactory>, IAsyncLifetime
{
    private const string Address = "/api/v1/submissions";

    private HttpClient user = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        user = await api.CreateUserAsync("bad");
        using var response = await api.Admin.PostAsync(
            "/api/v1/benchmarks", Samples.Json(Samples.Benchmark("bad")), Token);
        Assert.True(response.IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync()
    {
        user.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("""{"model_name":"m\u0000","benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"model_name":"","benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"model_name":null,"benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"model_name":5,"benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"model_name":"\ud800","benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"model_name":"m","benchmarks":[]}""", "validation_failed", "benchmarks")]
    [InlineData("""{"model_name":"m","benchmarks":[null]}""", "validation_failed", "benchmarks")]
    [InlineData("""{"model_name":"m","benchmarks":["bad","bad@1"]}""", "validation_failed", "benchmarks")]
    [InlineData("""{"model_name":"m","benchmarks":"bad"}""", "validation_failed", "benchmarks")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"nonsense":1}""", "validation_failed", "nonsense")]
    [InlineData("""{"model_name":"m","model_name":"n","benchmarks":["bad"]}""", "validation_failed", "model_name")]
    [InlineData("""{"Model_Name":"m","benchmarks":["bad"]}""", "validation_failed", "Model_Name")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"output":"probabilities"}""", "validation_failed", "output")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"precision":"float16"}""", "validation_failed", "precision")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"weights":"best"}""", "validation_failed", "weights")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"visibility":"secret"}""", "validation_failed", "visibility")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"code_url":"javascript:x"}""", "validation_failed", "code_url")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"sha256":"XYZ"}""", "validation_failed", "sha256")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"claimed":[null]}""", "validation_failed", "claimed")]
    [InlineData(
        """{"model_name":"m","benchmarks":["bad"],"claimed":[{"benchmark":"other","metric":"top1_accuracy","value":0.5}]}""",
        "validation_failed", "claimed[0].benchmark")]
    [InlineData(
        """{"model_name":"m","benchmarks":["bad"],"claimed":[{"benchmark":"bad","metric":"f1","value":0.5}]}""",
        "validation_failed", "claimed[0].metric")]
    [InlineData(
        """{"model_name":"m","benchmarks":["bad"],"claimed":[{"benchmark":"bad","metric":"top1_accuracy","value":73.9}]}""",
        "validation_failed", "claimed[0].value")]
    [InlineData(
        """{"model_name":"m","benchmarks":["bad"],"claimed":[{"benchmark":"bad","metric":"top1_accuracy","value":1e999}]}""",
        "validation_failed", "claimed[0].value")]
    [InlineData(
        """
        {"model_name":"m","benchmarks":["bad"],"eval_transform":
          {"resize":0,"interpolation":"bilinear","crop":null,"mean":[0,0,0],"std":[1,1,1]}}
        """,
        "validation_failed", "eval_transform.resize")]
    [InlineData(
        """
        {"model_name":"m","benchmarks":["bad"],"eval_transform":
          {"resize":256,"interpolation":"bilinear","crop":null,"mean":[0,0,0],"std":[1,0,1]}}
        """,
        "validation_failed", "eval_transform.std")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"],"eval_transform":{}}""", "validation_failed", "eval_transform.std")]
    [InlineData("""{"model_name":"m","benchmarks":["bad"]""", "json_malformed", null)]
    [InlineData("null", "json_malformed", null)]
    [InlineData("", "json_malformed", null)]
    public async Task Bad_json_is_refused_and_leaves_no_file_whichever_part_comes_first(
        string json, string code, string? field)
    {
        var checkpoint = Samples.Checkpoint();
        foreach (var fileFirst in (bool[])[true, false])
        {
            using var form = new MultipartFormDataContent();
            if (fileFirst)
            {
                form.Add(Samples.File(checkpoint), "checkpoint", "m");
            }
            form.Add(new StringContent(json), "submission");
            if (!fileFirst)
            {
                form.Add(Samples.File(checkpoint), "checkpoint", "m");
            }
            var problem = await user.ShouldRefuseAsync(Address, form, 400, code);
            if (field is not null)
            {
                Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
            }
            Assert.DoesNotContain("Leaderboard.", problem.GetProperty("detail").GetString());
        }
        Assert.Empty(api.StoredFiles());
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("bad@2")]
    [InlineData("../../etc/passwd")]
    public async Task An_unknown_benchmark_is_named(string benchmark)
    {
        using var form = Samples.Form(Samples.Submission(benchmark), Samples.Checkpoint());
        var problem = await user.ShouldRefuseAsync(Address, form, 404, "benchmark_unknown");
        Assert.Contains(benchmark, problem.GetProperty("detail").GetString());
        Assert.Empty(api.StoredFiles());
    }

    [Fact]
    public async Task A_benchmark_name_with_a_NUL_is_text_that_cannot_be_stored()
    {
        using var form = Samples.Form(Samples.Submission("bad\0"), Samples.Checkpoint());
        await user.ShouldRefuseAsync(Address, form, 400, "text_invalid");
        Assert.Empty(api.StoredFiles());
    }

    [Fact]
    public async Task A_protocol_that_is_not_measured_yet_is_refused()
    {
        await api.ExecuteAsync("""
            insert into benchmarks (name, version, task_id, dataset_id, definition, primary_metric, origin)
            select 'probe', '1', task_id, dataset_id, jsonb_set(definition, '{protocol}', '"fine_tune"'), primary_metric,
                   'catalog'
            from benchmarks where name = 'bad' on conflict do nothing
            """);
        using var form = Samples.Form(Samples.Submission("probe"), Samples.Checkpoint());
        await user.ShouldRefuseAsync(Address, form, 422, "protocol_unsupported");
        Assert.Empty(api.StoredFiles());
    }

    [Fact]
    public async Task Bytes_that_are_no_checkpoint_are_refused()
    {
        using var text = Samples.Form(Samples.Submission("bad"), Encoding.UTF8.GetBytes("#!/bin/sh\nrm -rf /\n"));
        await user.ShouldRefuseAsync(Address, text, 415, "checkpoint_unrecognised");
        using var empty = Samples.Form(Samples.Submission("bad"), []);
        await user.ShouldRefuseAsync(Address, empty, 422, "checkpoint_empty");
        Assert.Empty(api.StoredFiles());
    }

    [Fact]
    public async Task Another_digest_than_announced_is_refused()
    {
        var submission = Samples.Submission("bad");
        submission["sha256"] = new string('0', 64);
        using var form = Samples.Form(submission, Samples.Checkpoint());
        await user.ShouldRefuseAsync(Address, form, 422, "digest_mismatch");
        Assert.Empty(api.StoredFiles());
    }

    [Fact]
    public async Task A_checkpoint_of_somebody_else_cannot_be_named()
    {
        using var owner = await api.CreateUserAsync("bad-owner");
        var checkpoint = Samples.Checkpoint();
        await owner.PostJsonAsync("/api/v1/checkpoints", Samples.File(checkpoint), HttpStatusCode.Created);
        var submission = Samples.Submission("bad");
        submission["checkpoint"] = Samples.Sha256Of(checkpoint);
        await user.ShouldRefuseAsync(Address, submission, 404, "checkpoint_unknown");
        submission.Remove("checkpoint");
        await user.ShouldRefuseAsync(Address, submission, 400, "validation_failed");
        foreach (var file in api.StoredFiles())
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Parts_that_are_not_as_described_are_refused()
    {
        using var alone = new MultipartFormDataContent { { Samples.File(Samples.Checkpoint()), "checkpoint", "m" } };
        await user.ShouldRefuseAsync(Address, alone, 400, "multipart_malformed");
        using var twice = Samples.Form(Samples.Submission("bad"), Samples.Checkpoint());
        twice.Add(Samples.File(Samples.Checkpoint()), "checkpoint", "../../../etc/passwd");
        await user.ShouldRefuseAsync(Address, twice, 400, "multipart_malformed");
        using var other = Samples.Form(Samples.Submission("bad"), Samples.Checkpoint());
        other.Add(new StringContent("x"), "another");
        await user.ShouldRefuseAsync(Address, other, 400, "multipart_malformed");
        using var broken = Text("--b\r\nContent-Disposition: form-data; name=\"checkpoint\"\r\n\r\n", "multipart/form-data; boundary=b");
        await user.ShouldRefuseAsync(Address, broken, 400, "multipart_malformed");
        using var unbounded = Text("x", "multipart/form-data");
        await user.ShouldRefuseAsync(Address, unbounded, 400, "multipart_malformed");
        using var type = Text("model_name=m", "application/x-www-form-urlencoded");
        await user.ShouldRefuseAsync(Address, type, 415, "media_type_unsupported");
        using var large = Text("\"" + new string('x', 1_100_000) + "\"", "application/json");
        await user.ShouldRefuseAsync(Address, large, 413, "body_too_large");
        Assert.Empty(api.StoredFiles());
    }

    [Fact]
    public async Task A_hostile_file_name_names_nothing()
    {
        using var form = new MultipartFormDataContent
        {
            { Samples.Json(Samples.Submission("bad")), "submission" },
            { Samples.File(Samples.Checkpoint()), "checkpoint", "../../../../tmp/leaderboard-escaped" },
        };
        await user.PostJsonAsync(Address, form, HttpStatusCode.Accepted);
        Assert.False(File.Exists("/tmp/leaderboard-escaped"));
        File.Delete(Assert.Single(api.StoredFiles()));
    }

    [Fact]
    public async Task Invalid_utf8_is_refused()
    {
        byte[] json = [.. "{\"model_name\":\""u8, 0xff, 0xfe, .. "\",\"benchmarks\":[\"bad\"]}"u8];
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
        await user.ShouldRefuseAsync(Address, content, 400, "validation_failed");
    }

    private static StringContent Text(string text, string type) =>
        new(text) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
}
