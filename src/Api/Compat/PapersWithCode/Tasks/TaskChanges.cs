using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Catalogue;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Tasks;

internal static class TaskChanges
{
    private static readonly OwnKind Kind = new(
        "task",
        "select user_id from tasks where id = @id for no key update",
        """
        select concat_ws(', ',
            case when exists (select from evaluation_tables where task_id = @id) then 'evaluation tables' end,
            case when exists (select from benchmarks where task_id = @id) then 'benchmarks' end,
            case when exists (select from paper_tasks where task_id = @id) then 'papers' end,
            case when exists (select from dataset_tasks where task_id = @id) then 'datasets' end,
            case when exists (select from task_parents where parent_id = @id) then 'tasks that are a part of it' end)
        """,
        "delete from tasks where id = @id");

    private const string Add = """
        insert into tasks (id, name, description, origin, user_id, areas)
        values (@id, @name, @description, 'user', @userId, case when @area::text is null then '{}' else array[@area::text] end)
        on conflict do nothing
        returning id, name, description
        """;

    public static async Task<ResearchTask> AddTaskAsync(
        this NpgsqlDataSource db, Fields fields, Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var name = fields.Required("name", Fields.MaxName);
        var description = fields.Optional("description", Fields.MaxText) ?? "";
        var relations = await ReadRelationsAsync(fields, transaction, cancellationToken);
        fields.Errors.ThrowIfAny();
        var row = new { id = Slug.Of(name!), name, description, userId, area = Filled(relations.Area) };
        var added = await connection.QuerySingleOrDefaultAsync<ResearchTask>(
            new CommandDefinition(Add, row, transaction, cancellationToken: cancellationToken))
            ?? throw DjangoErrors.Refuse("name", $"task with this name already exists: {row.id}.");
        await SetParentAsync(transaction, added.Id, relations.Parent, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    private const string Update = """
        update tasks
        set name = coalesce(@name, name), description = coalesce(@description, description),
            areas = case when @area::text is null then areas when @area = '' then '{}' else array[@area::text] end
        where id = @id
        returning id, name, description
        """;

    public static async Task<ResearchTask> UpdateTaskAsync(
        this NpgsqlDataSource db, string id, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.LockOwnAsync(Kind, id, caller, cancellationToken);
        var name = fields.Required("name", Fields.MaxName);
        var description = fields.Optional("description", Fields.MaxText);
        var (area, parent) = await ReadRelationsAsync(fields, transaction, cancellationToken);
        if (parent == id)
        {
            fields.Refuse("parent_task", "A task is no part of itself.");
        }
        fields.Errors.ThrowIfAny();
        var updated = await connection.QuerySingleAsync<ResearchTask>(new CommandDefinition(
            Update, new { id, name, description, area }, transaction, cancellationToken: cancellationToken));
        await SetParentAsync(transaction, id, parent, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return updated;
    }

    /// <returns>Name of the area and id of the parent; null where they are not said, empty where there is to be none.</returns>
    private static async Task<(string? Area, string? Parent)> ReadRelationsAsync(
        Fields fields, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var area = fields.Optional("area");
        if (area is { Length: > 0 } wanted)
        {
            area = await transaction.Connection!.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                "select name from areas where id = @wanted or lower(name) = lower(@wanted) order by id = @wanted desc limit 1",
                new { wanted }, transaction, cancellationToken: cancellationToken));
            fields.Errors.Require(area is not null, "area", $"Object with id={wanted} does not exist.");
        }
        var parent = fields.Optional("parent_task");
        if (parent is { Length: > 0 } named)
        {
            parent = await transaction.Connection!.FindTaskAsync(named, transaction, cancellationToken);
            fields.Errors.Require(parent is not null, "parent_task", $"Object with id={named} does not exist.");
        }
        return (area, parent);
    }

    private static async Task SetParentAsync(
        NpgsqlTransaction transaction, string id, string? parent, CancellationToken cancellationToken)
    {
        if (parent is not null)
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "delete from task_parents where task_id = @id and parent_id <> @parent", new { id, parent }, transaction,
                cancellationToken: cancellationToken));
        }
        if (Filled(parent) is not null)
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "insert into task_parents (task_id, parent_id) values (@id, @parent) on conflict do nothing",
                new { id, parent }, transaction, cancellationToken: cancellationToken));
        }
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static Task DeleteTaskAsync(this NpgsqlDataSource db, string id, Caller caller, CancellationToken cancellationToken) =>
        db.DeleteOwnAsync(Kind, id, caller, cancellationToken);
}
