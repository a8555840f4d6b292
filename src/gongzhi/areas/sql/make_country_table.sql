-- Where the country's rows wait until those already known are left out.
CREATE TEMPORARY TABLE areas_country (code text COLLATE "C", name text, kind text) ON COMMIT DROP
