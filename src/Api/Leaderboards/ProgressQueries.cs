using System.Data;
using Dapper;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Leaderboards;

internal static class ProgressQueries
{
    // In the order of the line, a result is a record where it is better than the best of all before it; of one date the
    // best comes first, so that it alone can be.
    private const string Records = $"""
        with counted as (
            select *, min(cost) over (
                order by dated, cost, recorded_at, id rows between unbounded preceding and 1 preceding) as best_before
            from results
            where {Ranking.Filtered}
              and case when @asOf::timestamptz is null then upper_inf(shown) else shown @> @asOf::timestamptz end
        )
        select c.dated, c.model_name, c.value, c.kind, c.uses_additional_data, c.paper_id, p.title as paper_title,
               p.url as paper_url, u.name as submitter, c.evaluation_id, c.id
        from counted c
        left join users u on u.id = c.user_id
        left join papers p on p.id = c.paper_id
        where c.best_before is null or c.cost < c.best_before
        order by c.dated
        """;

    /// <summary>The records of a board, and the state of the board that they are of.</summary>
    public static async Task<(Board Seen, ProgressLine Line)> ReadProgressAsync(
        this BoardReader boards, Board board, BoardFilter filter)
    {
        await using var connection = await boards.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var seen = await BoardReader.SeenByAsync(transaction, board.BenchmarkId);
        var rows = await connection.QueryAsync<RecordRow>(
            new CommandDefinition(Records, Ranking.Parameters(board, filter), transaction));
        return (seen, new ProgressLine(
            seen.Name, seen.Version, filter.Metric, Metric.All[filter.Metric].HigherIsBetter,
            [.. rows.Select(row => row.ToPoint())]));
    }

    private sealed record RecordRow(
        DateOnly Dated,
        string ModelName,
        double Value,
        string Kind,
        bool UsesAdditionalData,
        string? PaperId,
        string? PaperTitle,
        string? PaperUrl,
        string? Submitter,
        Guid? EvaluationId,
        Guid Id)
    {
        public ProgressPoint ToPoint() => new(
            Dated, ModelName, Value, Kind, UsesAdditionalData,
            PaperId is null ? null : new LeaderboardPaper(PaperId, PaperTitle, PaperUrl), Submitter, EvaluationId, Id);
    }
}
