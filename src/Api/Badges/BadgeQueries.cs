using System.Data;
using Dapper;
using Leaderboard.Api.Leaderboards;

namespace Leaderboard.Api.Badges;

/// <summary>A model's place on a board.</summary>
/// <param name="Rank">Its rank; null where it is not on the board.</param>
/// <param name="Count">Models on the board, where it is one of them.</param>
internal sealed record Place(long? Rank, long Count);

internal static class BadgeQueries
{
    // Each model once, by its best: no order is needed to count. The board is not read for a model that is not on it.
    private const string FindPlace = $"""
        with mine as materialized (
            select min(cost) as cost from results where {Ranking.Filtered} and is_best and model_name = @model
        ),
        models as (
            select min(cost) as cost
            from results
            where {Ranking.Filtered} and is_best and (select cost is not null from mine)
            group by owner_id, model_name
        )
        select case when min(mine.cost) is not null then 1 + count(*) filter (where models.cost < mine.cost) end as rank,
               count(*) as count
        from models
        cross join mine
        """;

    /// <summary>Where a model stands, and the state of the board that it was read from.</summary>
    public static async Task<(Board Seen, Place Place)> FindPlaceAsync(
        this BoardReader boards, Board board, BoardFilter filter, string model)
    {
        await using var connection = await boards.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var seen = await BoardReader.SeenByAsync(transaction, board.BenchmarkId);
        var parameters = new DynamicParameters(Ranking.Parameters(board, filter));
        parameters.Add("model", model);
        return (seen, await connection.QuerySingleAsync<Place>(
            new CommandDefinition(FindPlace, parameters, transaction)));
    }
}
