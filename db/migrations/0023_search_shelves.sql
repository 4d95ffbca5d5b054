-- Search: what is prominent is looked through shelf by shelf too; words and the best row of a model are looked up by index.

-- Tiers that are looked through at once, best first: few at first, then more and more. Those below 5 are prominent (a tier
-- below 32), which have indexes of their own.
create or replace function search_shelf(tier smallint) returns int language sql immutable strict parallel safe as $body$
    select width_bucket(tier, array[4, 16, 24, 29, 32, 39, 41, 43, 48, 55, 57, 59])
$body$;

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

-- The words that all must be there, each of them with those that may stand for it.
create function search_conjuncts(asked tsquery) returns text[] language sql immutable strict parallel safe as $body$
    select regexp_split_to_array(asked::text, ' & (?![^(]*\))')
$body$;

-- The condition that a text has these words. What is in most texts comes last, and is looked for only in those that have the
-- words before it: of a sentence that takes half the time.
create function search_text_condition(asked tsquery) returns text language sql stable as $body$
    with frequent as materialized (
        select m.lexeme, m.share
        from pg_stats s
        cross join unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) m (lexeme, share)
        where s.schemaname = 'public' and s.tablename = 'search_entries' and s.attname = 'body'
    )
    select string_agg(format('e.body @@ %L', p.part), ' and ' order by n.share nulls first)
    from unnest(search_conjuncts(asked)) p (part)
    cross join lateral (
        select sum(f.share) as share
        from string_to_table(translate(p.part, '''() ', ''), '|') l (lexeme)
        join frequent f using (lexeme)
    ) n
$body$;

-- What matches on whichever shelf, best first; null where that is more than can be sorted quickly.
create function all_search_hits(condition text, seen bigint[], wanted int) returns bigint[] language plpgsql stable as $body$
declare
    hits bigint[];
begin
    execute format(
        'select array(
             select x.id
             from (select e.id, e.tier, e.dated from search_entries e where %s limit 1501) x
             order by x.tier, x.dated desc nulls last, x.id)', condition)
    into hits;
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
-- name, 5 by words of the text. Of each, what is most prominent is looked through first, shelf by shelf; then all at once, or
-- where that is too many, the other shelves. A sentence has few matches, and is looked for everywhere at once.
create or replace function find_search_entries(
    whole text, in_names tsquery, in_text tsquery, kinds text[], paper_beginnings boolean, wanted int, wanted_of_text int)
returns table (id bigint, class int) language plpgsql stable rows 20
set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as $body$
declare
    -- Of all kinds there is nothing to tell apart.
    of_kind constant tsquery := (
        select string_agg(quote_literal('@' || kind), '|') from unnest(kinds) kind having count(*) < 5)::tsquery;
    beginning constant text[] := case when paper_beginnings then kinds else array_remove(kinds, 'paper') end;
    found  bigint[] := '{}';
    hits   bigint[];
    of_all bigint[];
    asked  tsquery;
    at_once int := 3;
begin
    for step in 1..5 loop
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
            at_once := case when cardinality(search_conjuncts(in_text)) > 5 then 0 else at_once end;
        end if;
        asked := case step
            when 1 then quote_literal('=' || whole)::tsquery
            when 3 then in_names
            when 4 then quote_literal('~' || whole)::tsquery
            else in_text end;
        asked := coalesce(of_kind && asked, asked);
        for shelf in 0..12 loop
            of_all := case shelf when at_once then all_search_hits(
                case when step < 5 then format('e.terms @@ %L', asked) else search_text_condition(asked) end,
                found, wanted - cardinality(found)) end;
            hits := coalesce(of_all, search_hits(asked, step = 5, shelf, found, wanted - cardinality(found)));
            return query select h, step from unnest(hits) h;
            found := found || hits;
            exit when of_all is not null or cardinality(found) >= wanted;
        end loop;
        exit when cardinality(found) >= wanted;
    end loop;
end
$body$;

-- A join would read all words of names to find the few of a query.
alter function read_search_query(text, text, text[], boolean) set enable_hashjoin = off set enable_mergejoin = off;

-- Compiled to machine code it would take 80 ms longer, whatever it writes.
alter function put_search_entries(text, text[], boolean) set jit = off;

drop index table_rows_model_idx;
create index table_rows_model_idx on table_rows (model_name, best_rank, id);

-- Each entry has its shelf among its lexemes.
insert into search_changes (kind, key) select kind, key from search_entries;
