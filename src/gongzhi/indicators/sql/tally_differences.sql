-- One measure counted anew from the cards beside what its tallies say: only what differs.
WITH counted AS (
    SELECT cuts.cut, left(c.area, cuts.level) AS area, day.day,
           CASE cuts.cut WHEN 't' THEN '' WHEN 'c' THEN c.category
                         ELSE c.organisation::text END AS key,
           count(*) AS n,
           sum(CASE WHEN %(sum)s = 'minutes' THEN c.minutes ELSE 0 END) AS amount
    FROM indicators_card c
    CROSS JOIN LATERAL (SELECT CASE %(day)s WHEN 'opened' THEN c.opened_on
                                            WHEN 'closed' THEN c.closed_on
                                            WHEN 'responded' THEN c.responded_on
                                            WHEN 'verdict' THEN c.verdict_on END AS day) day
    JOIN unnest(%(cuts)s::text[], %(levels)s::int[]) AS cuts (cut, level)
      ON length(c.area) >= cuts.level
    WHERE day.day IS NOT NULL
      AND (cuts.cut <> 'c' OR c.category <> '') AND (cuts.cut <> 'o' OR c.organisation <> 0)
      AND (%(procedure)s::text[] IS NULL OR c.procedure = ANY(%(procedure)s::text[]))
      AND (%(channel)s::text[] IS NULL OR c.channel = ANY(%(channel)s::text[]))
      AND (%(stage)s::text[] IS NULL OR c.stage = ANY(%(stage)s::text[]))
      AND (%(is_open)s::bool[] IS NULL OR c.is_open = ANY(%(is_open)s::bool[]))
      AND (%(outcome_kind)s::text[] IS NULL OR c.outcome_kind = ANY(%(outcome_kind)s::text[]))
      AND (%(late)s::bool[] IS NULL OR c.late = ANY(%(late)s::bool[]))
      AND (%(answered)s::text[] IS NULL OR c.answered = ANY(%(answered)s::text[]))
      AND (%(responded)s::text[] IS NULL OR c.responded = ANY(%(responded)s::text[]))
      AND (%(solved)s::text[] IS NULL OR c.solved = ANY(%(solved)s::text[]))
      AND (%(satisfaction)s::text[] IS NULL OR c.satisfaction = ANY(%(satisfaction)s::text[]))
      AND (%(merged)s::bool[] IS NULL OR c.merged = ANY(%(merged)s::bool[]))
    GROUP BY 1, 2, 3, 4
), kept AS (
    SELECT cut, area, day, key, n, amount
    FROM indicators_tally
    WHERE measure = %(measure)s AND (n <> 0 OR amount <> 0)
)
SELECT cut, area, day, key, coalesce(kept.n, 0) AS kept, coalesce(counted.n, 0) AS counted,
       coalesce(kept.amount, 0) AS kept_amount, coalesce(counted.amount, 0) AS counted_amount
FROM counted FULL JOIN kept USING (cut, area, day, key)
WHERE coalesce(kept.n, 0) <> coalesce(counted.n, 0)
   OR coalesce(kept.amount, 0) <> coalesce(counted.amount, 0)
ORDER BY 1, 2, 3, 4
LIMIT 100
