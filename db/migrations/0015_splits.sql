-- Whether a board has a result on test, which decides what it ranks by default.
create index results_on_test_idx on results (benchmark_id, metric)
    where kind = 'verified' and split = 'test' and not partial;
