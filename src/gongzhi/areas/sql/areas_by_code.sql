-- Areas by code on a day, each with its district's own words for its level and kind.
SELECT a.id, a.code, a.name, a.short_name, a.level, a.kind, a.parent, a.valid_from, a.valid_to,
       a.origin, d.level_names ->> a.level AS level_name, d.kind_names ->> a.kind AS kind_name
  FROM areas_area a
  LEFT JOIN areas_district d ON starts_with(a.code, d.code)
 WHERE a.code = ANY(%(codes)s)
   AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
 ORDER BY a.code
