-- The matters that hold a text, found by its pairs of letters: so many that are few, or one more.
SELECT case_id
FROM matters_matter
WHERE matters_pairs(words, title, place_text) @> matters_pairs(%(text)s, '', '')
  AND (strpos(lower(words), %(text)s) > 0 OR strpos(lower(title), %(text)s) > 0
       OR strpos(lower(place_text), %(text)s) > 0)
LIMIT %(most)s
