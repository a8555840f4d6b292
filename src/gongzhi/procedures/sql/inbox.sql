-- Open items of the actor, sorted by what is due, after a cursor. Each owner's items come in the
-- order of their index and stop at the page, so that a long queue is not sorted for one page.
-- A token meets only what it was given the power to see; subjects are null for who signed in.
WITH mine AS (
    SELECT i.id, i.case_id, i.due_at, i.part, i.owner, i.pool, i.claimed_by_id
    FROM unnest(%(owners)s::text[]) AS o (owner)
    CROSS JOIN LATERAL (
        SELECT * FROM procedures_workitem w
        WHERE w.owner = o.owner AND w.done_at IS NULL
          AND (w.claimed_by_id IS NULL OR w.claimed_by_id = %(account)s)
          AND (%(subjects)s::text[] IS NULL OR EXISTS (SELECT FROM procedures_case s
              WHERE s.id = w.case_id AND s.subject = ANY(%(subjects)s)))
          AND w.part = ANY(%(parts)s)
          AND w.case_id <> ALL (ARRAY(
              SELECT r.case_id FROM procedures_recusal r WHERE r.account = %(account)s))
          AND (%(unclaimed)s::boolean IS NOT TRUE OR (w.pool AND w.claimed_by_id IS NULL))
          AND (coalesce(w.due_at, 'infinity'), w.id) > (%(after_due)s::timestamptz, %(after_id)s)
        ORDER BY w.due_at, w.id
        LIMIT %(limit)s
    ) AS i
    UNION ALL
    SELECT * FROM (
        SELECT w.id, w.case_id, w.due_at, w.part, w.owner, w.pool, w.claimed_by_id
        FROM procedures_workitem w
        WHERE w.claimed_by_id = %(account)s AND w.done_at IS NULL
          AND w.owner <> ALL(%(owners)s::text[])
          AND (%(subjects)s::text[] IS NULL OR EXISTS (SELECT FROM procedures_case s
              WHERE s.id = w.case_id AND s.subject = ANY(%(subjects)s)))
          AND w.part = ANY(%(parts)s) AND %(unclaimed)s::boolean IS NOT TRUE
          AND (coalesce(w.due_at, 'infinity'), w.id) > (%(after_due)s::timestamptz, %(after_id)s)
        ORDER BY w.due_at, w.id
        LIMIT %(limit)s
    ) AS claimed
)
SELECT i.id AS item, i.part, i.owner, i.pool, i.claimed_by_id AS claimed_by, i.due_at AS item_due,
       c.id, c.reference, c.title, c.area, c.procedure, c.subject, c.subject_id, c.stage,
       c.version_id, c.due_at, c.yellow_at, c.red_at, c.paused_at, c.opened_at, c.revision
FROM mine i
JOIN procedures_case c ON c.id = i.case_id
ORDER BY i.due_at, i.id
LIMIT %(limit)s
