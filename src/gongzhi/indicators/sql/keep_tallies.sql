INSERT INTO indicators_tally (cut, area, measure, day, key, n, amount)
SELECT * FROM unnest(%(cut)s::text[], %(area)s::text[], %(measure)s::text[], %(day)s::date[],
                     %(key)s::text[], %(n)s::bigint[], %(amount)s::bigint[])
ON CONFLICT (cut, area, measure, day, key)
DO UPDATE SET n = indicators_tally.n + excluded.n, amount = indicators_tally.amount + excluded.amount
