namespace Leaderboard.Api.Quotas;

/// <summary>What a user may have and has.</summary>
/// <param name="SubmissionsPerDay">Submissions and reruns of the last 24 hours, those aside that failed as a
/// whole.</param>
/// <param name="ConcurrentEvaluations">Evaluations that are queued or running, one a benchmark.</param>
/// <param name="FailedEvaluationsPerDay">Failures of the last 24 hours, those of workers and datasets aside.</param>
/// <param name="StoredBytes">Bytes of the checkpoints that the user uploaded, and of uploads under way.</param>
public sealed record QuotaStates(
    QuotaState SubmissionsPerDay,
    QuotaState ConcurrentEvaluations,
    QuotaState FailedEvaluationsPerDay,
    QuotaState StoredBytes);

/// <summary>One quota.</summary>
/// <param name="Limit">How much the user may have; null: no limit holds for this key.</param>
/// <param name="Used">How much of it is used.</param>
/// <param name="Remaining">How much is left, at least 0; null: no limit holds.</param>
/// <param name="ResetsAt">When the next part of what is used is free again by itself, UTC; null where nothing is used,
/// or where time alone frees nothing.</param>
public sealed record QuotaState(long? Limit, long Used, long? Remaining, DateTime? ResetsAt);

/// <summary>A user's own quotas, in place of the installation's.</summary>
/// <param name="SubmissionsPerDay">Submissions and reruns within any 24 hours, 0 to 1000000000; null: the
/// installation's.</param>
/// <param name="ConcurrentEvaluations">Evaluations queued or running, 0 to 1000000000; null: the
/// installation's.</param>
/// <param name="FailedEvaluationsPerDay">Failed evaluations within any 24 hours, 0 to 1000000000; null: the
/// installation's.</param>
/// <param name="StoredBytes">Bytes of checkpoints, 0 to 10^18; null: the installation's.</param>
public sealed record QuotaOverrides(
    long? SubmissionsPerDay = null,
    long? ConcurrentEvaluations = null,
    long? FailedEvaluationsPerDay = null,
    long? StoredBytes = null);

/// <summary>The quota that a request would have gone over.</summary>
/// <param name="Name">Which quota, by its name in <c>GET /me</c>, for example <c>stored_bytes</c>.</param>
/// <param name="Limit">How much the user may have.</param>
/// <param name="Used">How much is used.</param>
/// <param name="Requested">How much the request asked for.</param>
/// <param name="FreesAt">When time alone makes room for it, UTC; null where something must end or go first.</param>
public sealed record ExceededQuota(string Name, long Limit, long Used, long Requested, DateTime? FreesAt);
