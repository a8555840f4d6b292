-- The matter of a case with its sealed reporter and its photos, oldest first: one statement. Of a
-- duplicate whom the case that goes on for it is against, and who is kept away from that case.
SELECT m.id, m.title, m.words, m.category, m.channel, m.anonymous, m.place_text, m.lon, m.lat,
       m.reported_at, m.solved, m.satisfaction,
       coalesce(m.accused, main.accused) AS accused, coalesce(goes_on.recused, '{}') AS kept_away,
       r.id IS NOT NULL AS named, r.name_sealed, r.phone_sealed,
       (SELECT json_agg(json_build_array(p.id, p.digest, p.width, p.height, p.origin, p.stage, p.at)
               ORDER BY p.id)
        FROM matters_photo p WHERE p.matter_id = m.id) AS photos
FROM matters_matter m
LEFT JOIN matters_reporter r ON r.matter_id = m.id
LEFT JOIN matters_matter main ON main.id = m.main_id
LEFT JOIN procedures_case goes_on ON goes_on.id = main.case_id
WHERE m.case_id = %(case)s
