using Dapper;
using Leaderboard.Api.Accounts;
using Npgsql;

namespace Leaderboard.Api.Comparisons;

/// <summary>An evaluation that may be compared, or why not.</summary>
internal sealed record ComparableEvaluation(
    Guid Id,
    string ModelName,
    Guid BenchmarkId,
    string Benchmark,
    string Version,
    string State,
    Guid? ManifestId,
    bool HasPredictions);

/// <summary>How many samples both, one or the other predict right, of how many.</summary>
internal sealed record PairedCounts(long Both, long OnlyA, long OnlyB, long Count);

internal static class ComparisonQueries
{
    private const string FindVisible = """
        select e.id, s.model_name, e.benchmark_id, b.name as benchmark, b.version, e.state, e.manifest_id,
               p.correct is not null as has_predictions
        from evaluations e
        join submissions s on s.id = e.submission_id
        join benchmarks b on b.id = e.benchmark_id
        left join predictions p on p.evaluation_id = e.id
        where e.id = @id and s.deleted_at is null and (s.visibility = 'public' or @isAdmin or s.user_id = @userId)
        """;

    /// <summary>The evaluation; null where the caller may not see one of this id.</summary>
    public static async Task<ComparableEvaluation?> FindComparableAsync(
        this NpgsqlDataSource db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ComparableEvaluation>(new CommandDefinition(
            FindVisible, new { id, caller.UserId, caller.IsAdmin }, cancellationToken: cancellationToken));
    }

    // Both have one bit a sample, in the order of one manifest.
    private const string CountPairs = """
        select bit_count(a.correct & b.correct) as both, bit_count(a.correct & ~b.correct) as only_a,
               bit_count(~a.correct & b.correct) as only_b, length(a.correct)::bigint as count
        from predictions a
        join predictions b on b.evaluation_id = @b
        where a.evaluation_id = @a
        """;

    public static async Task<PairedCounts> CountPairsAsync(
        this NpgsqlDataSource db, Guid a, Guid b, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<PairedCounts>(
            new CommandDefinition(CountPairs, new { a, b }, cancellationToken: cancellationToken));
    }
}
