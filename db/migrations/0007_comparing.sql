-- What telling two results apart takes: how each interval was made, and which samples each evaluation has right.

alter table scores add column interval_method text;
update scores set interval_method = 'wilson' where interval_low is not null;
alter table scores add constraint scores_interval_method_check
    check ((interval_low is null) = (interval_method is null));

alter table results add column interval_method text;
update results set interval_method = 'wilson' where interval_low is not null;
alter table results add constraint results_interval_method_check
    check (interval_method is null or interval_low is not null);

-- One bit a sample, in the manifest's order: bits of two evaluations are compared without a join. Null where a protocol
-- has no top-1 a sample.
alter table predictions add column correct bit varying
    constraint predictions_correct_check check (length(correct) = cardinality(prediction));
update predictions p
set correct = (
    select string_agg(case when u.prediction = m.target then '1' else '0' end, '' order by m.ordinal)::bit varying
    from evaluations e
    cross join unnest(p.prediction) with ordinality as u (prediction, ordinal)
    join manifest_samples m on m.manifest_id = e.manifest_id and m.ordinal = u.ordinal - 1
    where e.id = p.evaluation_id
);
