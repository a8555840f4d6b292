-- Whoever left an address for a subject, and confirmed it, is told each step of it once, by e-mail.
WITH wanted AS (
    SELECT address.id AS address, w.*, w.step || ':m' || address.id AS key
    FROM unnest(
        %(templates)s::text[], %(kinds)s::text[],
        %(subject_kinds)s::text[], %(subject_ids)s::bigint[], %(references)s::text[],
        %(values)s::jsonb[], %(keys)s::text[], %(facts)s::bigint[],
        %(urgent)s::boolean[], %(next_tries)s::timestamptz[], %(moments)s::timestamptz[],
        %(only)s::bigint[]
    ) AS w(template, kind, subject_kind, subject_id, reference, said, step, fact,
           urgent, next_try, at, only_one)
    JOIN notices_address address
      ON address.subject_kind = w.subject_kind AND address.subject_id = w.subject_id
     AND address.confirmed_at IS NOT NULL AND address.stopped_at IS NULL
     AND (w.only_one IS NULL OR w.only_one = address.id)
), told AS (
    INSERT INTO notices_notice (address_id, template, kind, subject_kind, subject_id, reference,
                                "values", key, fact, created_at)
    SELECT address, template, kind, subject_kind, subject_id, reference, said, key, fact, at
    FROM wanted
    ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
), mailed AS (
    INSERT INTO notices_delivery (notice_id, channel, state, urgent, tries, claim, next_try,
                                  trouble, last_error)
    SELECT told.id, 'email', 'waiting', wanted.urgent, 0, 0, wanted.next_try, '', ''
    FROM told
    JOIN wanted USING (key)
)
SELECT count(*) AS told FROM told
