-- Every succession that touches the rows of one code.
SELECT j.id AS adjustment, j.kind, j.title, j.takes_effect, j.batch,
       p.code AS old_code, p.name AS old_name, n.code AS new_code, n.name AS new_name,
       s.households, s.residents
  FROM areas_succession s
  JOIN areas_adjustment j ON j.id = s.adjustment_id
  JOIN areas_area p ON p.id = s.predecessor_id
  JOIN areas_area n ON n.id = s.successor_id
 WHERE s.id IN (
   SELECT x.id FROM areas_succession x JOIN areas_area a ON a.id = x.predecessor_id
    WHERE a.code = %(code)s
   UNION
   SELECT x.id FROM areas_succession x JOIN areas_area a ON a.id = x.successor_id
    WHERE a.code = %(code)s)
 ORDER BY j.takes_effect DESC, j.id DESC, p.code, n.code
