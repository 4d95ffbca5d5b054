using Dapper;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>A page of a list and the count of all of it, in one visit to the database.</summary>
internal static class PageQueries
{
    /// <param name="db">Where the rows are.</param>
    /// <param name="page">Which page.</param>
    /// <param name="rows">Statement that selects rows in their order and ends with <c>limit @rows offset @skip</c>.</param>
    /// <param name="count">Statement that counts them.</param>
    /// <param name="parameters">Of both.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static Task<NumberedPage<T>> PageAsync<T>(
        this NpgsqlDataSource db, PageQuery page, string rows, string count, object? parameters,
        CancellationToken cancellationToken) =>
        db.PageAsync<T>(page, rows, parameters, connection => connection.ExecuteScalarAsync<long>(
            new CommandDefinition(count, parameters, cancellationToken: cancellationToken)), cancellationToken);

    /// <summary>The same with a count that may be known already.</summary>
    public static async Task<NumberedPage<T>> PageAsync<T>(
        this NpgsqlDataSource db, PageQuery page, string rows, object? parameters,
        Func<NpgsqlConnection, Task<long>> countAsync, CancellationToken cancellationToken)
    {
        var limited = new DynamicParameters(parameters);
        limited.AddDynamicParams(new { rows = page.Size + 1, skip = page.Skip });
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<T>(
            new CommandDefinition(rows, limited, cancellationToken: cancellationToken))).AsList();
        var isWhole = page.Number == 1 && found.Count <= page.Size;
        return page.Of(found, isWhole ? found.Count : await countAsync(connection));
    }
}
