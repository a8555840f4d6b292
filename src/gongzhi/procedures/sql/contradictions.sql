-- Cases that stand otherwise than the log says: each with what stands and what was recorded.
SELECT c.reference, c.status, c.stage, c.outcome,
       coalesce(last.kind, '') AS last_kind,
       coalesce(last.data ->> 'stage', '') AS last_stage,
       coalesce(last.data ->> 'outcome', '') AS last_outcome,
       EXISTS (SELECT FROM procedures_workitem i WHERE i.case_id = c.id AND i.done_at IS NULL) AS held,
       c.clock_at IS NOT NULL AS timed
FROM procedures_case c
LEFT JOIN LATERAL (
    SELECT f.kind, f.data
    FROM fact f
    WHERE f.case_id = c.id
      AND f.kind IN ('procedures.stage_entered', 'procedures.case_closed',
                     'procedures.case_cancelled')
    ORDER BY f.id DESC
    LIMIT 1
) last ON true
WHERE last.kind IS NULL
   OR last.data ->> 'stage' IS DISTINCT FROM c.stage
   OR (c.status = 'open') <> (last.kind = 'procedures.stage_entered')
   OR (c.status = 'closed' AND last.data ->> 'outcome' IS DISTINCT FROM c.outcome)
   OR (c.status = 'open' AND c.clock_at IS NULL AND NOT EXISTS (
        SELECT FROM procedures_workitem i WHERE i.case_id = c.id AND i.done_at IS NULL))
ORDER BY c.id
