using Dapper;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Evaluator.Operator;

internal static class VerificationQueries
{
    private const string Save = """
        insert into dataset_reports (benchmark_id, report, checked_at) values (@benchmarkId, @report::jsonb, @CheckedAt)
        on conflict (benchmark_id) do update set report = excluded.report, checked_at = excluded.checked_at
        """;

    /// <summary>Keeps the latest report of a benchmark's dataset, where the Api shows it.</summary>
    public static async Task SaveVerificationAsync(this NpgsqlDataSource db, Guid benchmarkId, DatasetReport report)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(
            Save, new { benchmarkId, report = LeaderboardJson.ForJsonb(report), report.CheckedAt });
    }
}
