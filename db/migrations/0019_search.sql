-- Search: one row a thing that can be found, by name and by text. It is kept by triggers, so whoever writes tasks, papers or
-- results need not know of it; what comes in by the thousand waits in search_changes until refresh_search.

create extension if not exists unaccent schema public;
create extension if not exists pg_trgm schema public;

create text search configuration search (copy = english);
alter text search configuration search
    alter mapping for word, hword, hword_part with unaccent, english_stem;

-- Signs that make the parser read two words as one, or a number as a negative one: 'CIFAR-10', 'ViT-B/16', 'e.g.'.
create function search_vector(words text) returns tsvector language sql immutable strict parallel safe as $body$
    select to_tsvector('public.search', translate(words, '-/_.@<>&', '        '))
$body$;

-- Words in small letters without accents, a space between them.
create function search_words_of(words text) returns text language sql immutable strict parallel safe as $body$
    select btrim(regexp_replace(lower(public.unaccent('public.unaccent', words)), '[^[:alnum:]]+', ' ', 'g'))
$body$;

-- A name however it is spaced and hyphenated: 'resnet50'.
create function search_name(words text) returns text language sql immutable strict parallel safe as $body$
    select left(replace(public.search_words_of(words), ' ', ''), 250)
$body$;

-- Where a thing stands among those that match equally well, from 0: how much stands with it (level 0 to 3), then what it is,
-- then papers by year.
create function search_tier(level int, kind text, dated date) returns smallint language sql immutable parallel safe as $body$
    select (16 * level + case kind
        when 'task' then 0 when 'dataset' then 1 when 'method' then 2 when 'model' then 3
        else coalesce(14 - width_bucket(
            extract(year from dated), array[2016, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2026]::numeric[]), 15) end)::smallint
$body$;

-- Tiers that are looked through at once, best first, below those that are prominent, which have indexes of their own.
create function search_shelf(tier smallint) returns int language sql immutable strict parallel safe as $body$
    select width_bucket(tier, array[32, 39, 41, 43, 48, 55, 57, 59])
$body$;

create table search_entries (
    id    bigint   constraint search_entries_pkey primary key generated always as identity,
    kind  text     not null constraint search_entries_kind_check check (kind in ('task', 'dataset', 'method', 'model', 'paper')),
    key   text     not null,                -- its id; of a model the name
    title text     not null,
    name  text     collate "C" not null,    -- search_name of the title
    tier  smallint not null,
    dated date,
    terms tsvector not null,   -- words of its names; each name as '=resnet50', author as '~junnanli', kind as '@task', shelf as '#3'
    body  tsvector not null,   -- words of everything that is said of it, without their places; kind and shelf again
    constraint search_entries_key unique (kind, key)
) with (toast_tuple_target = 1024);
alter table search_entries alter body set storage external;
create index search_entries_name_idx on search_entries (kind, name);
create index search_entries_prominent_name_idx on search_entries (name) where tier < 32;
create index search_entries_prominent_terms_idx on search_entries using gin (terms) where tier < 32;
create index search_entries_prominent_body_idx on search_entries using gin (body) where tier < 32;
create index search_entries_terms_idx on search_entries using gin (terms);
create index search_entries_body_idx on search_entries using gin (body);

-- Words of names, by which a misspelt one is corrected and one that is being typed is completed.
create table search_words (
    word    text collate "C" constraint search_words_pkey primary key,
    entries int  not null   -- in how many names, about
);
create index search_words_trigrams_idx on search_words using gin (word gin_trgm_ops);

create table search_changes (
    kind text not null,
    key  text not null
);

create index results_standing_model_idx on results (model_name) where upper_inf(shown);
create index table_rows_model_idx on table_rows (model_name);

-- What search should know, read from where it stands.
create function search_sources(of_kind text, keys text[])
returns table (key text, title text, names text[], authors text[], level int, dated date, description text)
language plpgsql stable as $body$
begin
    case of_kind
    when 'task' then
        return query
        select t.id, t.name, t.synonyms || t.id, '{}'::text[],
               case when exists (select from benchmarks b where b.task_id = t.id) or n.papers >= 200 then 0
                    when n.papers >= 20 then 1 when n.papers > 0 then 2 else 3 end,
               null::date, t.description
        from tasks t
        cross join lateral (select count(*) as papers from paper_tasks p where p.task_id = t.id) n
        where t.id = any (keys);
    when 'dataset' then
        return query
        select d.id, d.name, d.variants || array[d.full_name, d.id], '{}'::text[],
               case when exists (select from benchmarks b where b.dataset_id = d.id) or d.num_papers >= 200 then 0
                    when d.num_papers >= 20 then 1 when d.num_papers > 0 then 2 else 3 end,
               d.introduced_on, concat_ws(' ', d.full_name, nullif(d.short_description, d.description), d.description)
        from datasets d
        where d.id = any (keys);
    when 'method' then
        return query
        select m.id, m.name, array[m.full_name, m.id], '{}'::text[],
               case when m.num_papers >= 200 then 0 when m.num_papers >= 20 then 1 when m.num_papers > 0 then 2 else 3 end,
               null::date, concat_ws(' ', m.full_name, m.description)
        from methods m
        where m.id = any (keys);
    when 'model' then
        return query
        select k.name, k.name, '{}'::text[], '{}'::text[], case when n.rows >= 10 then 0 when n.rows >= 3 then 1 else 2 end,
               null::date, ''
        from unnest(keys) k (name)
        cross join lateral (
            select (select count(*) from results r where r.model_name = k.name and upper_inf(r.shown))
                   + (select count(*) from table_rows r where r.model_name = k.name) as rows
        ) n
        where n.rows > 0;
    when 'paper' then
        return query
        select p.id, p.title,
               array[p.id, p.arxiv_id, p.slug,
                     -- 'BERT: Pre-training of …' is called BERT.
                     case when strpos(p.title, ':') between 2 and 60 then split_part(p.title, ':', 1) end],
               p.authors,
               case when n.results >= 5 then 0 when n.results > 0 then 1
                    when exists (select from paper_repositories c where c.paper_id = p.id) then 2 else 3 end,
               p.published_on, concat_ws(' ', array_to_string(p.authors, ' '), p.abstract)
        from papers p
        cross join lateral (
            select (select count(*) from results r where r.paper_id = p.id and upper_inf(r.shown))
                   + (select count(*) from table_rows r where r.paper_id = p.id) as results
        ) n
        where p.id = any (keys);
    end case;
end
$body$;

-- Brings the entries of these in step with what they stand for. Words that are new are added; those that are not are counted
-- only where counting is asked for, since it makes writers wait for one another.
create function put_search_entries(of_kind text, keys text[], count_words boolean) returns void
language plpgsql as $body$
declare
    added text[];
begin
    -- Who comes second reads after the first has ended.
    perform from search_entries where kind = of_kind and key = any (keys) order by key for update;
    delete from search_entries e
    where e.kind = of_kind and e.key = any (keys)
      and not exists (select from search_sources(of_kind, keys) s where s.key = e.key);
    with sources as (
        select s.*, search_tier(s.level, of_kind, s.dated) as tier from search_sources(of_kind, keys) s
    ),
    marked as (
        select s.*,
               array(select distinct '=' || search_name(n) from unnest(s.title || s.names[:500]) n where search_name(n) <> '')
               || array(select distinct '~' || search_name(a) from unnest(s.authors[:500]) a where search_name(a) <> '')
               as marks,
               array_to_tsvector(array['@' || of_kind, '#' || search_shelf(s.tier)]) as places
        from sources s
    ),
    put as (
        insert into search_entries (kind, key, title, name, tier, dated, terms, body)
        select of_kind, m.key, m.title, search_name(m.title), m.tier, m.dated,
               search_vector(left(
                   concat_ws(' ', m.title, case when of_kind <> 'paper' then array_to_string(m.names, ' ; ') end), 20000))
                   || array_to_tsvector(m.marks) || m.places,
               strip(search_vector(left(concat_ws(' ', m.title, m.description), 20000))) || m.places
        from marked m
        order by m.key
        on conflict on constraint search_entries_key do update
        set title = excluded.title, name = excluded.name, tier = excluded.tier, dated = excluded.dated,
            terms = excluded.terms, body = excluded.body
        where (search_entries.title, search_entries.tier, search_entries.dated, search_entries.terms, search_entries.body)
              is distinct from (excluded.title, excluded.tier, excluded.dated, excluded.terms, excluded.body)
        returning search_entries.key, search_entries.title
    )
    select array_agg(w.word)
    into added
    from put
    join sources s using (key)
    cross join lateral (
        select distinct word
        from regexp_split_to_table(
            search_words_of(left(concat_ws(' ', put.title, array_to_string(s.authors, ' ')), 20000)), ' ') word
        where length(word) between 1 and 40
    ) w;
    if count_words then
        insert into search_words (word, entries)
        select word, count(*) from unnest(added) word group by word order by word
        on conflict (word) do update set entries = search_words.entries + excluded.entries;
    else
        insert into search_words (word, entries)
        select a.word, count(*)
        from unnest(added) a (word)
        where not exists (select from search_words w where w.word = a.word)
        group by a.word order by a.word
        on conflict do nothing;
    end if;
end
$body$;

-- Said of what was written. Many at once are left to refresh_search.
create function note_search_changes(of_kind text, keys text[]) returns void language plpgsql as $body$
begin
    if cardinality(keys) > 500 then
        insert into search_changes (kind, key) select of_kind, key from unnest(keys) key;
    elsif cardinality(keys) > 0 then
        perform put_search_entries(of_kind, keys, count_words => false);
    end if;
end
$body$;

-- Arguments: the kind, its key among the columns, the row's primary key, and what search reads of the row.
create function keep_search() returns trigger language plpgsql as $body$
declare
    keys text[];
begin
    if tg_op = 'UPDATE' then
        execute format(
            'with different as (
                 select c.%1$I::text as new, e.%1$I::text as old
                 from changed c full join earlier e using (%2$s)
                 where (%3$s) is distinct from (%4$s))
             select array_agg(key) from (select new from different union select old from different) d (key) where key is not null',
            tg_argv[1], tg_argv[2],
            (select string_agg('c.' || quote_ident(name), ', ') from unnest(string_to_array(tg_argv[3], ' ')) name),
            (select string_agg('e.' || quote_ident(name), ', ') from unnest(string_to_array(tg_argv[3], ' ')) name))
        into keys;
    else
        execute format(
            'select array_agg(distinct %1$I::text) from %2$I where %1$I is not null', tg_argv[1],
            case tg_op when 'INSERT' then 'changed' else 'earlier' end)
        into keys;
    end if;
    perform note_search_changes(tg_argv[0], keys);
    return null;
end
$body$;

do $body$
declare
    kept record;
begin
    for kept in
        select * from (values
            ('tasks', 'task', 'id', 'id', 'id name synonyms description'),
            ('datasets', 'dataset', 'id', 'id',
             'id name full_name variants num_papers introduced_on short_description description'),
            ('methods', 'method', 'id', 'id', 'id name full_name num_papers description'),
            ('papers', 'paper', 'id', 'id', 'id title authors arxiv_id slug published_on abstract'),
            ('paper_repositories', 'paper', 'paper_id', 'paper_id, repository_url', 'paper_id'),
            ('benchmarks', 'task', 'task_id', 'id', 'task_id'),
            ('benchmarks', 'dataset', 'dataset_id', 'id', 'dataset_id'),
            ('table_rows', 'model', 'model_name', 'id', 'model_name'),
            ('table_rows', 'paper', 'paper_id', 'id', 'paper_id'),
            ('results', 'model', 'model_name', 'id', 'shown'),
            ('results', 'paper', 'paper_id', 'id', 'shown paper_id')
        ) k (source, kind, key, primary_key, columns)
    loop
        execute format(
            'create trigger %1$I after insert on %2$I referencing new table as changed
             for each statement execute function keep_search(%3$L, %4$L, %5$L, %6$L)',
            kept.source || '_added_search_' || kept.kind, kept.source, kept.kind, kept.key, kept.primary_key, kept.columns);
        execute format(
            'create trigger %1$I after update on %2$I referencing old table as earlier new table as changed
             for each statement execute function keep_search(%3$L, %4$L, %5$L, %6$L)',
            kept.source || '_changed_search_' || kept.kind, kept.source, kept.kind, kept.key, kept.primary_key, kept.columns);
        execute format(
            'create trigger %1$I after delete on %2$I referencing old table as earlier
             for each statement execute function keep_search(%3$L, %4$L, %5$L, %6$L)',
            kept.source || '_removed_search_' || kept.kind, kept.source, kept.kind, kept.key, kept.primary_key, kept.columns);
    end loop;
end
$body$;

-- The best matches, those that match better first: 1 by a name, 2 by its beginning, 3 by words of a name, 4 by an author's
-- name, 5 by words of the text. First what is prominent is looked through, then all, and where that is too many to be sorted, shelf by shelf.
create function find_search_entries(
    whole text, in_names tsquery, in_text tsquery, kinds text[], paper_beginnings boolean, wanted int, wanted_of_text int)
returns table (id bigint, class int) language plpgsql stable rows 20
set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as $body$
declare
    -- Of all kinds there is nothing to tell apart.
    of_kind constant tsquery := (
        select string_agg(quote_literal('@' || kind), '|') from unnest(kinds) kind having count(*) < 5)::tsquery;
    beginning constant text[] := case when paper_beginnings then kinds else array_remove(kinds, 'paper') end;
    found   bigint[] := '{}';
    hits    bigint[];
    asked   tsquery;
    step    int;
    below   int;
begin
    foreach step in array array[1, 3, 4, 5] loop
        asked := case step
            when 1 then quote_literal('=' || whole)::tsquery
            when 4 then quote_literal('~' || whole)::tsquery
            when 3 then in_names
            else in_text end;
        asked := coalesce(of_kind && asked, asked);
        if step in (3, 5) and numnode(in_text) = 0 then
            continue;
        end if;
        if step = 5 then
            wanted := greatest(wanted, wanted_of_text);
        end if;
        if step < 5 then
            hits := array(
                select e.id from search_entries e
                where e.tier < 32 and e.terms @@ asked and e.id <> all (found)
                order by e.tier, e.dated desc nulls last, e.id
                limit wanted - cardinality(found));
        else
            hits := array(
                select e.id from search_entries e
                where e.tier < 32 and e.body @@ asked and e.id <> all (found)
                order by e.tier, e.dated desc nulls last, e.id
                limit wanted - cardinality(found));
        end if;
        return query select h, step from unnest(hits) h;
        found := found || hits;
        exit when cardinality(found) >= wanted;
        if step < 5 then
            hits := array(
                select x.id
                from (select e.id, e.tier, e.dated from search_entries e where e.terms @@ asked limit 1501) x
                order by x.tier, x.dated desc nulls last, x.id);
        else
            hits := array(
                select x.id
                from (select e.id, e.tier, e.dated from search_entries e where e.body @@ asked limit 1501) x
                order by x.tier, x.dated desc nulls last, x.id);
        end if;
        if cardinality(hits) <= 1500 then
            hits := array(
                select h from unnest(hits) with ordinality t (h, place)
                where h <> all (found)
                order by place
                limit wanted - cardinality(found));
            return query select h, step from unnest(hits) h;
            found := found || hits;
        else
            for shelf in 1..8 loop
                if step < 5 then
                    hits := array(
                        select e.id from search_entries e
                        where e.terms @@ (asked && quote_literal('#' || shelf)::tsquery) and e.id <> all (found)
                        order by e.tier, e.dated desc nulls last, e.id
                        limit wanted - cardinality(found));
                else
                    hits := array(
                        select e.id from search_entries e
                        where e.body @@ (asked && quote_literal('#' || shelf)::tsquery) and e.id <> all (found)
                        order by e.tier, e.dated desc nulls last, e.id
                        limit wanted - cardinality(found));
                end if;
                return query select h, step from unnest(hits) h;
                found := found || hits;
                exit when cardinality(found) >= wanted;
            end loop;
        end if;
        exit when cardinality(found) >= wanted;
        if step = 1 then
            foreach below in array array[32, 64] loop
                -- Names that begin with one letter or two are too many but for the prominent ones.
                exit when below = 64 and (length(whole) < 3 or cardinality(found) >= wanted);
                if below = 32 then
                    hits := array(
                        select e.id from search_entries e
                        where e.tier < 32 and e.kind = any (beginning)
                          and e.name >= whole and e.name < whole || chr(1114111) and e.id <> all (found)
                        order by e.tier, e.dated desc nulls last, e.id
                        limit wanted - cardinality(found));
                else
                    hits := array(
                        select e.id from search_entries e
                        where e.kind = any (beginning)
                          and e.name >= whole and e.name < whole || chr(1114111) and e.id <> all (found)
                        order by e.tier, e.dated desc nulls last, e.id
                        limit wanted - cardinality(found));
                end if;
                return query select h, 2 from unnest(hits) h;
                found := found || hits;
            end loop;
            exit when cardinality(found) >= wanted;
        end if;
    end loop;
end
$body$;

-- What somebody typed, as it is searched for. Functions keep their plans, and compile none to machine code, which takes longer
-- than any search.
create function read_search_query(whole text, loose text, phrases text[], is_typing_last boolean)
returns table (name text, in_names text, in_text text, any_word text, initials text[], unknown text[])
language plpgsql stable set jit = off set plan_cache_mode = force_generic_plan as $body$
#variable_conflict use_column
begin
    return query
    -- Of a word that is being typed, the ten most frequent ones that it may become count too.
    with typed as (
        select t.word, t.place, w.entries is not null as is_known,
               is_typing_last and t.place = max(t.place) over () and length(t.word) > 1 as is_typing
        from regexp_split_to_table(search_words_of(loose), ' ') with ordinality t (word, place)
        left join search_words w on w.word = t.word
        where t.word <> ''
    ),
    completed as (
        select t.word, t.place, t.is_known, c.words,
               (select string_agg(q::text, '|')
                from unnest(t.word || coalesce(c.words, '{}')) x, plainto_tsquery('public.search', x) q
                where numnode(q) > 0) as query
        from typed t
        left join lateral (
            select array_agg(x.word) as words
            from (
                select w.word from search_words w
                where t.is_typing and w.word > t.word and w.word < t.word || chr(1114111)
                order by w.entries desc, w.word
                limit 10
            ) x
        ) c on numnode(plainto_tsquery('public.search', t.word)) > 0
    ),
    parts as (
        select query, query as in_text from completed where query <> ''
        union all
        select phraseto_tsquery('public.search', search_words_of(p))::text,
               plainto_tsquery('public.search', search_words_of(p))::text
        from unnest(phrases) p
        where numnode(phraseto_tsquery('public.search', search_words_of(p))) > 0
    )
    select search_name(whole) as name,
           coalesce((select string_agg('(' || query || ')', '&') from parts), '') as in_names,
           coalesce((select string_agg('(' || in_text || ')', '&') from parts), '') as in_text,
           coalesce((select string_agg(replace(in_text, '&', '|'), '|') from parts), '') as any_word,
           array(select distinct left(x, 1) from completed, unnest(word || coalesce(words, '{}')) x
                 union select left(x, 1) from unnest(phrases) p, regexp_split_to_table(search_words_of(p), ' ') x
                 where x <> '') as initials,
           array(select word from completed where not is_known and words is null and query <> '' order by place)
               as unknown;
end
$body$;

-- The best matches with what is shown of them. A model is where a result of it stands, else where its best row is.
create function search_matches(
    whole text, in_names tsquery, in_text tsquery, kinds text[], paper_beginnings boolean, wanted int, wanted_of_text int)
returns table (class int, kind text, key text, title text, tier smallint, dated date, authors text[], origin text,
               description text, board text, evaluation_table text, task_id text, dataset_id text)
language plpgsql stable rows 20 set jit = off set plan_cache_mode = force_generic_plan as $body$
#variable_conflict use_column
begin
    return query
    select f.class, e.kind, e.key, e.title, e.tier, e.dated, coalesce(p.authors, '{}') as authors,
           coalesce(p.origin, t.origin, d.origin, m.origin, s.origin, 'user') as origin,
           case e.kind when 'paper' then coalesce(p.abstract, '') when 'task' then t.description
                       when 'dataset' then d.description when 'method' then m.description else '' end as description,
           s.board, s.evaluation_table, s.task_id, s.dataset_id
    from find_search_entries(
             whole, in_names, in_text, kinds, paper_beginnings, wanted, wanted_of_text)
         with ordinality f (id, class, place)
    join search_entries e on e.id = f.id
    left join papers p on e.kind = 'paper' and p.id = e.key
    left join tasks t on e.kind = 'task' and t.id = e.key
    left join datasets d on e.kind = 'dataset' and d.id = e.key
    left join methods m on e.kind = 'method' and m.id = e.key
    left join lateral (
        (select 'user' as origin, b.name as board, null::text as evaluation_table, b.task_id, b.dataset_id
         from results r
         join benchmarks b on b.id = r.benchmark_id
         where r.model_name = e.key and upper_inf(r.shown)
         order by r.recorded_at, r.id
         limit 1)
        union all
        (select et.origin, null, et.id, et.task_id, et.dataset_id
         from table_rows r
         join evaluation_tables et on et.id = r.table_id
         where r.model_name = e.key
         order by r.best_rank, r.id
         limit 1)
        limit 1
    ) s on e.kind = 'model'
    where e.kind <> 'model' or s.task_id is not null
    order by f.place;
end
$body$;

-- Does a few thousand of what waits in search_changes, of one kind: first keys and then words are locked, both in their order, so
-- that several can do it at once. Says how many changes it has done; none are left where it has done none.
create function refresh_some_search() returns int language plpgsql as $body$
declare
    of_kind text;
    keys    text[];
    done    int;
begin
    select c.kind into of_kind from search_changes c limit 1 for update skip locked;
    with taken as (
        delete from search_changes
        where ctid = any (array(
            select c.ctid from search_changes c where c.kind = of_kind limit 5000 for update skip locked))
        returning key
    )
    select array_agg(distinct key), count(*) into keys, done from taken;
    if done > 0 then
        perform put_search_entries(of_kind, keys, count_words => true);
    end if;
    return done;
end
$body$;

-- Does all that waits; of two at once, one. The Api calls it from time to time, outside a transaction. An importer, which has
-- many call refresh_some_search at once, holds the lock meanwhile.
create procedure refresh_search() language plpgsql as $body$
declare
    done  int;
    whole bigint := 0;
begin
    loop
        exit when not pg_try_advisory_xact_lock('search_changes'::regclass::oid::bigint);
        done := refresh_some_search();
        exit when done = 0;
        whole := whole + done;
        commit;
    end loop;
    if whole > 0 then
        -- Papers have been added to tasks.
        perform put_search_entries('task', array(select id from tasks), count_words => false);
    end if;
end
$body$;

insert into search_changes (kind, key)
select 'task', id from tasks
union all select 'dataset', id from datasets
union all select 'method', id from methods
union all select 'paper', id from papers
union all select distinct 'model', model_name from results where upper_inf(shown);
