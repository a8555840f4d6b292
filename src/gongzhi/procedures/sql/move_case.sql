-- One move: the conditional update decides a race, everything else hangs on its row.
WITH moved AS (
    UPDATE procedures_case SET
        stage = %(stage)s, visit = %(visit)s, status = %(status)s, outcome = %(outcome)s,
        outcome_kind = %(outcome_kind)s, closed_at = %(closed_at)s, entered_at = %(now)s,
        due_at = %(due_at)s, due_basis = %(due_basis)s, due_note = %(due_note)s,
        yellow_at = %(yellow_at)s, red_at = %(red_at)s, clock_at = %(clock_at)s,
        wake_at = %(wake_at)s, woken_to = %(now)s, paused_at = NULL, resume_at = NULL,
        pauses = 0, objected = false, revision = revision + 1
    WHERE id = %(case)s AND revision = %(revision)s
        AND (%(account)s::bigint IS NULL OR %(account)s::bigint <> ALL (recused))
    RETURNING id, revision, supervised
), closed AS (
    UPDATE procedures_workitem i SET done_at = %(now)s, done_by = %(account)s
    FROM moved WHERE i.case_id = moved.id AND i.done_at IS NULL
), unanswered AS (
    UPDATE procedures_pause p SET approved = false, ruled_at = %(now)s
    FROM moved WHERE p.case_id = moved.id AND p.approved IS NULL
), written AS (
    INSERT INTO procedures_entry (case_id, stage, visit, move, data, account, at)
    SELECT moved.id, %(from_stage)s, %(from_visit)s, %(move)s, %(data)s::jsonb, %(account)s, %(now)s
    FROM moved WHERE %(data)s::jsonb <> '{}'::jsonb
    RETURNING id
), items AS (
    INSERT INTO procedures_workitem (case_id, stage, visit, part, owner, pool, opened_at, due_at)
    SELECT moved.id, %(stage)s, %(visit)s, i.part, i.owner, i.pool, %(now)s, %(due_at)s
    FROM moved, unnest(%(parts)s::text[], %(owners)s::text[], %(pools)s::boolean[])
        AS i (part, owner, pool)
    RETURNING id, part, owner, pool
), parties AS (
    INSERT INTO procedures_caseparty (case_id, organisation)
    SELECT moved.id, o FROM moved, unnest(%(parties)s::bigint[]) AS o
    ON CONFLICT DO NOTHING
)
SELECT moved.revision, moved.supervised, (SELECT id FROM written) AS entry,
    (SELECT coalesce(json_agg(json_build_array(id, part, owner, pool) ORDER BY id), '[]')
        FROM items)::text AS held
FROM moved
