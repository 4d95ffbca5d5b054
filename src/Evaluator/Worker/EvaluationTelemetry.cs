using System.Diagnostics;
using System.Diagnostics.Metrics;
using Leaderboard.Shared.Hosting;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What this worker counts and traces of an evaluation, from its claim to its end.</summary>
internal sealed class EvaluationTelemetry : IDisposable
{
    private static readonly ActivitySource Source = new(Telemetry.Name);
    private static readonly Meter Meter = new(Telemetry.Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "leaderboard.evaluation.duration", "s", "How long an evaluation ran on this worker, by how it ended.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3600, 14400, 86400] });

    private static readonly Counter<long> Images = Meter.CreateCounter<long>(
        "leaderboard.evaluation.images", "{image}", "Images of evaluations that succeeded on this worker.");

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly string benchmark;
    private readonly Activity? activity;

    private EvaluationTelemetry(string benchmark, Activity? activity) => (this.benchmark, this.activity) = (benchmark, activity);

    /// <summary>How it ended: <c>succeeded</c>, a failure's code, <c>requeued</c>, <c>lost</c>, or a <c>fault</c> of ours.</summary>
    public string Outcome { get; set; } = "fault";

    public static EvaluationTelemetry Begin(ClaimedEvaluation evaluation) => new(
        evaluation.Benchmark.Name,
        Source.StartActivity("evaluate")?
            .SetTag("leaderboard.evaluation.id", evaluation.Id)
            .SetTag("leaderboard.evaluation.attempt", evaluation.Attempt)
            .SetTag("leaderboard.benchmark", evaluation.Benchmark.Name)
            .SetTag("leaderboard.checkpoint.sha256", evaluation.CheckpointSha256));

    public void Succeed(int images)
    {
        Outcome = "succeeded";
        Images.Add(images, KeyValuePair.Create<string, object?>("benchmark", benchmark));
    }

    public void Dispose()
    {
        activity?.SetTag("leaderboard.outcome", Outcome)
            .SetStatus(Outcome == "succeeded" ? ActivityStatusCode.Ok : ActivityStatusCode.Error, Outcome);
        activity?.Dispose();
        Duration.Record(
            watch.Elapsed.TotalSeconds,
            KeyValuePair.Create<string, object?>("benchmark", benchmark),
            KeyValuePair.Create<string, object?>("outcome", Outcome));
    }
}
