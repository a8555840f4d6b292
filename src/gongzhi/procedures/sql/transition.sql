-- One step of a case: the conditional UPDATE decides a race, and all else follows from its row.
WITH moved AS (
  UPDATE procedures_case SET stage = %(stage)s, visit = visit + %(step)s, status = %(status)s,
    outcome = %(outcome)s, outcome_kind = %(outcome_kind)s, entered_at = %(entered_at)s,
    closed_at = %(closed_at)s, due_at = %(due_at)s, due_basis = %(due_basis)s,
    due_note = %(due_note)s, yellow_at = %(yellow_at)s, red_at = %(red_at)s,
    clock_at = %(clock_at)s, wake_at = %(wake_at)s, woken_to = %(now)s, paused_at = NULL,
    resume_at = NULL, pauses = 0, objected = false, revision = revision + 1
  WHERE id = %(case)s AND revision = %(revision)s
  RETURNING id, visit, revision
), done AS (
  UPDATE procedures_workitem i SET done_at = %(now)s, done_by = %(account)s
  FROM moved WHERE i.case_id = moved.id AND i.done_at IS NULL
  RETURNING i.id
), unanswered AS (
  UPDATE procedures_pause p SET approved = false, ruled_at = %(now)s
  FROM moved WHERE p.case_id = moved.id AND p.approved IS NULL
  RETURNING p.id
), held AS (
  INSERT INTO procedures_workitem (case_id, stage, visit, part, owner, pool, opened_at, due_at)
  SELECT moved.id, %(stage)s, moved.visit, o.part, o.owner, o.pool, %(now)s, %(due_at)s
  FROM moved, unnest(%(parts)s::text[], %(owners)s::text[], %(pools)s::boolean[])
    AS o (part, owner, pool)
  RETURNING id, part, owner, pool
), party AS (
  INSERT INTO procedures_caseparty (case_id, organisation)
  SELECT moved.id, p FROM moved, unnest(%(parties)s::bigint[]) AS p
  ON CONFLICT DO NOTHING
), written AS (
  INSERT INTO procedures_entry (case_id, stage, visit, move, data, account, at)
  SELECT moved.id, %(source)s, %(visit)s, %(move)s, %(data)s::jsonb, %(account)s, %(now)s
  FROM moved
  RETURNING id
)
SELECT moved.visit, moved.revision, (SELECT id FROM written) AS entry,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(id, part, owner, pool, NULL, false) ORDER BY id),
    '[]') FROM held)::text AS items
FROM moved
