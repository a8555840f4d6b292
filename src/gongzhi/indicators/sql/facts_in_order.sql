-- The settled facts up to the reader's place, case by case in the order they were written.
SELECT id, at, kind, area, case_id AS "case", actor_kind, data
FROM fact
WHERE (xid, id) <= (%(xid)s::xid8, %(fact)s) AND kind = ANY(%(kinds)s)
ORDER BY case_id NULLS FIRST, id
