-- How many open items are late, due today, this week and later.
SELECT count(*) FILTER (WHERE i.due_at < %(now)s) AS late,
       count(*) FILTER (WHERE i.due_at >= %(now)s AND i.due_at < %(tomorrow)s) AS today,
       count(*) FILTER (WHERE i.due_at >= %(tomorrow)s AND i.due_at < %(next_week)s) AS week,
       count(*) FILTER (WHERE i.due_at IS NULL OR i.due_at >= %(next_week)s) AS later,
       count(*) FILTER (WHERE i.part = 'assist') AS assisting,
       count(*) FILTER (WHERE i.pool AND i.claimed_by_id IS NULL) AS claimable,
       count(*) AS total
FROM procedures_workitem i
WHERE i.done_at IS NULL
  AND (i.owner = ANY(%(owners)s) OR i.claimed_by_id = %(account)s)
  AND (i.claimed_by_id IS NULL OR i.claimed_by_id = %(account)s)
  AND i.case_id <> ALL (ARRAY(
      SELECT r.case_id FROM procedures_recusal r WHERE r.account = %(account)s))
