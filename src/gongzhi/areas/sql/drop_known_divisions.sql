-- Leave only divisions whose code has never been used here.
DELETE FROM areas_country c USING areas_area a WHERE a.code = c.code
