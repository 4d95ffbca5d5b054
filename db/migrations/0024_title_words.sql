-- Words of titles are search's words: papers that share them are found by its entries, without an index of their own.

drop index papers_title_words_idx;

create or replace function words_of_title(title text) returns tsvector language sql immutable parallel safe as $body$
    select search_vector(left(title, 1000))
$body$;

delete from title_words;
insert into title_words (word, paper_count)
select word, count(*)
from papers, unnest(array_append(tsvector_to_array(words_of_title(title)), '')) word
group by word;
