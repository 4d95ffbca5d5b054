using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Catalogue;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Datasets;

internal static class DatasetChanges
{
    private static readonly OwnKind Kind = new(
        "dataset",
        "select user_id from datasets where id = @id for no key update",
        """
        select concat_ws(', ',
            case when exists (select from evaluation_tables where dataset_id = @id) then 'evaluation tables' end,
            case when exists (select from benchmarks where dataset_id = @id) then 'benchmarks' end,
            case when exists (select from dataset_tasks where dataset_id = @id) then 'tasks' end)
        """,
        "delete from datasets where id = @id");

    private const string Add = """
        insert into datasets (id, name, description, homepage, origin, user_id)
        values (@id, @name, '', nullif(@url, ''), 'user', @userId)
        on conflict do nothing
        returning id, name, homepage as url
        """;

    public static async Task<Dataset> AddDatasetAsync(
        this NpgsqlDataSource db, Fields fields, Guid userId, CancellationToken cancellationToken)
    {
        var name = fields.Required("name", Fields.MaxName);
        var url = fields.Url("url");
        fields.Errors.ThrowIfAny();
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.AddDatasetAsync(name!, url, userId, transaction: null, cancellationToken)
            ?? throw DjangoErrors.Refuse("name", $"dataset with this name already exists: {Slug.Of(name!)}.");
    }

    /// <summary>A new dataset; null where its id is taken.</summary>
    public static Task<Dataset?> AddDatasetAsync(
        this NpgsqlConnection connection, string name, string? url, Guid userId, NpgsqlTransaction? transaction,
        CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<Dataset>(new CommandDefinition(
            Add, new { id = Slug.Of(name), name, url, userId }, transaction, cancellationToken: cancellationToken));

    private const string Update = """
        update datasets
        set name = coalesce(@name, name), homepage = case when @url::text is null then homepage else nullif(@url, '') end
        where id = @id
        returning id, name, homepage as url
        """;

    public static async Task<Dataset> UpdateDatasetAsync(
        this NpgsqlDataSource db, string id, Fields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.LockOwnAsync(Kind, id, caller, cancellationToken);
        var row = new { id, name = fields.Required("name", Fields.MaxName), url = fields.Url("url") };
        fields.Errors.ThrowIfAny();
        var updated = await connection.QuerySingleAsync<Dataset>(
            new CommandDefinition(Update, row, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return updated;
    }

    public static Task DeleteDatasetAsync(this NpgsqlDataSource db, string id, Caller caller, CancellationToken cancellationToken) =>
        db.DeleteOwnAsync(Kind, id, caller, cancellationToken);
}
