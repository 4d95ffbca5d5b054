-- What metrics count: how evaluations ended, without reading a row.

create index evaluations_outcome_idx on evaluations (state, failure_code) include (done)
    where state in ('succeeded', 'failed', 'cancelled');
