using System.Diagnostics;

namespace Leaderboard.Evaluator.Runner;

/// <summary>Tells twice a second, and at the end, how many samples are done and how fast. Thread-safe.</summary>
internal sealed class ProgressMeter(int total, Action<RunnerEvent> send) : IProgress<int>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock reporting = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private (TimeSpan At, int Done) reported;

    public void Report(int value)
    {
        lock (reporting)
        {
            var elapsed = watch.Elapsed - reported.At;
            if (value > reported.Done && (elapsed >= Interval || value == total))
            {
                send(new Progress(value, (value - reported.Done) / elapsed.TotalSeconds));
                reported = (watch.Elapsed, value);
            }
        }
    }
}
