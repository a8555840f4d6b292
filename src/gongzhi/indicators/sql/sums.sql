-- Tallies of areas in one way of cutting, summed by the stretch of days that each falls in.
SELECT area, key, measure, width_bucket(day, %(cuts)s::date[]) AS stretch,
       sum(n)::bigint AS n, sum(amount)::bigint AS amount
FROM indicators_tally
WHERE cut = %(cut)s AND area = ANY(%(areas)s::text[]) AND measure = ANY(%(measures)s::text[])
  AND day >= %(first)s AND day <= %(last)s
GROUP BY 1, 2, 3, 4
