using System.Diagnostics;

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
        // Twice as many images as take this machine a minute, from how fast it does a few: it may be busier now than then.
        await DemoImages.DefineSlowAsync(installation, "short", samples: 8, side: 1024);
        var first = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["short"]));
        var rate = (double)(await installation.EndOfAsync(first))["provenance"]!["images_per_second"]!;
        await DemoImages.DefineSlowAsync(installation, "long", samples: Math.Min(300, (int)(rate * 120)), side: 1024);

        var watch = Stopwatch.StartNew();
        var second = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["long"]));
        var end = await installation.EndOfAsync(second, within: TimeSpan.FromMinutes(8));

        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(60), $"It took only {watch.Elapsed}.");
        Assert.Equal(1, await installation.ReadAsync<int>(second, "attempts"));
    }
}
