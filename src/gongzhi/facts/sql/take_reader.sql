SELECT name, xid, fact, tries
FROM fact_reader
WHERE name = %(name)s AND (retry_at IS NULL OR retry_at <= %(now)s)
FOR UPDATE SKIP LOCKED
