using System.Data;
using Dapper;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Api.Leaderboards;

internal static class LeaderboardQueries
{
    // What a submitter does not claim, the paper may: a standing reported result of the same paper and model.
    // Ties share a rank (1, 2, 2, 4); within a tie the earlier result is listed first. Ranks are counted from the page's
    // own first row.
    private const string PageOfBest = """
        , page as (
            select * from best
            where @afterId::uuid is null
               or (cost, dated, recorded_at, id) > (@afterCost, @afterDated, @afterRecordedAt, @afterId)
            order by cost, dated, recorded_at, id
            limit @rows
        )
        select rank() over (order by r.cost) as rank, r.model_name, r.value, r.kind, r.interval_low, r.interval_high,
               r.interval_method, coalesce(c.value, published.value) as claimed, published.id as claimed_result,
               r.uses_additional_data, r.parameters, r.paper_id, p.title as paper_title, p.url as paper_url, r.code_url,
               r.dated, r.evaluation_id, r.source_url, r.note, u.name as submitter, r.eval_transform::text as eval_transform,
               r.precision, r.split, r.protocol_deviation,
               r.cost, r.recorded_at, r.id
        from page
        join results r on r.id = page.id
        left join users u on u.id = r.user_id
        left join papers p on p.id = r.paper_id
        left join evaluations e on e.id = r.evaluation_id
        left join claims c
            on c.submission_id = e.submission_id and c.benchmark_id = r.benchmark_id and c.metric = r.metric
        left join lateral (
            select claim.id, claim.value
            from results claim
            where r.kind = 'verified'
              and c.value is null
              and (claim.benchmark_id, claim.metric, claim.model_name, claim.paper_id, claim.kind, claim.owner_id)
                = (r.benchmark_id, r.metric, r.model_name, r.paper_id, 'reported', '00000000-0000-0000-0000-000000000000')
              and case when @asOf::timestamptz is null then upper_inf(claim.shown)
                       else claim.shown @> @asOf::timestamptz end
            order by claim.cost, claim.dated, claim.id
            limit 1
        ) published on true
        order by r.cost, r.dated, r.recorded_at, r.id
        """;

    /// <summary>A page of a board, and the state of the board that it is of.</summary>
    public static async Task<(Board Seen, LeaderboardPage Page)> ReadPageAsync(
        this BoardReader boards,
        Board board,
        BenchmarkDefinition definition,
        BoardFilter filter,
        int limit,
        BoardCursor? after)
    {
        await using var connection = await boards.Db.OpenConnectionAsync();
        // The page, its ranks and the tests of the whole board must be of one state of it.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var seen = await BoardReader.SeenByAsync(transaction, board.BenchmarkId);
        var parameters = Ranking.Parameters(board, filter, limit + 1, after);
        var found = (await connection.QueryAsync<BoardRow>(
            Ranking.BestOf(filter) + PageOfBest, parameters, transaction)).AsList();
        var rows = found.Take(limit).ToList();
        var metric = Metric.All[filter.Metric];
        if (rows is [])
        {
            return (seen, new LeaderboardPage(seen.Name, seen.Version, metric.Name, metric.HigherIsBetter, [], null));
        }

        var start = await boards.PositionAsync(transaction, seen, filter, after, parameters);
        var ahead = rows[0].Cost == after?.Cost ? start.Ahead : start.Before;
        var ranks = rows.ConvertAll(row => row.Cost == rows[0].Cost ? ahead + 1 : start.Before + row.Rank);
        var ties = await boards.TiesAsync(transaction, seen, definition, filter, parameters);
        BoardCursor? next = null;
        if (found.Count > limit)
        {
            var last = rows[^1];
            next = new BoardCursor(last.Cost, last.Dated, last.RecordedAt, last.Id, Fingerprint(board, filter));
            boards.Cache.Keep(
                PositionKey(seen, filter, next), new Position(start.Before + rows.Count, ranks[^1] - 1), Position.Bytes);
        }
        return (seen, new LeaderboardPage(
            seen.Name, seen.Version, metric.Name, metric.HigherIsBetter,
            [.. rows.Zip(ranks, (row, rank) => row.ToEntry(rank, ties.GetValueOrDefault(row.Id)))],
            next is null ? null : Cursor.Of(next)));
    }

    /// <summary>The cursor of a board; of another board's it is none.</summary>
    public static BoardCursor? ReadCursor(string? cursor, Board board, BoardFilter filter)
    {
        var after = Cursor.Read<BoardCursor>(cursor);
        return after is null || after.Board == Fingerprint(board, filter)
            ? after
            : throw Problems.CursorInvalid.Because(
                "This cursor is of another board: of another benchmark or version, or of other filters.");
    }

    private const string CountUpTo = """
        select count(*) as before, count(*) filter (where cost < @afterCost) as ahead
        from best
        where (cost, dated, recorded_at, id) <= (@afterCost, @afterDated, @afterRecordedAt, @afterId)
        """;

    // Who turns pages has just been on the one before, where the answer was left.
    private static async Task<Position> PositionAsync(
        this BoardReader boards,
        NpgsqlTransaction transaction,
        Board seen,
        BoardFilter filter,
        BoardCursor? after,
        object parameters) =>
        after is null
            ? new Position(0, 0)
            : boards.Cache.Find<Position>(PositionKey(seen, filter, after))
                ?? await transaction.Connection!.QuerySingleAsync<Position>(
                    Ranking.BestOf(filter) + CountUpTo, parameters, transaction);

    private static string PositionKey(Board seen, BoardFilter filter, BoardCursor after) =>
        seen.Key("position", filter, after);

    private static async Task<Dictionary<Guid, bool?>> TiesAsync(
        this BoardReader boards,
        NpgsqlTransaction transaction,
        Board seen,
        BenchmarkDefinition definition,
        BoardFilter filter,
        object parameters)
    {
        var key = seen.Key("ties", filter);
        if (boards.Cache.Find<Dictionary<Guid, bool?>>(key) is not { } ties)
        {
            var compared = await transaction.ListComparedAsync(
                Ranking.BestOf(filter), parameters, CancellationToken.None);
            ties = TiesWithFirst.Of(
                compared,
                Metric.Proportions.Contains(filter.Metric) ? definition.SampleCount : null,
                filter.Metric switch
                {
                    Metric.AverageTop1Accuracy => await transaction.TestRealmsAsync(compared, CancellationToken.None),
                    Metric.MeanPerClassAccuracy => await transaction.TestClassesAsync(compared),
                    _ => null,
                });
            boards.Cache.Keep(key, ties, ties.Count * TieBytes);
        }
        return ties;
    }

    private const int TieBytes = 50;

    private static string Fingerprint(Board board, BoardFilter filter) => Cursor.Fingerprint(new { board.BenchmarkId, filter });

    /// <param name="Before">Rows of the board up to a place.</param>
    /// <param name="Ahead">Those of them that are better than the row at that place.</param>
    private sealed record Position(long Before, long Ahead)
    {
        public const int Bytes = 400;
    }
}

/// <summary>Where a page of a board begins.</summary>
/// <param name="Cost">That of the last row shown, smaller is better.</param>
/// <param name="Dated">Its date.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Id">Its id.</param>
/// <param name="Board">Which board it is of: benchmark version and filters.</param>
internal sealed record BoardCursor(double Cost, DateOnly Dated, DateTime RecordedAt, Guid Id, string Board);
