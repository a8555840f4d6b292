-- One case with the items of its present stay in a stage, its evidence and its sub-cases.
SELECT c.*,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(
      i.id, i.part, i.owner, i.pool, i.claimed_by_id, i.done_at IS NOT NULL) ORDER BY i.id), '[]')
    FROM procedures_workitem i WHERE i.case_id = c.id AND i.visit = c.visit)::text AS items,
  (SELECT coalesce(jsonb_object_agg(e.kind, e.n), '{}') FROM (
      SELECT kind, count(*) AS n FROM procedures_evidence
      WHERE case_id = c.id AND visit = c.visit GROUP BY kind) e)::text AS evidence,
  (SELECT jsonb_build_array(count(*) FILTER (WHERE s.status = 'open'), count(*))
    FROM procedures_case s WHERE s.parent_id = c.id AND s.opened_at >= c.entered_at)::text
    AS children
FROM procedures_case c
WHERE c.id = %(case)s
