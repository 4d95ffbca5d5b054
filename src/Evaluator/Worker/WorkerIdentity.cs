using System.Security.Cryptography;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// The name of this worker process, new at every start. It stands in provenance, which anybody reads, so it tells
/// nothing of the machine.
/// </summary>
internal sealed record WorkerIdentity(string Id)
{
    public static WorkerIdentity New() => new($"worker-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
}
