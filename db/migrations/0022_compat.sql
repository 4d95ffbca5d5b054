-- Results name papers by an address too.
create index papers_url_idx on papers using hash (url);
