-- For each code, the names from its district (else county) down, joined.
SELECT w.code, string_agg(n.name, ' › ' ORDER BY n.code) AS path
  FROM unnest(%(codes)s::text[]) AS w(code)
  LEFT JOIN areas_district d ON starts_with(w.code, d.code)
  CROSS JOIN LATERAL (
    SELECT DISTINCT ON (a.code) a.code, a.name
      FROM areas_area a
     WHERE a.code = ANY(ARRAY[left(w.code, 4), left(w.code, 6), left(w.code, 9),
                              left(w.code, 12), left(w.code, 15), left(w.code, 18), w.code])
       AND (a.code = w.code OR length(a.code) >= coalesce(length(d.code), 6))
       AND a.valid_from <= %(on)s
     ORDER BY a.code, a.valid_from DESC
  ) n
 GROUP BY w.code
