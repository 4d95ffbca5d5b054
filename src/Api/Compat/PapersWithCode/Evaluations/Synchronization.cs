using System.Globalization;
using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Compat.PapersWithCode.Datasets;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>A user's table made equal to one elsewhere, in one transaction.</summary>
internal static class Synchronization
{
    public static async Task<EvaluationTableSynced> SynchronizeAsync(
        this NpgsqlDataSource db, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        var wanted = SyncFields.Read(fields);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var task = await TableChanges.ReadTaskAsync(fields, transaction, cancellationToken);
        var datasetName = fields.Required("dataset", Fields.MaxName);
        var papers = await connection.FindPapersAsync(
            wanted.Rows.Select(row => row.Result.Paper).Where(paper => !string.IsNullOrEmpty(paper)).OfType<string>(),
            transaction, cancellationToken);
        foreach (var row in wanted.Rows)
        {
            row.Result.RequireKnownPaper(row.Fields, papers);
        }
        fields.Errors.ThrowIfAny();

        var dataset = await FindOrAddDatasetAsync(datasetName!, caller.UserId!.Value, transaction, cancellationToken);
        var table = await OpenAsync(wanted.ExternalId, task!, dataset, caller, transaction, cancellationToken);
        var updated = await transaction.UpdateTableAsync(
            table.Id, task, dataset, wanted.Description, wanted.MirrorUrl, cancellationToken);
        var externalId = await SetExternalIdAsync(table.Id, wanted.ExternalId, transaction, cancellationToken);
        await SetMetricsAsync(table, wanted.Metrics, cancellationToken);
        var rows = new SynchronizedRows(table, transaction, papers);
        var ids = await rows.SetAsync(wanted.Rows, caller.UserId!.Value, cancellationToken);
        await table.SetFiguresAsync(
            [.. wanted.Rows.Select(row => (ids[row.Position - 1], row.Result.Figures!))],
            await table.ReadMetricsAsync(cancellationToken), cancellationToken);
        await table.RankAsync(cancellationToken);
        var slugs = await rows.ReadSlugsAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new EvaluationTableSynced(
            updated.Id, updated.Task, updated.Dataset, updated.Description, updated.MirrorUrl, externalId,
            [.. wanted.Metrics.Select(metric => new MetricSynced(metric.Name, metric.Description, metric.IsLoss))],
            [.. wanted.Rows.Select(row => Shown(row, ids[row.Position - 1], slugs))]);
    }

    private static ResultSynced Shown(SyncFields.Row row, long id, IReadOnlyDictionary<string, string> slugs) => new(
        id.ToString(CultureInfo.InvariantCulture), row.Result.Figures!, row.Result.Methodology!,
        row.Result.Paper is { Length: > 0 } paper ? slugs.GetValueOrDefault(paper, paper) : null,
        row.Result.UsesAdditionalData ?? false, row.ExternalId, row.Result.EvaluatedOn,
        row.Result.ExternalSourceUrl is { Length: > 0 } source ? source : null);

    // The dataset of a competition may be new; its task is one that others compare on too.
    private static async Task<string> FindOrAddDatasetAsync(
        string name, Guid userId, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        return await connection.FindDatasetAsync(name, transaction, cancellationToken)
            ?? (await connection.AddDatasetAsync(name, url: null, userId, transaction, cancellationToken))?.Id
            ?? (await connection.FindDatasetAsync(name, transaction, cancellationToken))!;
    }

    private const string FindOwn = """
        select id, external_id
        from evaluation_tables
        where user_id = @UserId and (external_id = @externalId or task_id = @task and dataset_id = @dataset)
        order by external_id = @externalId desc nulls last
        limit 1
        for no key update
        """;

    private static async Task<LockedTable> OpenAsync(
        string? externalId, string task, string dataset, Caller caller, NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        string? id = null;
        while (id is null)
        {
            var own = await transaction.Connection!.QuerySingleOrDefaultAsync<OwnTable>(new CommandDefinition(
                FindOwn, new { caller.UserId, externalId, task, dataset }, transaction, cancellationToken: cancellationToken));
            if (own is { ExternalId: { } other } && externalId is not null && other != externalId)
            {
                throw DjangoErrors.Refuse(
                    "external_id", $"Your table {own.Id} of this task on this dataset has the external_id \"{other}\".");
            }
            // Where another request has added it meanwhile, it is found the next time.
            id = own?.Id
                ?? await transaction.AddTableAsync(task, dataset, caller.UserId!.Value, externalId, cancellationToken);
        }
        return await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
    }

    private static Task<string?> SetExternalIdAsync(
        string id, string? externalId, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<string?>(new CommandDefinition(
            "update evaluation_tables set external_id = coalesce(@externalId, external_id) where id = @id returning external_id",
            new { id, externalId }, transaction, cancellationToken: cancellationToken));

    private const string SetMetrics = """
        delete from table_metrics where table_id = @Id and name <> all (@names);
        insert into table_metrics (table_id, position, name, description, is_loss, direction)
        select @Id, w.position, w.name, w.description, w.is_loss, 'given'
        from jsonb_to_recordset(@written::jsonb) as w (position int, name text, description text, is_loss boolean)
        on conflict (table_id, name) do update
        set position = excluded.position, description = excluded.description, is_loss = excluded.is_loss;
        """;

    private static Task<int> SetMetricsAsync(
        LockedTable table, IReadOnlyList<SyncFields.Metric> metrics, CancellationToken cancellationToken) =>
        table.ExecuteAsync(
            SetMetrics,
            new
            {
                table.Id,
                names = metrics.Select(metric => metric.Name).ToArray(),
                written = LeaderboardJson.ForJsonb(metrics),
            },
            cancellationToken);

    private sealed record OwnTable(string Id, string? ExternalId);
}
