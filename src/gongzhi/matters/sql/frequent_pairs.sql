-- The pairs of letters that stand in many matters, as the planner knows them from its samples.
SELECT pair
FROM pg_stats stats,
     unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs)
         AS known (pair, share)
WHERE stats.schemaname = current_schema() AND stats.tablename = 'matters_pairs'
  AND pair IS NOT NULL AND share > %(share)s
