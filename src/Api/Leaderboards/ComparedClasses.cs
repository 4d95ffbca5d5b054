using System.Collections;
using Dapper;
using Leaderboard.Api.Comparisons;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

/// <summary>The classes of a board's rows beside those of its first, where it ranks means over classes.</summary>
internal static class ComparedClasses
{
    private const string FindFirst = """
        select p.evaluation_id as evaluation, e.manifest_id as manifest, p.correct
        from results r
        join evaluations e on e.id = r.evaluation_id
        join predictions p on p.evaluation_id = e.id
        where r.id = @first and p.correct is not null
        """;

    private const string OnItsManifest = """
        select r.id, p.correct
        from results r
        join evaluations e on e.id = r.evaluation_id
        join predictions p on p.evaluation_id = e.id
        where r.id = any(@ids) and e.manifest_id = @manifest and p.correct is not null
        """;

    /// <summary>By a row's id the p-value of its classes; rows that were not measured on the first's manifest are left out.</summary>
    /// <param name="transaction">Where the rows were read.</param>
    /// <param name="rows">The board's first rows, in its order.</param>
    public static async Task<IReadOnlyDictionary<Guid, double>> TestClassesAsync(
        this NpgsqlTransaction transaction, IReadOnlyList<ComparedRow> rows)
    {
        var connection = transaction.Connection!;
        var compared = new Dictionary<Guid, double>();
        var ids = rows.Skip(1).Where(row => row.Kind == "verified").Select(row => row.Id).ToArray();
        var first = await connection.QuerySingleOrDefaultAsync<First>(FindFirst, new { first = rows[0].Id }, transaction);
        if (first is null || ids is [])
        {
            return compared;
        }
        var pairs = new ClassPairs(await connection.ListTargetsAsync(first.Evaluation, transaction), first.Correct);
        var others = new { ids, manifest = first.Manifest };
        await foreach (var other in connection.ReadAsync<Other>(OnItsManifest, others, transaction))
        {
            compared[other.Id] = StratifiedTest.PValue(pairs.With(other.Correct));
        }
        return compared;
    }

    private sealed record First(Guid Evaluation, Guid Manifest, BitArray Correct);

    private sealed record Other(Guid Id, BitArray Correct);
}
