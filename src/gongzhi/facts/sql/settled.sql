-- The newest fact that no transaction still running can get behind: nothing late is ever skipped.
SELECT xid::text AS xid, id AS fact
FROM fact
WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY fact.xid DESC, fact.id DESC
LIMIT 1
