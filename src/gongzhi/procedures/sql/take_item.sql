-- One item goes to one person: of several at once one gets it, and nobody who is recused meanwhile.
-- The case is held first, as a recusal does, so that both see each other.
WITH held AS (
    SELECT id FROM procedures_case
    WHERE id = %(case)s AND %(account)s::bigint <> ALL (recused)
    FOR NO KEY UPDATE
)
UPDATE procedures_workitem i SET claimed_by_id = %(account)s
FROM held
WHERE i.id = %(item)s AND i.case_id = held.id AND i.done_at IS NULL
  AND (i.claimed_by_id IS NULL OR %(over)s AND i.claimed_by_id <> %(account)s)
RETURNING i.id
