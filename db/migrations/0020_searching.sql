-- What of a shelf matches, by its names or by its text, best first.
create function search_hits(asked tsquery, in_text boolean, shelf int, seen bigint[], wanted int) returns bigint[]
language plpgsql stable as $body$
declare
    on_shelf constant tsquery := asked && quote_literal('#' || shelf)::tsquery;
begin
    if shelf < 5 and in_text then
        return array(
            select e.id from search_entries e
            where e.tier < 32 and e.body @@ on_shelf and e.id <> all (seen)
            order by e.tier, e.dated desc nulls last, e.id
            limit wanted);
    elsif shelf < 5 then
        return array(
            select e.id from search_entries e
            where e.tier < 32 and e.terms @@ on_shelf and e.id <> all (seen)
            order by e.tier, e.dated desc nulls last, e.id
            limit wanted);
    elsif in_text then
        return array(
            select e.id from search_entries e
            where e.body @@ on_shelf and e.id <> all (seen)
            order by e.tier, e.dated desc nulls last, e.id
            limit wanted);
    else
        return array(
            select e.id from search_entries e
            where e.terms @@ on_shelf and e.id <> all (seen)
            order by e.tier, e.dated desc nulls last, e.id
            limit wanted);
    end if;
end
$body$;

-- What matches on whichever shelf, best first; null where that is more than can be sorted quickly.
create function all_search_hits(asked tsquery, in_text boolean, seen bigint[], wanted int) returns bigint[]
language plpgsql stable as $body$
declare
    hits bigint[];
begin
    if in_text then
        hits := array(
            select x.id
            from (select e.id, e.tier, e.dated from search_entries e where e.body @@ asked limit 1501) x
            order by x.tier, x.dated desc nulls last, x.id);
    else
        hits := array(
            select x.id
            from (select e.id, e.tier, e.dated from search_entries e where e.terms @@ asked limit 1501) x
            order by x.tier, x.dated desc nulls last, x.id);
    end if;
    if cardinality(hits) > 1500 then
        return null;
    end if;
    return array(
        select h from unnest(hits) with ordinality t (h, place)
        where h <> all (seen)
        order by place
        limit wanted);
end
$body$;

-- What has a name that begins so: the prominent ones, then the others where the beginning is not a letter or two, which too
-- many have.
create function search_beginnings(beginning text, kinds text[], seen bigint[], wanted int) returns bigint[]
language plpgsql stable as $body$
declare
    behind constant text := beginning || chr(1114111);
    hits bigint[];
begin
    hits := array(
        select e.id from search_entries e
        where e.tier < 32 and e.kind = any (kinds) and e.name >= beginning and e.name < behind and e.id <> all (seen)
        order by e.tier, e.dated desc nulls last, e.id
        limit wanted);
    if cardinality(hits) = wanted or length(beginning) < 3 then
        return hits;
    end if;
    return hits || array(
        select e.id from search_entries e
        where e.kind = any (kinds) and e.name >= beginning and e.name < behind and e.id <> all (seen || hits)
        order by e.tier, e.dated desc nulls last, e.id
        limit wanted - cardinality(hits));
end
$body$;

-- The best matches, those that match better first: 1 by a name, 2 by its beginning, 3 by words of a name, 4 by an author's
-- name, 5 by words of the text. Of each, what is prominent is looked through first, shelf by shelf; then all at once, or where
-- that is too many, the other shelves.
create function find_search_entries(
    whole text, in_names tsquery, in_text tsquery, kinds text[], paper_beginnings boolean, wanted int, wanted_of_text int)
returns table (id bigint, class int) language plpgsql stable rows 20
set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as $body$
declare
    -- Of all kinds there is nothing to tell apart.
    of_kind constant tsquery := (
        select string_agg(quote_literal('@' || kind), '|') from unnest(kinds) kind having count(*) < 5)::tsquery;
    beginning constant text[] := case when paper_beginnings then kinds else array_remove(kinds, 'paper') end;
    found    bigint[] := '{}';
    hits     bigint[];
    asked    tsquery;
    step     int;
    is_whole boolean;
begin
    foreach step in array array[1, 2, 3, 4, 5] loop
        continue when step in (3, 5) and numnode(in_text) = 0;
        if step = 2 then
            hits := search_beginnings(whole, beginning, found, wanted - cardinality(found));
            return query select h, step from unnest(hits) h;
            found := found || hits;
            exit when cardinality(found) >= wanted;
            continue;
        end if;
        if step = 5 then
            wanted := greatest(wanted, wanted_of_text);
        end if;
        asked := case step
            when 1 then quote_literal('=' || whole)::tsquery
            when 3 then in_names
            when 4 then quote_literal('~' || whole)::tsquery
            else in_text end;
        asked := coalesce(of_kind && asked, asked);
        for shelf in 0..12 loop
            is_whole := false;
            if shelf = 5 then
                hits := all_search_hits(asked, step = 5, found, wanted - cardinality(found));
                is_whole := hits is not null;
            end if;
            if not is_whole then
                hits := search_hits(asked, step = 5, shelf, found, wanted - cardinality(found));
            end if;
            return query select h, step from unnest(hits) h;
            found := found || hits;
            exit when is_whole or cardinality(found) >= wanted;
        end loop;
        exit when cardinality(found) >= wanted;
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
        select t.word, t.place, (select true from search_words w where w.word = t.word) is not null as is_known,
               is_typing_last and t.place = max(t.place) over () and length(t.word) > 1 as is_typing
        from regexp_split_to_table(search_words_of(loose), ' ') with ordinality t (word, place)
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
         from (select table_id from table_rows where model_name = e.key order by best_rank, id limit 1) r
         join evaluation_tables et on et.id = r.table_id)
        limit 1
    ) s on e.kind = 'model'
    where e.kind <> 'model' or s.task_id is not null
    order by f.place;
end
$body$;
