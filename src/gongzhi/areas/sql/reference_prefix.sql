-- The letters of reference numbers in the district that one of the codes names.
SELECT reference_prefix FROM areas_district WHERE code = ANY(%(codes)s) LIMIT 1
