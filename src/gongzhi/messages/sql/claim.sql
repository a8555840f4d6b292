-- The oldest due e-mail that no other worker holds becomes this worker's, and no other's.
UPDATE notices_delivery
SET state = 'sending', tries = tries + 1, claim = claim + 1, claimed_at = %(now)s, next_try = NULL
WHERE id = (
    SELECT id FROM notices_delivery
    WHERE state IN ('waiting', 'failed') AND next_try <= %(now)s AND (urgent OR NOT %(quiet)s)
    ORDER BY next_try, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
) AND state IN ('waiting', 'failed')
RETURNING id, tries, claim
