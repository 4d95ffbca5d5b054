using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.EvaluationTables;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>
/// A table that nobody else changes until the transaction ends, so that ranks are those of all its rows. Every change of metrics,
/// rows and figures goes through it.
/// </summary>
internal sealed class LockedTable
{
    private readonly NpgsqlTransaction transaction;

    private LockedTable(NpgsqlTransaction transaction, string id, Guid? userId) =>
        (this.transaction, Id, UserId) = (transaction, id, userId);

    public string Id { get; }

    /// <summary>Whose it is; null for the archive's.</summary>
    public Guid? UserId { get; }

    private const string Lock = "select id, user_id from evaluation_tables where id = @id and has_sota for no key update";

    private const string IsBenchmark = "select exists (select from all_tables where id = @id)";

    /// <summary>Locks a table for one who may change it.</summary>
    public static async Task<LockedTable> OpenAsync(
        NpgsqlTransaction transaction, string id, Caller caller, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var row = await connection.QuerySingleOrDefaultAsync<TableRow>(
            new CommandDefinition(Lock, new { id }, transaction, cancellationToken: cancellationToken));
        if (row is not null)
        {
            OwnObjects.RequireOwner(caller, row.UserId);
            return new LockedTable(transaction, row.Id, row.UserId);
        }
        throw await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(IsBenchmark, new { id }, transaction, cancellationToken: cancellationToken))
            ? Problems.OwnerRequired.Because(
                "This is the table of a benchmark, whose rows are measured here or reported with their source. Have a checkpoint "
                + "measured with POST /api/v1/submissions, or report a published figure with POST /api/v1/results.")
            : PapersWithCodeApi.NotFound();
    }

    private const string Metrics = "select id, name, is_loss from table_metrics where table_id = @Id order by position, id";

    public async Task<IReadOnlyDictionary<string, long>> ReadMetricsAsync(CancellationToken cancellationToken)
    {
        var found = await transaction.Connection!.QueryAsync<(long Id, string Name, bool IsLoss)>(
            new CommandDefinition(Metrics, new { Id }, transaction, cancellationToken: cancellationToken));
        return found.ToDictionary(metric => metric.Name, metric => metric.Id, StringComparer.Ordinal);
    }

    private const string RemoveFigures = """
        delete from table_values v
        using table_rows r
        where r.id = v.row_id and r.table_id = @Id and v.row_id = any (@rows)
          and (v.row_id, v.metric_id) not in (
              select w.row_id, w.metric_id from jsonb_to_recordset(@written::jsonb) as w (row_id bigint, metric_id bigint))
        """;

    private const string PutFigures = """
        insert into table_values as v (row_id, metric_id, raw, value, unit, deviation)
        select w.row_id, w.metric_id, w.raw, w.value, w.unit, w.deviation
        from jsonb_to_recordset(@written::jsonb) as w (
            row_id bigint, metric_id bigint, raw text, value double precision, unit text, deviation double precision)
        on conflict (row_id, metric_id) do update
        set raw = excluded.raw, value = excluded.value, unit = excluded.unit, deviation = excluded.deviation
        where v.raw <> excluded.raw
        """;

    /// <summary>Makes these the only figures of these rows.</summary>
    public async Task SetFiguresAsync(
        IReadOnlyCollection<(long RowId, IReadOnlyDictionary<string, string> Figures)> rows,
        IReadOnlyDictionary<string, long> metrics,
        CancellationToken cancellationToken)
    {
        var written = rows.SelectMany(row => row.Figures, (row, figure) =>
        {
            var read = Figure.Parse(figure.Value);
            return new WrittenFigure(
                row.RowId, metrics[figure.Key], figure.Value, read.Value, read.Unit, read.Deviation);
        });
        var parameters = new
        {
            Id,
            rows = rows.Select(row => row.RowId).ToArray(),
            written = LeaderboardJson.ForJsonb(written.ToList()),
        };
        await ExecuteAsync(RemoveFigures, parameters, cancellationToken);
        await ExecuteAsync(PutFigures, parameters, cancellationToken);
    }

    private const string Rank = """
        select rank_tables(array[@Id]);
        update evaluation_tables set changed_at = clock_timestamp() where id = @Id;
        """;

    /// <summary>The end of every change.</summary>
    public Task RankAsync(CancellationToken cancellationToken) => ExecuteAsync(Rank, new { Id }, cancellationToken);

    public Task<int> ExecuteAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(statement, parameters, transaction, cancellationToken: cancellationToken));

    private sealed record TableRow(string Id, Guid? UserId);

    private sealed record WrittenFigure(
        long RowId, long MetricId, string Raw, double? Value, string? Unit, double? Deviation);
}
