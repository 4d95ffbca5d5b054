using Hangfire;

namespace Leaderboard.Shared.Evaluations;

/// <summary>
/// The message that starts an evaluation. Delivered at least once; the row of the evaluation decides whether a
/// delivery does anything.
/// </summary>
[AutomaticRetry(Attempts = 0)]
public interface IEvaluationJob
{
    /// <summary>Queue of evaluations that run on a CPU.</summary>
    const string CpuQueue = "evaluation-cpu";

    /// <summary>Queue of evaluations that run on a GPU.</summary>
    const string GpuQueue = "evaluation-gpu";

    Task RunAsync(Guid evaluationId, CancellationToken cancellationToken);
}
