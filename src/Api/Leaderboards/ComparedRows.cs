using Dapper;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

/// <summary>What is needed of a board's row to compare it with the first.</summary>
/// <param name="Id">Id of the result.</param>
/// <param name="Value">Its value.</param>
/// <param name="Kind"><c>verified</c> or <c>reported</c>.</param>
/// <param name="Correct">Samples counted as right, where the value is a measured proportion.</param>
/// <param name="Count">Samples counted.</param>
/// <param name="Shared">Samples that the first has right too, where both were measured on one manifest.</param>
internal sealed record ComparedRow(Guid Id, double Value, string Kind, long? Correct, long? Count, long? Shared);

internal static class ComparedRows
{
    // A board may have a thousand rows of 50,000 bits: they are read once each, which leaves the samples that only one
    // has right to a subtraction, and are of one length where as many samples were counted.
    private const string Compared = """
        , head as (
            select b.id, b.value, b.kind, b.metric, b.evaluation_id, e.manifest_id, b.cost, b.dated, b.recorded_at
            from best b
            left join evaluations e on e.id = b.evaluation_id
            order by b.cost, b.dated, b.recorded_at, b.id
            limit @compared
        ),
        first as (
            select h.manifest_id, p.correct, sc.count
            from (select * from head order by cost, dated, recorded_at, id limit 1) h
            join scores sc on sc.evaluation_id = h.evaluation_id and sc.metric = h.metric
            join predictions p on p.evaluation_id = h.evaluation_id and h.metric = 'top1_accuracy'
        )
        select h.id, h.value, h.kind, sc.correct, sc.count, bit_count(f.correct & p.correct) as shared
        from head h
        left join scores sc on sc.evaluation_id = h.evaluation_id and sc.metric = h.metric
        left join first f on f.manifest_id = h.manifest_id and f.count = sc.count
        left join predictions p on p.evaluation_id = h.evaluation_id and f.correct is not null
        order by h.cost, h.dated, h.recorded_at, h.id
        """;

    /// <summary>The board's first rows, in its order; the parameters are those of the board.</summary>
    /// <param name="best">The board's rows.</param>
    public static async Task<IReadOnlyList<ComparedRow>> ListComparedAsync(
        this NpgsqlTransaction transaction, string best, object parameters, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<ComparedRow>(new CommandDefinition(
            best + Compared, parameters, transaction, cancellationToken: cancellationToken))).AsList();
}
