-- Open items of the actor, sorted by what is due, after a cursor.
SELECT i.id AS item, i.part, i.owner, i.pool, i.claimed_by_id AS claimed_by, i.due_at AS item_due,
       c.id, c.reference, c.title, c.area, c.procedure, c.subject, c.subject_id, c.stage,
       c.version_id, c.due_at, c.yellow_at, c.red_at, c.paused_at, c.opened_at, c.revision,
       coalesce(i.due_at, 'infinity') AS sort_due
FROM procedures_workitem i
JOIN procedures_case c ON c.id = i.case_id
WHERE i.done_at IS NULL
  AND (i.owner = ANY(%(owners)s) OR i.claimed_by_id = %(account)s)
  AND (i.claimed_by_id IS NULL OR i.claimed_by_id = %(account)s)
  AND i.part = ANY(%(parts)s)
  AND (%(unclaimed)s::boolean IS NOT TRUE OR (i.pool AND i.claimed_by_id IS NULL))
  AND (coalesce(i.due_at, 'infinity'), i.id) > (%(after_due)s::timestamptz, %(after_id)s)
ORDER BY coalesce(i.due_at, 'infinity'), i.id
LIMIT %(limit)s
