-- Open every division whose code has never been used here.
INSERT INTO areas_area (code, name, short_name, kind, valid_from, origin)
SELECT c.code, left(c.name, 60), left(c.name, 60), c.kind, %(since)s, %(origin)s
  FROM areas_country c
 WHERE NOT EXISTS (SELECT 1 FROM areas_area a WHERE a.code = c.code)
