using System.Diagnostics;
using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Protocols.Probing;
using Leaderboard.Evaluator.Runner;
using TorchSharp;

namespace Leaderboard.Performance;

/// <summary>The heads of one realm for all penalties of OmniBenchmark V2, each proven to be within 1e-4 of the
/// optimum, which ends <c>Seconds</c>, and within a thousandth of its objective, which ends <c>WholeSeconds</c>.</summary>
internal static class Probing
{
    private static readonly double[] Lambdas = [1e-5, 1e-4, 3e-4, 1e-3, 1e-2, 1e-1, 1];

    /// <param name="file">What <c>pytorch_probe.py features</c> wrote: features float32 [N, D], then targets int32 [N].</param>
    /// <param name="samples">N.</param>
    /// <param name="width">D.</param>
    /// <param name="classCount">K.</param>
    public static Measured Solve(string file, int samples, int width, int classCount)
    {
        NativeHeap.GiveLargeBlocksBack();
        Libtorch.Load();
        torch.set_num_threads(Environment.ProcessorCount);
        var (numbers, targets) = (new float[samples * width], new int[samples]);
        using (var stream = File.OpenRead(file))
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
            stream.ReadExactly(MemoryMarshal.AsBytes(targets.AsSpan()));
        }
        using var features = torch.tensor(numbers, samples, width);
        numbers = [];

        var peak = 0L;
        double? near = null;
        var start = Stopwatch.GetTimestamp();
        var heads = LinearProbe.Solve(features, targets, classCount, Lambdas, Tell, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var measured = new Measured(
            "probe", samples, near ?? seconds, WholeSeconds: seconds,
            Heads: [.. heads.Select(head => new MeasuredHead(head.Lambda, head.Objective, head.Gap, head.Iterations))],
            PeakBytes: Math.Max(peak, ProcessMemory.Anonymous()));
        foreach (var head in heads)
        {
            head.Dispose();
        }
        return measured;

        void Tell(ProbeProgress progress)
        {
            peak = Math.Max(peak, ProcessMemory.Anonymous());
            near ??= progress.Gap <= LinearProbe.Tolerance ? Stopwatch.GetElapsedTime(start).TotalSeconds : null;
            Console.Error.WriteLine(
                $"{Stopwatch.GetElapsedTime(start).TotalSeconds,7:0.0} s  {progress.Rounds,3} passes, "
                + $"{progress.Finished} of {progress.Heads} heads, largest gap {progress.Gap:0.000000}");
        }
    }
}
