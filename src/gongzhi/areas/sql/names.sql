-- The newest name of each code that began by a day, also of codes closed since.
SELECT DISTINCT ON (code) code, name
  FROM areas_area
 WHERE code = ANY(%(codes)s) AND valid_from <= %(on)s
 ORDER BY code, valid_from DESC
