using System.Globalization;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.EvaluationTables;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>Rows of tables, made, changed and deleted; the table is ranked anew.</summary>
internal static class ResultChanges
{
    private const string Add = """
        insert into table_rows (table_id, user_id, position, model_name, paper_id, paper_url, evaluated_on,
                                uses_additional_data, external_source_url)
        select @id, @userId, coalesce(max(position), 0) + 1, @Methodology, @paperId, nullif(@Paper, ''), @EvaluatedOn,
               coalesce(@UsesAdditionalData, false), nullif(@ExternalSourceUrl, '')
        from table_rows where table_id = @id
        returning id
        """;

    public static async Task<TableResult> AddResultAsync(
        this NpgsqlDataSource db, string id, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        var (row, parameters, metrics) = await ReadAsync(table, fields, transaction, cancellationToken);
        parameters.AddDynamicParams(new { id, caller.UserId });
        var number = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(Add, parameters, transaction, cancellationToken: cancellationToken));
        await table.SetFiguresAsync([(number, row.Figures!)], metrics, cancellationToken);
        return await EndAsync(table, number, transaction, cancellationToken);
    }

    private const string Update = """
        update table_rows
        set model_name = coalesce(@Methodology, model_name),
            paper_id = case when @Paper::text is null then paper_id else @paperId end,
            paper_url = case when @Paper::text is null then paper_url else nullif(@Paper, '') end,
            evaluated_on = coalesce(@EvaluatedOn, evaluated_on),
            uses_additional_data = coalesce(@UsesAdditionalData, uses_additional_data),
            external_source_url = case when @ExternalSourceUrl::text is null then external_source_url
                                       else nullif(@ExternalSourceUrl, '') end,
            changed_at = clock_timestamp()
        where table_id = @id and id = @number
        """;

    public static async Task<TableResult> UpdateResultAsync(
        this NpgsqlDataSource db, string id, string resultId, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        var (row, parameters, metrics) = await ReadAsync(table, fields, transaction, cancellationToken);
        var number = MetricChanges.NumberOf(resultId);
        parameters.AddDynamicParams(new { id, number });
        if (await table.ExecuteAsync(Update, parameters, cancellationToken) == 0)
        {
            throw PapersWithCodeApi.NotFound();
        }
        if (row.Figures is { } figures)
        {
            await table.SetFiguresAsync([(number, figures)], metrics, cancellationToken);
        }
        return await EndAsync(table, number, transaction, cancellationToken);
    }

    public static async Task DeleteResultAsync(
        this NpgsqlDataSource db, string id, string resultId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        if (await table.ExecuteAsync(
            "delete from table_rows where table_id = @id and id = @number",
            new { id, number = MetricChanges.NumberOf(resultId) }, cancellationToken) == 0)
        {
            throw PapersWithCodeApi.NotFound();
        }
        await table.RankAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<(ResultFields Row, DynamicParameters Parameters, IReadOnlyDictionary<string, long> Metrics)>
        ReadAsync(LockedTable table, Fields fields, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var row = ResultFields.Read(fields, isDateRequired: false);
        var metrics = await table.ReadMetricsAsync(cancellationToken);
        row.RequireKnownMetrics(fields, [.. metrics.Keys]);
        var papers = await transaction.Connection!.FindPapersAsync(
            row.Paper is { Length: > 0 } named ? [named] : [], transaction, cancellationToken);
        row.RequireKnownPaper(fields, papers);
        fields.Errors.ThrowIfAny();
        var parameters = new DynamicParameters(row);
        parameters.AddDynamicParams(new { paperId = papers.GetValueOrDefault(row.Paper ?? "") });
        return (row, parameters, metrics);
    }

    private static async Task<TableResult> EndAsync(
        LockedTable table, long number, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await table.RankAsync(cancellationToken);
        var row = await transaction.Connection!.FindRowAsync(
            table.Id, number.ToString(CultureInfo.InvariantCulture), transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TableResult.Of(row!);
    }
}
