SELECT id, at, kind, area, case_id, actor_kind, actor_id, post_id, request_id, action, data
FROM fact
WHERE case_id = %(case_id)s
ORDER BY id
LIMIT %(limit)s
