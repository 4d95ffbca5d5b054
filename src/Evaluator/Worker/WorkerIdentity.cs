namespace Leaderboard.Evaluator.Worker;

/// <summary>The name of this worker process, new at every start.</summary>
internal sealed record WorkerIdentity(string Id)
{
    public static WorkerIdentity New() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..8]}");
}
