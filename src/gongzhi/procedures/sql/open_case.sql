-- A case with its first items and parties: one statement.
WITH made AS (
    INSERT INTO procedures_case (
        reference, version_id, procedure, subject, subject_id, title, area, parent_id, stage, visit,
        status, outcome, outcome_kind, opened_at, entered_at, due_at, due_basis, due_note,
        own_due, own_due_basis, yellow_at, red_at, clock_at, wake_at, woken_to, pauses, objected, revision)
    VALUES (
        %(reference)s, %(version)s, %(procedure)s, %(subject)s, %(subject_id)s, %(title)s, %(area)s,
        %(parent)s, %(stage)s, %(visit)s, 'open', '', '', %(now)s, %(now)s, %(due_at)s,
        %(due_basis)s, %(due_note)s, %(own_due)s, %(own_due_basis)s, %(yellow_at)s, %(red_at)s, %(clock_at)s, %(wake_at)s, %(now)s,
        0, false, 1)
    RETURNING id
), items AS (
    INSERT INTO procedures_workitem (case_id, stage, visit, part, owner, pool, opened_at, due_at)
    SELECT made.id, %(stage)s, %(visit)s, i.part, i.owner, i.pool, %(now)s, %(due_at)s
    FROM made, unnest(%(parts)s::text[], %(owners)s::text[], %(pools)s::boolean[])
        AS i (part, owner, pool)
), parties AS (
    INSERT INTO procedures_caseparty (case_id, organisation)
    SELECT made.id, o FROM made, unnest(%(parties)s::bigint[]) AS o
)
SELECT id FROM made
