-- Fails, and with it the load, if any two spans of one code overlap.
ALTER TABLE areas_area ADD CONSTRAINT areas_area_no_overlap
  EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to) WITH &&)
