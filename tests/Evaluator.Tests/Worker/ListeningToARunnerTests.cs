using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>What goes wrong in the worker while a runner runs.</summary>
public sealed class ListeningToARunnerTests : IDisposable
{
    private const int Samples = 1_000_000;
    private static readonly ImageSize Size = new(8, 8);

    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    public static TheoryData<Exception> Faults =>
        [new IOException("The disk is away."), new NotSupportedException(), new UnauthorizedAccessException(), new InvalidOperationException()];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task What_a_listener_throws_is_no_crash_of_the_runner_and_ends_it(Exception fault)
    {
        var thrown = await Record.ExceptionAsync(() => RunAsync(_ => throw fault));

        Assert.Same(fault, thrown);
        Assert.Empty(Running());
    }

    [Fact]
    public async Task While_it_runs_it_is_seen_to_run()
    {
        var seen = 0;

        await Assert.ThrowsAsync<IOException>(() => RunAsync(_ =>
        {
            seen = Running().Count();
            throw new IOException();
        }));

        Assert.NotEqual(0, seen);
    }

    // Every process of the sandbox that was started on this test's folder has it in its arguments.
    private IEnumerable<string> Running() => Directory.GetDirectories("/proc").Where(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(home.Path, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private async Task RunAsync(Action<RunnerEvent> onEvent)
    {
        var images = home.At("images.safetensors");
        using (var file = File.Create(images))
        {
            file.Write(PackedFormat.Header(Samples, Size));
            file.SetLength(PackedFormat.Length(Samples, Size));
        }
        var scratch = Directory.CreateDirectory(home.At("scratch")).FullName;
        var runner = new RunnerProcess(Sandbox.Probe(), new WorkerOptions());
        runner.HandOver(scratch);
        Mount[] mounts =
        [
            new(Reading.Golden("formats", "network.onnx"), "/runner/input/checkpoint"),
            new(images, "/runner/input/images"),
            new(scratch, "/runner/scratch", Writable: true),
        ];
        var load = new LoadRequest(runner.Seen(mounts[0]), null, null, AllowPrograms: true, "cpu", Threads: 1);
        await runner.RunAsync<Finished>(
            "run",
            new RunRequest(
                load, new PackedRequest(runner.Seen(mounts[1]), Samples, Size.Width, Size.Height), new PredictionsWanted(4),
                Goldens.WholeImage, Precision.Float32, runner.Seen(mounts[2])),
            mounts,
            new RunnerLimits(TimeSpan.FromMinutes(5), 4_000_000_000, RunnerLimits.SmallFiles),
            onEvent,
            TestContext.Current.CancellationToken);
    }
}
