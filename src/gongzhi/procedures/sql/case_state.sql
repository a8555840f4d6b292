-- Cases with their open items. What follows says which: by id or reference, and in whose reach.
SELECT id, reference, version_id, procedure, subject, subject_id, title, area, parent_id, stage,
       visit, status, outcome, outcome_kind, opened_at, closed_at, due_at, due_basis, due_note,
       own_due, own_due_basis,
       yellow_at, red_at, clock_at, paused_at, resume_at, supervised, recused, revision,
       (SELECT json_agg(json_build_array(i.id, i.part, i.owner, i.pool, i.claimed_by_id, i.due_at)
               ORDER BY i.id)
        FROM procedures_workitem i
        WHERE i.case_id = procedures_case.id AND i.done_at IS NULL) AS held
FROM procedures_case
