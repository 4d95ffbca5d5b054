using Dapper;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Tasks;

internal static class TaskQueries
{
    private const string Chosen =
        "from tasks t where (@q::text is null or t.name ilike @q) and (@name::text is null or t.name ilike @name)";

    private static readonly Dictionary<string, string> Fields = new() { ["id"] = "t.id", ["name"] = "lower(t.name)" };

    public static Task<NumberedPage<ResearchTask>> ListTasksAsync(
        this NpgsqlDataSource db, string? q, string? name, string? ordering, PageQuery page,
        CancellationToken cancellationToken) =>
        db.ListAsync(
            Chosen, Ordering.Of(ordering, Fields, "t.id"), new { q = Ordering.Holding(q), name = Ordering.Holding(name) },
            page, cancellationToken);

    public static Task<NumberedPage<ResearchTask>> ListTasksOfAreaAsync(
        this NpgsqlDataSource db, string area, PageQuery page, CancellationToken cancellationToken) =>
        db.ListAsync(
            "from tasks t where t.areas @> array[@area]", "t.id", new { area }, page, cancellationToken);

    public static Task<NumberedPage<ResearchTask>> ListTasksOfPaperAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken) =>
        db.ListAsync(
            "from tasks t where t.id in (select task_id from paper_tasks where paper_id = @id)", "t.id", new { id },
            page, cancellationToken);

    public static Task<NumberedPage<ResearchTask>> ListParentsAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken) =>
        db.ListAsync(
            "from tasks t where t.id in (select parent_id from task_parents where task_id = @id)", "t.id", new { id },
            page, cancellationToken);

    public static Task<NumberedPage<ResearchTask>> ListChildrenAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken) =>
        db.ListAsync(
            "from tasks t where t.id in (select task_id from task_parents where parent_id = @id)", "t.id", new { id },
            page, cancellationToken);

    private static Task<NumberedPage<ResearchTask>> ListAsync(
        this NpgsqlDataSource db, string from, string order, object parameters, PageQuery page,
        CancellationToken cancellationToken) =>
        db.PageAsync<ResearchTask>(
            page, $"select t.id, t.name, t.description {from} order by {order} limit @rows offset @skip",
            $"select count(*) {from}", parameters, cancellationToken);

    private const string Find = "select id, name, description from tasks where id = @id";

    public static async Task<ResearchTask> GetTaskAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ResearchTask>(
            new CommandDefinition(Find, new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    private const string FindNamed = """
        select id from tasks where id = @text or id = @slug or lower(name) = lower(@text)
        order by id = @text desc, id = @slug desc, id
        limit 1
        """;

    /// <summary>Id of the task that a text names by its id or its name; null where there is none.</summary>
    public static Task<string?> FindTaskAsync(
        this NpgsqlConnection connection, string text, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            FindNamed, new { text, slug = Catalogue.Slug.Of(text) }, transaction, cancellationToken: cancellationToken));
}
