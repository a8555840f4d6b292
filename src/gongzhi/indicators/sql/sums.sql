-- Tallies of areas in one way of cutting, summed within each of the stretches of days: what a
-- month had counted by the stretch's last day, less what it had before its first.
WITH part AS (
    SELECT area, key, measure, stretch,
           n[least(high - month + 1, 31)] - coalesce(n[low - month], 0) AS n,
           amount[least(high - month + 1, 31)] - coalesce(amount[low - month], 0) AS amount
    FROM indicators_month
    JOIN unnest(%(starts)s::date[], %(ends)s::date[]) WITH ORDINALITY AS s (low, high, stretch)
      ON high >= month AND low < month + interval '1 month'
    WHERE cut = %(cut)s AND area = ANY(%(areas)s::text[]) AND measure = ANY(%(measures)s::text[])
      AND month >= date_trunc('month', %(first)s::date)::date AND month <= %(last)s
)
SELECT area, key, measure, stretch, sum(n)::bigint AS n, coalesce(sum(amount), 0)::bigint AS amount
FROM part
GROUP BY 1, 2, 3, 4
HAVING sum(n) <> 0 OR sum(amount) <> 0
