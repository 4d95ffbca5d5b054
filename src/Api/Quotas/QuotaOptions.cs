using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Quotas;

/// <summary>
/// What a user may have where no admin has set another figure for them, section <c>Quotas</c> of the configuration. A
/// key of scope <c>admin</c> is held to none of it.
/// </summary>
public sealed class QuotaOptions
{
    public const string Section = "Quotas";

    /// <summary>Largest figure but for bytes.</summary>
    public const long MaxCount = 1_000_000_000;

    /// <summary>Largest figure in bytes: 1 EB.</summary>
    public const long MaxBytes = 1_000_000_000_000_000_000;

    /// <summary>
    /// Submissions and reruns within any 24 hours, those aside whose every evaluation has failed; 0 to 1,000,000,000, the
    /// default is 100.
    /// </summary>
    [Range(0L, MaxCount)]
    public long SubmissionsPerDay { get; set; } = 100;

    /// <summary>Evaluations that are queued or running, 0 to 1,000,000,000; the default is 200.</summary>
    [Range(0L, MaxCount)]
    public long ConcurrentEvaluations { get; set; } = 200;

    /// <summary>
    /// Evaluations that fail by a fault of the submission within any 24 hours before nothing more is taken; 0 to
    /// 1,000,000,000, the default is 200.
    /// </summary>
    [Range(0L, MaxCount)]
    public long FailedEvaluationsPerDay { get; set; } = 200;

    /// <summary>Bytes of checkpoints, 0 to 10^18; the default is 200,000,000,000.</summary>
    [Range(0L, MaxBytes)]
    public long StoredBytes { get; set; } = 200_000_000_000;
}
