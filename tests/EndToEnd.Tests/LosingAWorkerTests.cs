using Dapper;
using Npgsql;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>Whatever dies in the middle of an evaluation, it ends with one set of scores.</summary>
public sealed class LosingAWorkerTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public async ValueTask InitializeAsync()
    {
        await installation.InitializeAsync();
        await DemoImages.RenderAsync(installation);
        await DemoImages.DefineSlowAsync(installation, "slow", samples: 60, side: 512);
    }

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task The_evaluation_of_a_killed_worker_runs_again_within_a_minute()
    {
        var id = await SubmitAsync();
        await installation.UnderWayAsync(id);

        await installation.Worker.KillAsync();
        installation.StartWorker();

        await Poll.UntilAsync("a second run is under way", TimeSpan.FromMinutes(1), async () =>
            await AttemptsAsync(id) == 2 && Installation.State(await installation.GetAsync($"evaluations/{id}")) == "running");
        await AssertScoredOnceAsync(id);
    }

    [Fact]
    public async Task A_killed_runner_costs_one_attempt()
    {
        var id = await SubmitAsync();
        await installation.UnderWayAsync(id);

        installation.Worker.KillRunner();

        await AssertScoredOnceAsync(id);
        Assert.Equal(2, await AttemptsAsync(id));
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_stop_gives_its_evaluation_back_and_it_costs_no_attempt()
    {
        var id = await SubmitAsync();
        await installation.UnderWayAsync(id);

        installation.Worker.Terminate();
        await installation.Worker.ExitsAsync(expected: 0);
        Assert.Equal("queued", Installation.State(await installation.GetAsync($"evaluations/{id}")));
        installation.StartWorker();

        await AssertScoredOnceAsync(id);
        Assert.Equal(1, await AttemptsAsync(id));
    }

    [Fact]
    public async Task An_evaluation_that_was_never_enqueued_is_found()
    {
        installation.Worker.Terminate();
        await installation.Worker.ExitsAsync(expected: 0);
        var id = await SubmitAsync();
        // As if the Api had died between its commit and the queue.
        await using (var connection = new NpgsqlConnection(installation.ConnectionString))
        {
            await connection.ExecuteAsync("update evaluations set job_id = null; truncate hangfire.jobqueue");
        }
        installation.StartWorker();

        await AssertScoredOnceAsync(id);
    }

    [Fact]
    public async Task Its_progress_is_written_at_least_once_a_second()
    {
        var id = await SubmitAsync();
        var state = await installation.UnderWayAsync(id);
        Assert.Equal(60, (int)state["progress"]!["total"]!);

        // Every writing of progress renews the lease.
        var leases = new List<DateTime?>();
        for (var second = 0; second < 4; second++)
        {
            leases.Add(await installation.ReadAsync<DateTime?>(id, "lease_expires_at"));
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(null, leases);
        Assert.Equal(leases.Distinct().Order(), leases);
        await AssertScoredOnceAsync(id);
    }

    private async Task<string> SubmitAsync() =>
        Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["slow"], modelName: "victim"));

    private async Task AssertScoredOnceAsync(string id)
    {
        var end = await installation.EndOfAsync(id);
        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
        Assert.Equal(60, (int)Installation.Score(end, "top1_accuracy")["count"]!);
        var board = await installation.GetAsync("benchmarks/slow/leaderboard");
        Assert.Equal(id, (string)Assert.Single(board["entries"]!.AsArray())!["evaluation"]!);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(installation.Home, "scratch")));
    }

    private Task<int> AttemptsAsync(string id) => installation.ReadAsync<int>(id, "attempts");
}
