-- The matter of a case with its sealed reporter and its photos, oldest first: one statement.
SELECT m.id, m.title, m.words, m.category, m.channel, m.anonymous, m.place_text, m.lon, m.lat,
       m.reported_at, m.solved, m.satisfaction, m.accused,
       r.id IS NOT NULL AS named, r.name_sealed, r.phone_sealed,
       (SELECT json_agg(json_build_array(p.id, p.digest, p.width, p.height, p.origin, p.stage, p.at)
               ORDER BY p.id)
        FROM matters_photo p WHERE p.matter_id = m.id) AS photos
FROM matters_matter m
LEFT JOIN matters_reporter r ON r.matter_id = m.id
WHERE m.case_id = %(case)s
