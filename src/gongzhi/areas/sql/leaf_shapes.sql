-- The outlines to which a point is located: of areas with no outlined area inside them.
SELECT a.code, s.geometry
  FROM areas_areashape s
  JOIN areas_area a ON a.id = s.area_id
 WHERE a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
   AND NOT EXISTS (
     SELECT 1 FROM areas_area c JOIN areas_areashape cs ON cs.area_id = c.id
      WHERE c.parent = a.code
        AND c.valid_from <= %(on)s AND (c.valid_to IS NULL OR c.valid_to > %(on)s))
 ORDER BY a.code
