using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>TorchScript is a program: it is measured like any checkpoint, and can do no more than predict.</summary>
public sealed class ProgramsAsCheckpointsTests(Installation installation) : IClassFixture<Installation>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await DemoImages.RenderAsync(installation);
        await installation.DefineAsync(DemoImages.Definition(installation));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_honest_program_gets_its_score()
    {
        var end = await EvaluateAsync("honest.pt");

        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
        Assert.Equal(300, (int)Installation.Score(end, "top1_accuracy")["count"]!);
        Assert.Null((string?)end["provenance"]!["architecture"]);
    }

    [Fact]
    public async Task A_program_that_prints_results_of_its_own_gets_those_of_its_predictions()
    {
        var end = await EvaluateAsync("forger.pt");

        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
        Assert.StartsWith("libtorch", (string)end["provenance"]!["engine"]!, StringComparison.Ordinal);
        // All logits are equal, so that every prediction is class 0, which 30 of the 300 images show.
        Assert.Equal(30, (int)Installation.Score(end, "top1_accuracy")["correct"]!);
    }

    [Fact]
    public async Task A_program_that_prints_without_end_does_not_fill_the_worker_s_memory()
    {
        await EvaluateAsync("flood.pt");

        Assert.InRange(installation.Worker.MemoryBytes.Peak, 1, 500_000_000);
    }

    [Fact]
    public async Task A_program_without_an_end_is_stopped_by_the_clock()
    {
        // A worker whose limit is short enough to wait for, and no other.
        installation.Worker.Terminate();
        await installation.Worker.ExitsAsync(expected: 0);
        installation.StartWorker(new() { ["Evaluator__TimeLimit"] = "00:00:08" });

        var end = await EvaluateAsync("endless.pt");

        Assert.Equal(("failed", "timed_out"), (Installation.State(end), Installation.FailureCode(end)));
    }

    private async Task<JsonNode> EvaluateAsync(string program)
    {
        var path = Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Programs", program);
        return await installation.EndOfAsync(Assert.Single(await installation.SubmitAsync(path, ["demo-webvision"])));
    }
}
