-- An area and what it lies in, from this installation's district (else from the county) down.
SELECT a.id, a.code, a.name, a.short_name, a.level, a.kind, a.parent, a.valid_from, a.valid_to,
       a.origin, d.level_names ->> a.level AS level_name, d.kind_names ->> a.kind AS kind_name
  FROM areas_area a
  LEFT JOIN areas_district d ON starts_with(%(code)s, d.code)
 WHERE a.code = ANY(%(codes)s)
   AND (a.code = %(code)s OR length(a.code) >= coalesce(length(d.code), 6))
   AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
 ORDER BY a.code
