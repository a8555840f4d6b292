-- Open cases by procedure and whether they are past their time, told apart by what is asked for
-- beside: composed, as twenty thousand rows by six keys take three times as long as by two.
SELECT {told}procedure, (NOT paused AND due_at IS NOT NULL AND due_at < %(now)s) AS overdue,
       count(*)::bigint AS n
FROM indicators_card
WHERE is_open AND area >= %(low)s AND area < %(high)s AND opened_on IS NOT NULL{only}
GROUP BY {names}procedure, overdue
