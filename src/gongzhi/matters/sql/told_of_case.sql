-- The matters that cases go on for (their own, and those merged into them) of which somebody left
-- an address to be told at.
SELECT own.case_id AS told_of, listed.id AS case_id, listed.reference, matter.main_id IS NOT NULL AS merged
FROM matters_matter own
JOIN matters_matter matter ON matter.id = own.id OR matter.main_id = own.id
JOIN procedures_case listed ON listed.id = matter.case_id
WHERE own.case_id = ANY(%(cases)s)
  AND EXISTS (
      SELECT FROM notices_address address
      WHERE address.subject_kind = 'case' AND address.subject_id = listed.id
        AND address.stopped_at IS NULL
  )
ORDER BY own.case_id, listed.id
