-- Takes deliveries that are due for one sender: what another holds at this moment is passed over,
-- and what a dead one held is taken again when its lease is over.
WITH due AS (
    SELECT d.id
    FROM interchange_delivery AS d
    JOIN interchange_endpoint AS e ON e.id = d.endpoint_id
    WHERE d.state = 'waiting'
      AND d.next_at <= %(now)s
      AND e.paused_at IS NULL
      AND e.removed_at IS NULL
    ORDER BY d.next_at, d.id
    LIMIT %(most)s
    FOR UPDATE OF d SKIP LOCKED
)
UPDATE interchange_delivery AS d
SET tries = d.tries + 1, claim = %(claim)s, next_at = %(lease)s, tried_at = %(now)s
FROM due, interchange_endpoint AS e
WHERE d.id = due.id AND e.id = d.endpoint_id
RETURNING d.id, d.endpoint_id AS endpoint, d.event, d.body, d."case", d.tries,
          e.url, e.owner, e.secret_sealed, d.claim
