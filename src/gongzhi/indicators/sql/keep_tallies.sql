INSERT INTO indicators_month AS kept (cut, area, measure, month, key, n, amount)
SELECT cut, area, measure, date_trunc('month', day)::date, key,
       indicators_summed(array_agg(extract(day FROM day)::int), array_agg(n)),
       indicators_summed(array_agg(extract(day FROM day)::int) FILTER (WHERE amount <> 0),
                         array_agg(amount) FILTER (WHERE amount <> 0))
FROM unnest(%(cut)s::text[], %(area)s::text[], %(measure)s::text[], %(day)s::date[],
            %(key)s::text[], %(n)s::bigint[], %(amount)s::bigint[])
     AS given (cut, area, measure, day, key, n, amount)
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (cut, area, measure, month, key)
DO UPDATE SET n = indicators_added(kept.n, excluded.n),
              amount = coalesce(indicators_added(kept.amount, excluded.amount),
                                kept.amount, excluded.amount)
