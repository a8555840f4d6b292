-- The open items of many cases, in the order in which they were made.
SELECT id, case_id, part, owner, pool, claimed_by_id AS claimed_by, due_at
FROM procedures_workitem
WHERE case_id = ANY(%(cases)s) AND done_at IS NULL
ORDER BY id
