-- Count one try against each key; a window that is over begins anew.
-- The row lock makes tries that arrive together count one after the other.
INSERT INTO people_tryguard AS guard (key, tries, window_ends)
SELECT wanted.key, 1, %(now)s::timestamptz + make_interval(secs => wanted.seconds)
FROM unnest(%(keys)s::bytea[], %(seconds)s::int[]) AS wanted (key, seconds)
ORDER BY wanted.key
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN guard.window_ends <= %(now)s THEN 1 ELSE least(guard.tries + 1, 1000000) END,
  window_ends = CASE WHEN guard.window_ends <= %(now)s THEN excluded.window_ends
                     ELSE guard.window_ends END
RETURNING key, tries, window_ends
