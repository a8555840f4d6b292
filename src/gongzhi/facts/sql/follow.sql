-- What one reader has yet to see, up to the end of the settled log.
-- In the order of the column: `xid` alone would be the text named so here, and 10 before 9.
SELECT id, xid::text AS xid, at, kind, area, case_id, actor_kind, actor_id, post_id, request_id,
       action, data
FROM fact
WHERE (xid, id) > (%(xid)s::xid8, %(fact)s)
  AND (xid, id) <= (%(end_xid)s::xid8, %(end_fact)s)
  AND kind = ANY(%(kinds)s)
ORDER BY fact.xid, fact.id
LIMIT %(limit)s
