-- Counts on days of one month, as 31 sums: each from the first of the month to the end of a day.
CREATE FUNCTION indicators_summed(days int[], counts bigint[]) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    sums bigint[] := array_fill(0::bigint, ARRAY[31]);
BEGIN
    FOR i IN 1 .. cardinality(days) LOOP
        sums[days[i]] := sums[days[i]] + counts[i];
    END LOOP;
    FOR day IN 2 .. 31 LOOP
        sums[day] := sums[day] + sums[day - 1];
    END LOOP;
    RETURN sums;
END $$;
CREATE FUNCTION indicators_added(sums bigint[], more bigint[]) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    FOR day IN 1 .. 31 LOOP
        sums[day] := sums[day] + more[day];
    END LOOP;
    RETURN sums;
END $$;

-- A row is written anew whenever its month counts on: the next version finds room beside it.
ALTER TABLE indicators_month SET (fillfactor = 80);
INSERT INTO indicators_month (cut, area, measure, month, key, n, amount)
SELECT cut, area, measure, date_trunc('month', day)::date, key,
       indicators_summed(array_agg(extract(day FROM day)::int), array_agg(n)),
       indicators_summed(array_agg(extract(day FROM day)::int) FILTER (WHERE amount <> 0),
                         array_agg(amount) FILTER (WHERE amount <> 0))
FROM indicators_tally
WHERE n <> 0 OR amount <> 0
GROUP BY 1, 2, 3, 4, 5;

-- The same day by day, for whoever compares.
DROP TABLE indicators_tally;
CREATE VIEW indicators_tally (cut, area, measure, day, key, n, amount) AS
SELECT cut, area, measure, month + day - 1, key, n[day] - coalesce(n[day - 1], 0),
       coalesce(amount[day] - coalesce(amount[day - 1], 0), 0)
FROM indicators_month, generate_series(1, 31) AS day
WHERE n[day] <> coalesce(n[day - 1], 0) OR amount[day] <> coalesce(amount[day - 1], 0);
