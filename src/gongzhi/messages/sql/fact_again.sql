SELECT id, xid::text AS xid, at, kind, area, case_id, actor_kind, actor_id, post_id, request_id,
       action, data
FROM fact
WHERE id = %(fact)s
