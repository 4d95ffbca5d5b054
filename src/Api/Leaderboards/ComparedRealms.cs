using Dapper;
using Leaderboard.Api.Comparisons;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

/// <summary>The realms of a board's rows beside those of its first, where it ranks averages over realms.</summary>
internal static class ComparedRealms
{
    // Counts are null of a realm that was scored on another manifest than the first's, so on another split too.
    private const string Compared = """
        with first as (
            select c.realm, c.manifest_id, p.correct
            from results r
            join evaluations c on c.parent_id = r.evaluation_id
            join predictions p on p.evaluation_id = c.id
            where r.id = @first
        )
        select r.id, c.realm, bit_count(f.correct & p.correct) as both, bit_count(f.correct & ~p.correct) as only_a,
               bit_count(~f.correct & p.correct) as only_b, length(f.correct)::bigint as count
        from results r
        join evaluations c on c.parent_id = r.evaluation_id
        left join first f on f.realm = c.realm and f.manifest_id = c.manifest_id
        left join predictions p on p.evaluation_id = c.id and f.correct is not null
        where r.id = any(@ids)
        """;

    /// <summary>By a row's id the p-value of its realms; rows that lack a realm on the same images are left out.</summary>
    /// <param name="transaction">Where the rows were read.</param>
    /// <param name="rows">The board's first rows, in its order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyDictionary<Guid, double>> TestRealmsAsync(
        this NpgsqlTransaction transaction, IReadOnlyList<ComparedRow> rows, CancellationToken cancellationToken)
    {
        var parameters = new { first = rows[0].Id, ids = rows.Select(row => row.Id).ToArray() };
        var realms = await transaction.Connection!.QueryAsync<RealmOfRow>(
            new CommandDefinition(Compared, parameters, transaction, cancellationToken: cancellationToken));
        return realms.GroupBy(realm => realm.Id, realm => realm.Counts)
            .Where(row => row.All(counts => counts is not null))
            .ToDictionary(row => row.Key, row => StratifiedTest.PValue([.. row.Select(counts => counts!)]));
    }

    private sealed record RealmOfRow(Guid Id, string Realm, long? Both, long? OnlyA, long? OnlyB, long? Count)
    {
        public PairedCounts? Counts => new PairedRealm(Realm, Both, OnlyA, OnlyB, Count).Counts;
    }
}
