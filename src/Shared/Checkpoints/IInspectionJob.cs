using Hangfire;

namespace Leaderboard.Shared.Checkpoints;

/// <summary>The message that has a stored checkpoint inspected. Delivered at least once; inspecting twice is harmless.</summary>
[AutomaticRetry(Attempts = 0)]
public interface IInspectionJob
{
    /// <summary>Apart from evaluations, so that an upload is inspected while a long one runs.</summary>
    const string Queue = "inspection";

    Task RunAsync(string checkpointSha256, CancellationToken cancellationToken);
}
