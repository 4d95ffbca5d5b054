using System.Net;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Submissions;

public sealed class HandingInASubmissionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_checkpoint_uploaded_before_is_named_by_its_digest()
    {
        await api.CreateBenchmarkAsync("named");
        using var user = await api.CreateUserAsync("named");
        var checkpoint = Samples.Checkpoint();
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(checkpoint), HttpStatusCode.Created);
        var submission = Samples.Submission("named");
        submission["checkpoint"] = Samples.Sha256Of(checkpoint);
        submission["eval_transform"] = JsonNode.Parse(
            """{ "resize": 256, "interpolation": "bicubic", "crop": 224, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5] }""");
        var answer = await user.PostJsonAsync("/api/v1/submissions", submission, HttpStatusCode.Accepted);
        Assert.Equal(224, answer.GetProperty("eval_transform").GetProperty("crop").GetInt32());
        Assert.Equal("named", answer.GetProperty("submitter").GetString());
    }

    [Fact]
    public async Task The_file_may_come_first()
    {
        await api.CreateBenchmarkAsync("first");
        using var user = await api.CreateUserAsync("first");
        var checkpoint = Samples.Checkpoint();
        using var form = new MultipartFormDataContent
        {
            { Samples.File(checkpoint), "checkpoint", "m" },
            { Samples.Json(Samples.Submission("first")), "submission" },
        };
        var answer = await user.PostJsonAsync("/api/v1/submissions", form, HttpStatusCode.Accepted);
        Assert.Equal(Samples.Sha256Of(checkpoint), answer.GetProperty("checkpoint").GetString());
    }

    [Fact]
    public async Task One_request_stores_the_file_and_queues_an_evaluation_per_benchmark()
    {
        await api.CreateBenchmarkAsync("one-a");
        await api.CreateBenchmarkAsync("one-b");
        using var user = await api.CreateUserAsync("one");
        var checkpoint = Samples.Checkpoint();
        var submission = Samples.Submission("one-a");
        submission["benchmarks"] = new JsonArray("one-b", "one-a@1");
        submission["paper"] = "arxiv:2009.07995";
        submission["claimed"] = new JsonArray(new JsonObject
        {
            ["benchmark"] = "one-b",
            ["metric"] = "top1_accuracy",
            ["value"] = 0.739,
        });

        using var form = Samples.Form(submission, checkpoint);
        using var response = await user.PostAsync("/api/v1/submissions", form, Token);
        var answer = await response.ReadAsync(HttpStatusCode.Accepted);

        Assert.Equal(Samples.Sha256Of(checkpoint), answer.GetProperty("checkpoint").GetString());
        Assert.Equal(
            ["one-a queued", "one-b queued"],
            answer.GetProperty("evaluations").EnumerateArray().Select(
                evaluation => $"{evaluation.GetProperty("benchmark")} {evaluation.GetProperty("state")}"));
        var read = await api.Anonymous.GetJsonAsync(response.Headers.Location!.ToString());
        Assert.Equal(answer.ToString(), read.ToString());
        Assert.Equal(0.739, read.GetProperty("claimed")[0].GetProperty("value").GetDouble());
        Assert.Equal(checkpoint, await File.ReadAllBytesAsync(
            api.StoredFiles().Single(file => file.EndsWith(Samples.Sha256Of(checkpoint), StringComparison.Ordinal)), Token));
        Assert.Equal(3, await api.ScalarAsync<int>("""
            select (select count(*) from evaluations e join submissions s on s.id = e.submission_id
                    where s.id = @id and e.job_id is not null)
                 + (select count(*) from checkpoints where sha256 = @sha256 and job_id is not null)
            """, new { id = answer.GetProperty("id").GetGuid(), sha256 = Samples.Sha256Of(checkpoint) }));
    }
}
