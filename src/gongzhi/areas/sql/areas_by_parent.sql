-- The children of an area on a day, with how many children each of them has.
SELECT a.id, a.code, a.name, a.short_name, a.level, a.kind, a.parent, a.valid_from, a.valid_to,
       a.origin, d.level_names ->> a.level AS level_name, d.kind_names ->> a.kind AS kind_name,
       (SELECT count(*) FROM areas_area c
         WHERE c.parent = a.code
           AND c.valid_from <= %(on)s AND (c.valid_to IS NULL OR c.valid_to > %(on)s)) AS below
  FROM areas_area a
  LEFT JOIN areas_district d ON starts_with(a.code, d.code)
 WHERE a.parent = %(parent)s
   AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
 ORDER BY a.code
