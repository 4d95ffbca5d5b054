using System.Globalization;
using Dapper;
using Leaderboard.Api.Accounts;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>Metrics of tables, made, changed and deleted; the table is ranked anew.</summary>
internal static class MetricChanges
{
    private const string Columns = "id::text as id, name, description, is_loss";

    private const string Add = $"""
        insert into table_metrics (table_id, position, name, description, is_loss, direction)
        select @id, coalesce(max(position), 0) + 1, @name, @description, @isLoss, 'given'
        from table_metrics where table_id = @id
        on conflict do nothing
        returning {Columns}
        """;

    public static async Task<Metric> AddMetricAsync(
        this NpgsqlDataSource db, string id, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        var name = fields.Required("name", Fields.MaxName);
        var row = new
        {
            id,
            name,
            description = fields.Optional("description", Fields.MaxText) ?? "",
            isLoss = fields.Flag("is_loss") ?? true,
        };
        fields.Errors.ThrowIfAny();
        var added = await connection.QuerySingleOrDefaultAsync<Metric>(
            new CommandDefinition(Add, row, transaction, cancellationToken: cancellationToken))
            ?? throw NotUnique(name!);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    // Of the archive's, the next import leaves a direction that was corrected.
    private const string Update = $"""
        update table_metrics m
        set name = coalesce(@name, m.name), description = coalesce(@description, m.description),
            is_loss = coalesce(@isLoss, m.is_loss),
            direction = case when @isLoss::boolean is null then m.direction
                             when t.origin = 'archive' then 'corrected' else 'given' end
        from evaluation_tables t
        where t.id = m.table_id and m.table_id = @id and m.id = @metric
        returning m.id::text as id, m.name, m.description, m.is_loss
        """;

    public static async Task<Metric> UpdateMetricAsync(
        this NpgsqlDataSource db, string id, string metricId, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        var name = fields.Required("name", Fields.MaxName);
        var row = new
        {
            id,
            metric = NumberOf(metricId),
            name,
            description = fields.Optional("description", Fields.MaxText),
            isLoss = fields.Flag("is_loss"),
        };
        fields.Errors.ThrowIfAny();
        try
        {
            var updated = await connection.QuerySingleOrDefaultAsync<Metric>(
                new CommandDefinition(Update, row, transaction, cancellationToken: cancellationToken))
                ?? throw PapersWithCodeApi.NotFound();
            await table.RankAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return updated;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw NotUnique(name!);
        }
    }

    public static async Task DeleteMetricAsync(
        this NpgsqlDataSource db, string id, string metricId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        if (await table.ExecuteAsync(
            "delete from table_metrics where table_id = @id and id = @metric", new { id, metric = NumberOf(metricId) },
            cancellationToken) == 0)
        {
            throw PapersWithCodeApi.NotFound();
        }
        await table.RankAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The number that an id of a metric or a row is.</summary>
    public static long NumberOf(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw PapersWithCodeApi.NotFound();

    private static Hosting.RefusedException NotUnique(string name) =>
        DjangoErrors.Refuse("name", $"The table has a metric \"{name}\" already.");
}
