-- A page far behind is reached over the index alone, which must hold the column itself for that, not only what is made of it.
drop index papers_newest_idx;
create index papers_newest_idx on papers (coalesce(published_on, '-infinity'::date), id) include (published_on);
