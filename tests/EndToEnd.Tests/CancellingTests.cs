using System.Net;
using System.Text.Json.Nodes;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>A submitter changes their mind about what runs on some worker.</summary>
public sealed class CancellingTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public async ValueTask InitializeAsync()
    {
        await installation.InitializeAsync();
        await DemoImages.RenderAsync(installation);
        await DemoImages.DefineSlowAsync(installation, "slow", samples: 60, side: 512);
        await DemoImages.DefineSlowAsync(installation, "quick", samples: 4, side: 32);
    }

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task A_running_evaluation_is_cancelled_its_runner_killed_and_the_worker_free_for_the_next()
    {
        var id = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["slow"], modelName: "victim"));
        await installation.UnderWayAsync(id);
        Assert.True(installation.Worker.HasRunner);

        var cancelled = await PostAsync($"evaluations/{id}/cancel", HttpStatusCode.OK);

        Assert.Equal("cancelled", Installation.State(cancelled));
        await Poll.UntilAsync(
            "the runner is gone", TimeSpan.FromSeconds(10), () => Task.FromResult(!installation.Worker.HasRunner));
        var next = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["quick"], modelName: "next"));
        Assert.Equal("succeeded", Installation.State(await installation.EndOfAsync(next)));

        var after = await installation.GetAsync($"evaluations/{id}");
        Assert.Equal("cancelled", Installation.State(after));
        Assert.Empty(after["scores"]!.AsArray());
        Assert.Empty((await installation.GetAsync("benchmarks/slow/leaderboard"))["entries"]!.AsArray());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(installation.Home, "scratch")));
    }

    [Fact]
    public async Task A_rerun_comes_to_the_same_counts_and_takes_the_row()
    {
        var id = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["quick"], modelName: "twice"));
        var first = await installation.EndOfAsync(id);

        var rerun = (string)(await PostAsync($"evaluations/{id}/rerun", HttpStatusCode.Accepted))["id"]!;
        var second = await installation.EndOfAsync(rerun);

        Assert.Equal("succeeded", Installation.State(second));
        Assert.True((bool)second["agrees"]!);
        Assert.Equal(first["scores"]!.ToJsonString(), second["scores"]!.ToJsonString());
        var entry = Assert.Single((await installation.GetAsync("benchmarks/quick/leaderboard"))["entries"]!.AsArray());
        Assert.Equal(rerun, (string)entry!["evaluation"]!);
    }

    private async Task<JsonNode> PostAsync(string path, HttpStatusCode expected)
    {
        using var answer = await installation.Http.PostAsync(path, content: null, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, body);
        return JsonNode.Parse(body)!;
    }
}
