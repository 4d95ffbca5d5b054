using System.Net;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests;

public sealed class HandingInASubmissionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
            ["benchmark"] = "one-b", ["metric"] = "top1_accuracy", ["value"] = 0.739,
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
