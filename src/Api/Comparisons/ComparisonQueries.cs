using System.Collections;
using System.Data.Common;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
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
    bool HasPredictions,
    bool HasRealms,
    string MetricsJson)
{
    /// <summary>
    /// Whether a mean over classes is compared: where the benchmark measures that, before top-1 or without it.
    /// </summary>
    public bool ComparesClasses { get; } = LeaderboardJson.Parse<string[]>(MetricsJson)
        .FirstOrDefault(metric => metric is Metric.Top1Accuracy or Metric.MeanPerClassAccuracy) == Metric.MeanPerClassAccuracy;
}

/// <summary>How many samples both, one or the other predict right, of how many.</summary>
internal sealed record PairedCounts(long Both, long OnlyA, long OnlyB, long Count)
{
    /// <summary>The one's accuracy less the other's.</summary>
    public double Difference => (OnlyA - OnlyB) / (double)Count;
}

/// <summary>The same of a realm; counts are null where it was not predicted by both, on one manifest.</summary>
internal sealed record PairedRealm(string Realm, long? Both, long? OnlyA, long? OnlyB, long? Count)
{
    public PairedCounts? Counts => this is { Both: { } both, OnlyA: { } onlyA, OnlyB: { } onlyB, Count: { } count }
        ? new PairedCounts(both, onlyA, onlyB, count)
        : null;
}

internal static class ComparisonQueries
{
    private const string FindVisible = """
        select e.id, s.model_name, e.benchmark_id, b.name as benchmark, b.version, e.state, e.manifest_id,
               p.correct is not null as has_predictions, e.has_realms,
               (b.definition -> 'metrics')::text as metrics_json
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

    private const string ListTargets = """
        select m.target
        from evaluations e
        join manifest_samples m on m.manifest_id = e.manifest_id
        where e.id = @evaluation
        order by m.ordinal
        """;

    /// <summary>The class of each sample of an evaluation, in the manifest's order.</summary>
    public static async Task<IReadOnlyList<int>> ListTargetsAsync(
        this DbConnection connection, Guid evaluation, DbTransaction? transaction = null) =>
        (await connection.QueryAsync<int>(ListTargets, new { evaluation }, transaction)).AsList();

    private const string PairOfBits =
        "select a.correct as a, b.correct as b from predictions a, predictions b where a.evaluation_id = @a and b.evaluation_id = @b";

    /// <summary>The classes that have samples, of two evaluations on one manifest.</summary>
    public static async Task<IReadOnlyList<PairedCounts>> ListClassPairsAsync(
        this NpgsqlDataSource db, Guid a, Guid b, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var bits = await connection.QuerySingleAsync<Bits>(
            new CommandDefinition(PairOfBits, new { a, b }, cancellationToken: cancellationToken));
        return new ClassPairs(await connection.ListTargetsAsync(a), bits.A).With(bits.B);
    }

    private sealed record Bits(BitArray A, BitArray B);

    // A manifest is of one split: of a realm that was scored on val and on test there is none for both.
    private const string CountRealmPairs = """
        select a.realm, bit_count(pa.correct & pb.correct) as both, bit_count(pa.correct & ~pb.correct) as only_a,
               bit_count(~pa.correct & pb.correct) as only_b, length(pa.correct)::bigint as count
        from evaluations a
        left join evaluations b on b.parent_id = @b and b.realm = a.realm and b.manifest_id = a.manifest_id
        left join predictions pa on pa.evaluation_id = a.id
        left join predictions pb on pb.evaluation_id = b.id
        where a.parent_id = @a
        order by a.realm_ordinal
        """;

    /// <summary>The realms of two evaluations of one benchmark version, in its order.</summary>
    public static async Task<IReadOnlyList<PairedRealm>> ListRealmPairsAsync(
        this NpgsqlDataSource db, Guid a, Guid b, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<PairedRealm>(
            new CommandDefinition(CountRealmPairs, new { a, b }, cancellationToken: cancellationToken))).AsList();
    }
}
