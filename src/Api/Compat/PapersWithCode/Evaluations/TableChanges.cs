using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Compat.PapersWithCode.Datasets;
using Leaderboard.Api.Compat.PapersWithCode.Tasks;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>Users' tables, made, changed and deleted.</summary>
internal static class TableChanges
{
    private const string NotUnique = "The fields user, task, dataset must make a unique set.";

    private const string Columns = "id, task_id as task, dataset_id as dataset, description, mirror_url";

    public static async Task<EvaluationTable> AddTableAsync(
        this NpgsqlDataSource db, Fields fields, Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var task = await ReadTaskAsync(fields, transaction, cancellationToken);
        var dataset = await ReadDatasetAsync(fields, transaction, cancellationToken);
        var description = fields.Optional("description", Fields.MaxText) ?? "";
        var mirrorUrl = fields.Url("mirror_url");
        fields.Errors.ThrowIfAny();
        var id = await transaction.AddTableAsync(task!, dataset!, userId, externalId: null, cancellationToken)
            ?? throw DjangoErrors.Refuse("non_field_errors", NotUnique);
        var added = await transaction.UpdateTableAsync(id, task, dataset, description, mirrorUrl, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    // Benchmarks' tables keep their ids.
    private const string Add = """
        insert into evaluation_tables (id, origin, user_id, task_id, dataset_id, dataset_path, external_id)
        select (
            select c.id
            from (
                select @taskId || '-on-' || @datasetId as id, 1 as n
                union all
                select @taskId || '-on-' || @datasetId || '-' || n, n from generate_series(2, 10000) n
            ) c
            where not exists (select from evaluation_tables e where e.id = c.id)
              and not exists (select from all_tables b where b.id = c.id)
            order by c.n
            limit 1
        ), 'user', @userId, @taskId, @datasetId, array[d.name], @externalId
        from datasets d
        where d.id = @datasetId
          and not exists (
              select from evaluation_tables e
              where e.user_id = @userId and e.task_id = @taskId and e.dataset_id = @datasetId)
        on conflict do nothing
        returning id
        """;

    private const string IsThere = """
        select exists (
            select from evaluation_tables e join datasets d on d.id = @datasetId
            where e.user_id = @userId and e.task_id = @taskId and (e.dataset_id = d.id or e.dataset_path = array[d.name])
               or e.user_id = @userId and e.external_id = @externalId)
        """;

    /// <summary>Id of a new table of a user's; null where they have one of this task on this dataset, or of this id
    /// elsewhere.</summary>
    public static async Task<string?> AddTableAsync(
        this NpgsqlTransaction transaction, string taskId, string datasetId, Guid userId, string? externalId,
        CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var row = new { taskId, datasetId, userId, externalId };
        while (true)
        {
            if (await connection.QuerySingleOrDefaultAsync<string>(
                new CommandDefinition(Add, row, transaction, cancellationToken: cancellationToken)) is { } id)
            {
                return id;
            }
            if (await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(IsThere, row, transaction, cancellationToken: cancellationToken)))
            {
                return null;
            }
            // Somebody else has taken the id meanwhile; the next one is free.
        }
    }

    public static async Task<EvaluationTable> UpdateTableAsync(
        this NpgsqlDataSource db, string id, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        var task = await ReadTaskAsync(fields, transaction, cancellationToken);
        var dataset = await ReadDatasetAsync(fields, transaction, cancellationToken);
        var description = fields.Optional("description", Fields.MaxText);
        var mirrorUrl = fields.Url("mirror_url");
        fields.Errors.ThrowIfAny();
        var updated = await transaction.UpdateTableAsync(id, task, dataset, description, mirrorUrl, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return updated;
    }

    private const string Update = $"""
        update evaluation_tables e
        set task_id = coalesce(@task, task_id), dataset_id = coalesce(@dataset, dataset_id),
            dataset_path = case when @dataset::text is null or @dataset = dataset_id then dataset_path
                                else array[(select d.name from datasets d where d.id = @dataset)] end,
            description = coalesce(@description, description),
            mirror_url = case when @mirrorUrl::text is null then mirror_url else nullif(@mirrorUrl, '') end,
            changed_at = clock_timestamp()
        where id = @id
        returning {Columns}
        """;

    /// <summary>Changes what is not null of a table that is locked; an empty address is none.</summary>
    public static async Task<EvaluationTable> UpdateTableAsync(
        this NpgsqlTransaction transaction, string id, string? task, string? dataset, string? description, string? mirrorUrl,
        CancellationToken cancellationToken)
    {
        try
        {
            return await transaction.Connection!.QuerySingleAsync<EvaluationTable>(new CommandDefinition(
                Update, new { id, task, dataset, description, mirrorUrl }, transaction, cancellationToken: cancellationToken));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw DjangoErrors.Refuse("non_field_errors", NotUnique);
        }
    }

    public static async Task DeleteTableAsync(
        this NpgsqlDataSource db, string id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = await LockedTable.OpenAsync(transaction, id, caller, cancellationToken);
        await table.ExecuteAsync("delete from evaluation_tables where id = @id", new { id }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Id of the task; null where an update leaves it, or it is refused.</summary>
    public static async Task<string?> ReadTaskAsync(
        Fields fields, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (fields.Required("task") is not { } named)
        {
            return null;
        }
        var found = await transaction.Connection!.FindTaskAsync(named, transaction, cancellationToken);
        fields.Errors.Require(found is not null, "task", $"Object with id={named} does not exist.");
        return found;
    }

    private static async Task<string?> ReadDatasetAsync(
        Fields fields, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (fields.Required("dataset") is not { } named)
        {
            return null;
        }
        var found = await transaction.Connection!.FindDatasetAsync(named, transaction, cancellationToken);
        fields.Errors.Require(found is not null, "dataset", $"Object with id={named} does not exist.");
        return found;
    }
}
