-- The element type of the forward pass stands beside every verified score. A reported figure's is not known.

alter table results add column precision text
    constraint results_precision_check check (precision in ('float32', 'bfloat16'));
update results set precision = 'float32' where kind = 'verified';
