-- The districts served here, by code.
SELECT code, folder, name, reference_prefix, longitude, latitude, grids_used
FROM areas_district
ORDER BY code
