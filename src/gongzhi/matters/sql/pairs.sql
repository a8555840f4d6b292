-- Every two letters that stand side by side in what a matter says: Chinese words are two letters
-- long, too short for trigrams. Dear enough that the planner looks into the index first.
CREATE FUNCTION matters_pairs(words text, title text, place text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
    SELECT coalesce(array_agg(DISTINCT pair), '{}') FROM (
        SELECT letter || lead(letter) OVER (ORDER BY place) AS pair
        FROM unnest(string_to_array(lower(words || E'\n' || title || E'\n' || place), NULL))
             WITH ORDINALITY AS letters (letter, place)
    ) AS pairs
    WHERE pair IS NOT NULL AND position(E'\n' IN pair) = 0
$$;
