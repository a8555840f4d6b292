-- Open the divisions that are left: those whose code has never been used here.
INSERT INTO areas_area (code, name, short_name, kind, valid_from, origin)
SELECT c.code, left(c.name, 60), left(c.name, 60), c.kind, %(since)s, %(origin)s
  FROM areas_country c
