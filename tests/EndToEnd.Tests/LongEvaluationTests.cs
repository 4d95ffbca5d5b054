namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// bubblewrap ends its sandbox when the thread that started it ends, and the runtime ends pool threads that were idle
/// for 20 seconds: an evaluation must outlast that.
/// </summary>
public sealed class LongEvaluationTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task It_survives_a_minute_on_an_otherwise_idle_worker()
    {
        await DemoImages.RenderAsync(installation);
        await DemoImages.DefineSlowAsync(installation, "slow", samples: 60, side: 512);
        var id = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["slow"]));
        await installation.UnderWayAsync(id);

        installation.Worker.PauseRunner();
        await Task.Delay(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var meanwhile = await installation.GetAsync($"evaluations/{id}");
        installation.Worker.ResumeRunner();

        Assert.Equal("running", Installation.State(meanwhile));
        var end = await installation.EndOfAsync(id);
        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
        Assert.Equal(1, await installation.ReadAsync<int>(id, "attempts"));
    }
}
