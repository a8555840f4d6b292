-- Open cases by the area below, by day of coming in, and whether they are past their time.
SELECT left(area, %(length)s) AS part, procedure,
       (%(today)s::date - opened_on) AS age,
       (NOT paused AND due_at IS NOT NULL AND due_at < %(now)s) AS overdue,
       category, organisation, count(*)::bigint AS n
FROM indicators_card
WHERE is_open AND area >= %(low)s AND area < %(high)s AND opened_on IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6
