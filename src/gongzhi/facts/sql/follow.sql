-- In the order of the column: `xid` alone would be the text named so here, and 10 before 9.
-- Only rows of transactions older than every one still running: a late commit is never skipped.
SELECT id, xid::text AS xid, at, kind, area, case_id, actor_kind, actor_id, post_id, request_id,
       action, data
FROM fact
WHERE (xid, id) > (%(xid)s::xid8, %(fact)s)
  AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY fact.xid, fact.id
LIMIT %(limit)s
