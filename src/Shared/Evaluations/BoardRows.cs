namespace Leaderboard.Shared.Evaluations;

/// <summary>How an evaluation that has succeeded comes on its board, whoever measured or copied its scores.</summary>
public static class BoardRows
{
    /// <summary>
    /// Adds a result for each score of the evaluation <c>@id</c>: what boards rank is a row of its own, so that a board is one
    /// table's index.
    /// </summary>
    public const string Add = """
        insert into results (benchmark_id, metric, kind, value, interval_low, interval_high, interval_method,
                             model_name, user_id, paper_id, code_url, uses_additional_data, parameters,
                             eval_transform, precision, dated, evaluation_id, is_public, split, partial)
        select e.benchmark_id, sc.metric, 'verified', sc.value, sc.interval_low, sc.interval_high, sc.interval_method,
               s.model_name, s.user_id, s.paper_id, s.code_url, s.uses_additional_data,
               (e.provenance ->> 'parameter_count')::bigint, s.eval_transform, s.precision,
               (s.created_at at time zone 'utc')::date, e.id, s.visibility = 'public', sc.split, sc.partial
        from evaluations e
        join submissions s on s.id = e.submission_id
        join scores sc on sc.evaluation_id = e.id
        where e.id = @id
        """;
}
