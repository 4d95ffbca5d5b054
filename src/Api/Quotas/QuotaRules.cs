using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Quotas;

/// <summary>What an admin may set for a user.</summary>
internal static class QuotaRules
{
    public static void Validate(QuotaOverrides overrides)
    {
        var errors = new Errors();
        Check(overrides.SubmissionsPerDay, "submissions_per_day", QuotaOptions.MaxCount);
        Check(overrides.ConcurrentEvaluations, "concurrent_evaluations", QuotaOptions.MaxCount);
        Check(overrides.FailedEvaluationsPerDay, "failed_evaluations_per_day", QuotaOptions.MaxCount);
        Check(overrides.StoredBytes, "stored_bytes", QuotaOptions.MaxBytes);
        errors.ThrowIfAny();

        void Check(long? value, string field, long max) =>
            errors.Require(value is not { } given || (given >= 0 && given <= max), field, $"must be null or from 0 to {max}");
    }
}
