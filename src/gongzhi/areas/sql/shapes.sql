-- Outlines of the areas of one level within a prefix, on a day.
SELECT a.code, a.name, a.kind, s.geometry, s.schematic, s.label_lon, s.label_lat
  FROM areas_area a
  JOIN areas_areashape s ON s.area_id = a.id
 WHERE a.code >= %(low)s AND a.code < %(high)s AND a.level = %(level)s
   AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
 ORDER BY a.code
