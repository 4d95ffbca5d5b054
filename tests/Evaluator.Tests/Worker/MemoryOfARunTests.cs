using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed class MemoryOfARunTests : IDisposable
{
    private static readonly ImageSize Size = new(8, 8);

    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Theory]
    [InlineData("program.pt", "libtorch")]
    [InlineData("network.onnx", "ONNX Runtime")]
    public async Task A_run_takes_as_much_for_a_million_samples_as_for_a_thousand(string checkpoint, string engine)
    {
        var few = await PeakMemoryAsync(checkpoint, engine, 1_000);
        var many = await PeakMemoryAsync(checkpoint, engine, 1_000_000);

        TestContext.Current.TestOutputHelper?.WriteLine($"{few} and {many} bytes");
        Assert.InRange(many - few, long.MinValue, 50_000_000);
    }

    private async Task<long> PeakMemoryAsync(string checkpoint, string engine, int count)
    {
        var images = home.At($"{count}.safetensors");
        using (var file = File.Create(images))
        {
            file.Write(PackedFormat.Header(count, Size));
            file.SetLength(PackedFormat.Length(count, Size));
        }
        var scratch = Directory.CreateDirectory(home.At($"scratch-{count}")).FullName;
        var runner = new RunnerProcess(Sandbox.Probe(), new WorkerOptions());
        runner.HandOver(scratch);
        Mount[] mounts =
        [
            new(Reading.Golden("formats", checkpoint), "/runner/input/checkpoint"),
            new(images, "/runner/input/images"),
            new(scratch, "/runner/scratch", Writable: true),
        ];
        var load = new LoadRequest(runner.Seen(mounts[0]), null, null, AllowPrograms: true, "cpu", Threads: 1);
        var finished = await runner.RunAsync<Finished>(
            "run",
            new RunRequest(
                load, new PackedRequest(runner.Seen(mounts[1]), count, Size.Width, Size.Height), new PredictionsWanted(4),
                Goldens.WholeImage, Precision.Float32, runner.Seen(mounts[2])),
            mounts,
            new RunnerLimits(TimeSpan.FromMinutes(5), 4_000_000_000, RunnerLimits.SmallFiles),
            onEvent: null,
            TestContext.Current.CancellationToken);
        Assert.StartsWith(engine, finished.Engine, StringComparison.Ordinal);
        return finished.PeakMemoryBytes;
    }
}
