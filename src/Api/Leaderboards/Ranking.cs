namespace Leaderboard.Api.Leaderboards;

/// <summary>Which results stand on a board, and in which order: what every statement on boards begins with.</summary>
internal static class Ranking
{
    // Of realms test is reported where there is one: its rows and those of val are no comparison.
    internal const string Filtered = """
        benchmark_id = @benchmarkId
        and metric = @metric
        and not partial
        and (@kind = 'all' or kind = @kind)
        and (@extraData::boolean is null or uses_additional_data = @extraData)
        and (@maxParameters::bigint is null or parameters <= @maxParameters)
        and (@evalTransform = 'any' or (@evalTransform = 'own') = (eval_transform is not null))
        and (@precision::text is null or coalesce(precision, @precision) = @precision)
        and (@split::text is null or coalesce(split, @split) = @split)
        and (not @prefersTest or coalesce(split, 'test') = 'test' or not exists (
            select from results tested
            where tested.benchmark_id = @benchmarkId and tested.metric = @metric
              and tested.kind = 'verified' and tested.split = 'test' and not tested.partial
              and case when @asOf::timestamptz is null then upper_inf(tested.shown)
                       else tested.shown @> @asOf::timestamptz end))
        and (not @followsProtocol or protocol_deviation is null)
        """;

    // What ranking takes, and the tests of ties: a million rows are sorted the faster the less there is of each.
    private const string Columns =
        "id, owner_id, model_name, cost, dated, recorded_at, value, kind, metric, evaluation_id";

    // A model's line is its best result. is_best leaves one of those that no filter tells apart; of the few that remain
    // the best is the one that has no better, which an index tells row by row: a million are not read for a page of fifty.
    private const string BestNow = $"""
        with counted as not materialized (
            select {Columns} from results where {Filtered} and is_best
        ),
        best as (
            select *
            from counted c
            where not exists (
                select from counted other
                where other.owner_id = c.owner_id
                  and other.model_name = c.model_name
                  and (other.cost, other.dated, other.recorded_at, other.id) < (c.cost, c.dated, c.recorded_at, c.id))
        )
        """;

    private const string BestThen = $"""
        with best as (
            select distinct on (owner_id, model_name) {Columns}
            from results
            where {Filtered} and shown @> @asOf::timestamptz
            order by owner_id, model_name, cost, dated, recorded_at, id
        )
        """;

    /// <summary>The rows of a board, as a common table expression <c>best</c>.</summary>
    public static string BestOf(BoardFilter filter) => filter.AsOf is null ? BestNow : BestThen;

    /// <summary>What the statements on a board's rows ask for.</summary>
    public static object Parameters(Board board, BoardFilter filter, int rows = 0, BoardCursor? after = null) => new
    {
        board.BenchmarkId,
        filter.Metric,
        filter.Kind,
        filter.ExtraData,
        filter.MaxParameters,
        filter.EvalTransform,
        filter.Precision,
        filter.Split,
        filter.PrefersTest,
        filter.FollowsProtocol,
        filter.AsOf,
        rows,
        compared = TiesWithFirst.MaxCompared,
        afterId = after?.Id,
        afterCost = after?.Cost,
        afterDated = after?.Dated,
        afterRecordedAt = after?.RecordedAt.ToUniversalTime(),
    };
}
