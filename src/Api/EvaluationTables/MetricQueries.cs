using Dapper;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Changes the direction of a table's metric.</summary>
internal static class MetricQueries
{
    private const string Correct = """
        update table_metrics set is_loss = @isLoss, direction = 'corrected' where table_id = @tableId and id = @id
        """;

    private const string Rank = "select rank_tables(array[@tableId])";

    /// <summary>What is corrected stays so: neither a rule nor another import changes it.</summary>
    public static async Task CorrectDirectionAsync(
        this NpgsqlDataSource db, MetricRecord metric, bool isLoss, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var parameters = new
        {
            metric.TableId,
            id = long.Parse(metric.Id, System.Globalization.CultureInfo.InvariantCulture),
            isLoss,
        };
        CommandDefinition Command(string sql) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
        await connection.ExecuteAsync(Command(Correct));
        await connection.ExecuteAsync(Command(Rank));
        await transaction.CommitAsync(cancellationToken);
    }
}
