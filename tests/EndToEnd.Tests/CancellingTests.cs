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

        using var cancel = installation.StartCli("cancel", id);
        await cancel.ExitsAsync(expected: 0);

        Assert.Contains($"evaluation {id} of victim on slow: cancelled", cancel.Output, StringComparison.Ordinal);
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

        using var watched = installation.StartCli("rerun", id, "--watch");
        await watched.ExitsAsync(expected: 0);
        Assert.Contains("quick: succeeded", watched.Output, StringComparison.Ordinal);
        var rerun = (await installation.GetAsync($"submissions/{first["submission"]}"))["evaluations"]!.AsArray()
            .Where(evaluation => (string?)evaluation!["rerun_of"] == id).Select(evaluation => (string)evaluation!["id"]!).Single();
        var second = await installation.EndOfAsync(rerun);

        Assert.Equal("succeeded", Installation.State(second));
        Assert.True((bool)second["agrees"]!);
        Assert.Equal(first["scores"]!.ToJsonString(), second["scores"]!.ToJsonString());
        var entry = Assert.Single((await installation.GetAsync("benchmarks/quick/leaderboard"))["entries"]!.AsArray());
        Assert.Equal(rerun, (string)entry!["evaluation"]!);

        // The same checkpoint once more: the scores that are there, at once.
        using var answer = await installation.PostSubmissionAsync(
            DemoImages.Checkpoint, new { model_name = "thrice", benchmarks = (string[])["quick"] });
        var submission = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var third = await installation.GetAsync($"evaluations/{submission["evaluations"]![0]!["id"]}");
        Assert.Equal("succeeded", Installation.State(third));
        Assert.Equal((true, rerun), ((bool)third["reused"]!, (string)third["reused_from"]!));
        Assert.Equal(second["scores"]!.ToJsonString(), third["scores"]!.ToJsonString());
        Assert.Equal(second["provenance"]!.ToJsonString(), third["provenance"]!.ToJsonString());
    }
}
