-- Open cases, told apart by what is asked for: the area below, the age (by the days each stretch
-- of ages begins with), category, organisation; and whether they are past their time.
SELECT CASE WHEN %(by_part)s THEN left(area, %(length)s) ELSE '' END AS part,
       CASE WHEN %(by_age)s THEN width_bucket(%(today)s::date - opened_on, %(ages)s::int[])
            ELSE 0 END AS age,
       CASE WHEN %(by_category)s THEN category ELSE '' END AS category,
       CASE WHEN %(by_organisation)s THEN organisation ELSE 0 END AS organisation,
       procedure,
       (NOT paused AND due_at IS NOT NULL AND due_at < %(now)s) AS overdue,
       count(*)::bigint AS n
FROM indicators_card
WHERE is_open AND area >= %(low)s AND area < %(high)s AND opened_on IS NOT NULL
  AND (%(only)s = '' OR category = %(only)s)
GROUP BY 1, 2, 3, 4, 5, 6
