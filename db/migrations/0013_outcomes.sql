-- What metrics count: how evaluations ended, without reading a row. What was evaluated here counts once: no copy of scores,
-- no realm beside the whole.

create index evaluations_outcome_idx on evaluations (state, failure_code) include (done)
    where state in ('succeeded', 'failed', 'cancelled') and parent_id is null and reused_from is null;
