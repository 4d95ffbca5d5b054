using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Hosting;

internal static class UnbufferedQuery
{
    /// <summary>
    /// Rows as they come. Dapper's own asks the server to cancel a statement that has ended, over a connection of its own: 5 ms a
    /// query.
    /// </summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        object parameters,
        NpgsqlTransaction transaction,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
        var parse = reader.GetRowParser<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return parse(reader);
        }
    }
}
