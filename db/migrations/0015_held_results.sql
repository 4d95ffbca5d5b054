-- What a moderator has taken off a board, its submitter does not put back by measuring it once more: the new figure waits
-- for a moderator, whoever writes it, a worker or a reuse of scores.

create function hold_for_moderator() returns trigger language plpgsql as $body$
begin
    if exists (
        select
        from results w
        join evaluations we on we.id = w.evaluation_id
        join submissions ws on ws.id = we.submission_id
        join evaluations e on e.id = new.evaluation_id
        join submissions s on s.id = e.submission_id
        where w.benchmark_id = new.benchmark_id and w.metric = new.metric and w.overruled
          and w.user_id = new.user_id
          -- Another name makes no other model of the same bytes.
          and (w.model_name = new.model_name or ws.checkpoint_sha256 = s.checkpoint_sha256)
          -- A moderator who accepts a later one has taken it back.
          and not exists (
              select from results a
              where a.benchmark_id = w.benchmark_id and a.metric = w.metric and a.user_id = w.user_id
                and a.model_name = new.model_name and a.kind = 'verified' and a.moderation = 'accepted'
                and not a.overruled and a.recorded_at > w.withdrawn_at)
    ) then
        new.moderation := 'pending';
    end if;
    return new;
end
$body$;

-- Triggers go by name: before results_shown, which asks whether it stands.
create trigger results_held before insert on results
for each row when (new.kind = 'verified' and new.moderation = 'accepted') execute function hold_for_moderator();
