-- Lists of papers, newest first, and what papers have in common: how many papers a task, a method and a word of titles have says
-- how much it tells that two share it.

create index papers_newest_idx on papers ((coalesce(published_on, '-infinity'::date)), id);

-- Rows of paper_tasks and paper_methods are added and deleted, never changed.
alter table tasks add column paper_count int not null default 0;
alter table methods add column paper_count int not null default 0;

create function count_papers_of_tasks() returns trigger language plpgsql as $body$
begin
    update tasks t
    set paper_count = t.paper_count + case tg_op when 'INSERT' then c.papers else -c.papers end
    from (select task_id, count(*) as papers from changed group by task_id) c
    where t.id = c.task_id;
    return null;
end
$body$;

create trigger paper_tasks_added after insert on paper_tasks
referencing new table as changed for each statement execute function count_papers_of_tasks();
create trigger paper_tasks_deleted after delete on paper_tasks
referencing old table as changed for each statement execute function count_papers_of_tasks();

create function count_papers_of_methods() returns trigger language plpgsql as $body$
begin
    update methods m
    set paper_count = m.paper_count + case tg_op when 'INSERT' then c.papers else -c.papers end
    from (select method_id, count(*) as papers from changed group by method_id) c
    where m.id = c.method_id;
    return null;
end
$body$;

create trigger paper_methods_added after insert on paper_methods
referencing new table as changed for each statement execute function count_papers_of_methods();
create trigger paper_methods_deleted after delete on paper_methods
referencing old table as changed for each statement execute function count_papers_of_methods();

-- What follows the first thousand characters is no title.
create function words_of_title(title text) returns tsvector language sql immutable parallel safe as $body$
    select to_tsvector('pg_catalog.english', left(title, 1000))
$body$;

create index papers_title_words_idx on papers using gin (words_of_title(title));

create table title_words (
    word        text constraint title_words_pkey primary key,   -- a lexeme; the empty one is of every paper
    paper_count int not null
);

insert into title_words (word, paper_count)
select word, count(*)
from papers, unnest(array_append(tsvector_to_array(words_of_title(title)), '')) word
group by word;

create function count_title_words() returns trigger language plpgsql as $body$
begin
    if tg_op = 'INSERT' then
        insert into title_words (word, paper_count)
        select word, count(*)
        from changed, unnest(array_append(tsvector_to_array(words_of_title(title)), '')) word
        group by word order by word
        on conflict (word) do update set paper_count = title_words.paper_count + excluded.paper_count;
    elsif tg_op = 'DELETE' then
        update title_words w
        set paper_count = w.paper_count - c.papers
        from (select word, count(*) as papers
              from changed, unnest(array_append(tsvector_to_array(words_of_title(title)), '')) word
              group by word) c
        where w.word = c.word;
    else
        insert into title_words (word, paper_count)
        select word, sum(papers)
        from (select c.title as now, e.title as before
              from changed c join earlier e on e.id = c.id where c.title <> e.title) t,
             lateral (select unnest(tsvector_to_array(words_of_title(t.now))) as word, 1 as papers
                      union all
                      select unnest(tsvector_to_array(words_of_title(t.before))), -1) w
        group by word order by word
        on conflict (word) do update set paper_count = title_words.paper_count + excluded.paper_count;
    end if;
    return null;
end
$body$;

create trigger papers_added_count_words after insert on papers
referencing new table as changed for each statement execute function count_title_words();
create trigger papers_deleted_count_words after delete on papers
referencing old table as changed for each statement execute function count_title_words();
create trigger papers_changed_count_words after update on papers
referencing old table as earlier new table as changed for each statement execute function count_title_words();
