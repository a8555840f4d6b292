-- The matters that a case goes on for (its own, and those merged into it) of which somebody left
-- an address to be told at.
SELECT listed.id AS case_id, listed.reference, matter.main_id IS NOT NULL AS merged
FROM matters_matter own
JOIN matters_matter matter ON matter.id = own.id OR matter.main_id = own.id
JOIN procedures_case listed ON listed.id = matter.case_id
WHERE own.case_id = %(case)s
  AND EXISTS (
      SELECT FROM notices_address address
      WHERE address.subject_kind = 'case' AND address.subject_id = listed.id
        AND address.stopped_at IS NULL
  )
ORDER BY listed.id
