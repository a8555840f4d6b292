-- One build of the index at the end is many times faster than a search in it for every row.
-- Both run in the load's own transaction under an exclusive lock: nobody ever sees it lifted.
ALTER TABLE areas_area DROP CONSTRAINT areas_area_no_overlap
