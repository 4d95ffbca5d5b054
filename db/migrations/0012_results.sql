-- The life of a result: claimed, accepted or rejected, corrected, withdrawn, hidden. Each change is an event that stays, and a
-- board can be read as it stood at any instant. What boards are ranked by is kept ready: see is_best.

alter table results
    -- A reported result waits for a moderator; recorded_at is when it was accepted, then.
    add column moderation   text not null default 'accepted'
                            constraint results_moderation_check check (moderation in ('pending', 'accepted', 'rejected')),
    -- Set by the statement that withdraws it, before the row that takes its place is there.
    add column corrected_by uuid constraint results_corrected_by_key unique
                            constraint results_corrected_by_fkey references results deferrable initially deferred,
    -- What a moderator took back stays so: of catalog/, until the catalogue says something else; of a measured one, 0015.
    add column overruled    boolean not null default false,
    -- When it stood on its board, by whatever it was that took it off and put it back: kept by the triggers below.
    add column shown        tstzmultirange not null default '{}',
    -- Whether it stands there now and is the model's best among the results that no filter can tell apart: kept by them too.
    add column is_best      boolean not null default false,
    -- A model is an owner's model_name; reported figures have no owner.
    add column owner_id     uuid not null generated always as (
                                case when kind = 'verified' and user_id is not null
                                     then user_id else '00000000-0000-0000-0000-000000000000' end) stored,
    -- Smaller is better. The one metric of which less is more stands here as it does in Shared's Metric.
    add column cost         double precision not null generated always as (
                                case when metric = 'expected_calibration_error' then value else -value end) stored,
    add constraint results_corrected_check check (corrected_by is null or withdrawn_at is not null);

create table result_events (
    id        bigint      constraint result_events_pkey primary key generated always as identity,
    result_id uuid        not null constraint result_events_result_fkey references results,
    event     text        not null constraint result_events_event_check
                          check (event in ('submitted', 'recorded', 'accepted', 'rejected', 'corrected', 'withdrawn',
                                           'made_private', 'made_public')),
    at        timestamptz not null,
    user_id   uuid        constraint result_events_user_fkey references users,   -- who; null: this software
    reason    text
);

-- Counts up with every change of what a benchmark's boards show, so that a board can be kept in memory and never be stale.
create table board_revisions (
    benchmark_id uuid        constraint board_revisions_pkey primary key
                             constraint board_revisions_benchmark_fkey references benchmarks,
    revision     bigint      not null,
    changed_at   timestamptz not null
);

-- What was there before this.
update results set shown = tstzmultirange(tstzrange(recorded_at, withdrawn_at))
where is_public and recorded_at < coalesce(withdrawn_at, 'infinity');
insert into result_events (result_id, event, at) select id, 'recorded', recorded_at from results order by recorded_at;
insert into result_events (result_id, event, at)
select id, 'withdrawn', withdrawn_at from results where withdrawn_at is not null order by withdrawn_at;

drop index results_board_idx;
create index results_best_idx on results (benchmark_id, metric, cost, dated, recorded_at, id) where is_best;
create index results_model_idx on results (benchmark_id, metric, owner_id, model_name, cost, dated, recorded_at, id);
create index results_paper_idx on results (paper_id) where paper_id is not null;
create index results_user_idx on results (user_id) where user_id is not null;
create index results_catalog_idx on results (catalog_key) where catalog_key is not null;
create index results_recorded_idx on results (recorded_at, id);
create index results_benchmark_recorded_idx on results (benchmark_id, recorded_at, id);
create index results_pending_idx on results (recorded_at, id) where moderation = 'pending';
-- Whether a board has a result on test, which decides what it ranks by default.
create index results_on_test_idx on results (benchmark_id, metric)
where kind = 'verified' and split = 'test' and not partial;
-- A badge is of one name, and most names that are asked for are on no board.
create index results_name_idx on results (benchmark_id, metric, model_name) where is_best;
create index result_events_result_idx on result_events (result_id, at, id);
-- One claim is made once; an address may be longer than an index takes.
create unique index results_claim_key on results (benchmark_id, metric, model_name, value, md5(source_url))
where kind = 'reported' and catalog_key is null and moderation <> 'rejected' and withdrawn_at is null;

-- Whoever changes boards follows the one before, and takes this lock before any row of them: each sees what the others have
-- made best, and none waits in a circle.
create function follow_one_another() returns trigger language plpgsql as $body$
begin
    perform pg_advisory_xact_lock('board_revisions'::regclass::oid::bigint);
    return null;
end
$body$;

create trigger results_follow before insert or update on results
for each statement execute function follow_one_another();
create trigger board_revisions_follow before insert or update on board_revisions
for each statement execute function follow_one_another();

create function touch_boards(ids uuid[]) returns void language sql as $body$
    insert into board_revisions (benchmark_id, revision, changed_at)
    select id, 1, clock_timestamp() from unnest(ids) id order by id
    on conflict (benchmark_id) do update
    set revision = board_revisions.revision + 1, changed_at = greatest(clock_timestamp(), board_revisions.changed_at)
$body$;

create function keep_shown() returns trigger language plpgsql as $body$
declare
    stands boolean := new.moderation = 'accepted' and new.is_public and new.withdrawn_at is null;
begin
    if tg_op = 'INSERT' then
        new.shown := case when new.moderation = 'accepted' and new.is_public
                          then tstzmultirange(tstzrange(new.recorded_at, new.withdrawn_at)) else '{}' end;
        new.is_best := stands and not new.partial;
        return new;
    end if;
    if (new.benchmark_id, new.metric, new.kind, new.value, new.model_name)
       is distinct from (old.benchmark_id, old.metric, old.kind, old.value, old.model_name) then
        raise exception 'a correction is a result of its own (%)', old.id using errcode = 'restrict_violation';
    end if;
    if upper_inf(old.shown) and not stands then
        new.shown := old.shown * tstzmultirange(tstzrange(null, coalesce(new.withdrawn_at, now())));
    elsif stands and not upper_inf(old.shown) then
        new.shown := old.shown + tstzmultirange(
            tstzrange(case when old.moderation = 'accepted' then now() else new.recorded_at end, null));
    end if;
    new.is_best := new.is_best and stands and not new.partial;
    return new;
end
$body$;

create trigger results_shown before insert or update on results
for each row execute function keep_shown();

-- Who and why are settings of the transaction, where it has them.
create function write_result_events() returns trigger language plpgsql as $body$
declare
    who uuid := nullif(current_setting('leaderboard.actor', true), '');
    why text := nullif(current_setting('leaderboard.reason', true), '');
begin
    if tg_op = 'INSERT' then
        insert into result_events (result_id, event, at, user_id, reason)
        select id, case moderation when 'pending' then 'submitted' else 'recorded' end, recorded_at, who, why
        from changed;
    else
        insert into result_events (result_id, event, at, user_id, reason)
        select n.id, e.event, e.at, who, why
        from changed n
        join earlier o using (id)
        cross join lateral (values
            ('accepted', n.recorded_at, o.moderation <> 'accepted' and n.moderation = 'accepted'),
            ('rejected', now(), o.moderation <> 'rejected' and n.moderation = 'rejected'),
            ('made_private', now(), o.is_public and not n.is_public),
            ('made_public', now(), n.is_public and not o.is_public),
            (case when n.corrected_by is null then 'withdrawn' else 'corrected' end, n.withdrawn_at,
             o.withdrawn_at is null and n.withdrawn_at is not null)
        ) e (event, at, happened)
        where e.happened;
    end if;
    return null;
end
$body$;

-- Makes the best of each model's results the best again.
create function rank_models() returns trigger language plpgsql as $body$
begin
    -- At depth 2 it is its own update that has changed them.
    if pg_trigger_depth() > 1 or not exists (select from changed) then
        return null;
    end if;
    perform touch_boards(array(select distinct benchmark_id from changed));
    update results r
    set is_best = b.is_best
    from (
        select x.id,
               1 = row_number() over (
                   partition by x.benchmark_id, x.metric, x.owner_id, x.model_name, x.kind, x.uses_additional_data,
                                x.parameters, x.eval_transform is null, x.precision, x.split, x.protocol_deviation is null
                   order by x.cost, x.dated, x.recorded_at, x.id) as is_best
        from results x
        where upper_inf(x.shown)
          and not x.partial
          and exists (
              select from changed c
              where c.benchmark_id = x.benchmark_id and c.metric = x.metric
                and c.owner_id = x.owner_id and c.model_name = x.model_name)
    ) b
    where r.id = b.id and r.is_best <> b.is_best;
    return null;
end
$body$;

create trigger results_added after insert on results
referencing new table as changed for each statement execute function write_result_events();
create trigger results_changed after update on results
referencing old table as earlier new table as changed for each statement execute function write_result_events();
create trigger results_ranked_added after insert on results
referencing new table as changed for each statement execute function rank_models();
create trigger results_ranked_changed after update on results
referencing new table as changed for each statement execute function rank_models();

-- What boards show beside results.
create function touch_boards_of_neighbour() returns trigger language plpgsql as $body$
begin
    if tg_table_name = 'benchmarks' then
        perform touch_boards(array[new.id]);
    elsif tg_table_name = 'papers' then
        perform touch_boards(array(select distinct benchmark_id from results where paper_id = new.id));
    elsif tg_table_name = 'users' then
        perform touch_boards(array(select distinct benchmark_id from results where user_id = new.id));
    else
        perform touch_boards(array(select benchmark_id from evaluations where id = new.evaluation_id));
    end if;
    return null;
end
$body$;

create trigger benchmarks_touch_boards after update on benchmarks
for each row when (old is distinct from new) execute function touch_boards_of_neighbour();
create trigger papers_added_touch_boards after insert on papers
for each row execute function touch_boards_of_neighbour();
create trigger papers_touch_boards after update on papers
for each row when ((old.title, old.url) is distinct from (new.title, new.url)) execute function touch_boards_of_neighbour();
create trigger users_touch_boards after update on users
for each row when (old.name <> new.name) execute function touch_boards_of_neighbour();
create trigger scores_touch_boards after update on scores
for each row execute function touch_boards_of_neighbour();
create trigger predictions_touch_boards after update on predictions
for each row execute function touch_boards_of_neighbour();

-- Makes every row find its place once.
update results set is_best = upper_inf(shown) and not partial;
