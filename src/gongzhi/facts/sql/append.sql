INSERT INTO fact (at, kind, area, case_id, actor_kind, actor_id, post_id, request_id, action, data)
SELECT * FROM unnest(
    %(at)s::timestamptz[], %(kind)s::text[], %(area)s::text[], %(case_id)s::bigint[],
    %(actor_kind)s::text[], %(actor_id)s::bigint[], %(post_id)s::bigint[],
    %(request_id)s::text[], %(action)s::text[], %(data)s::jsonb[]
)
