-- Each account is told each thing once: the key decides, however often and from wherever it comes.
WITH wanted AS (
    SELECT * FROM unnest(
        %(accounts)s::bigint[], %(templates)s::text[], %(kinds)s::text[],
        %(subject_kinds)s::text[], %(subject_ids)s::bigint[], %(references)s::text[],
        %(values)s::jsonb[], %(keys)s::text[], %(facts)s::bigint[],
        %(urgent)s::boolean[], %(next_tries)s::timestamptz[], %(moments)s::timestamptz[]
    ) AS w(account, template, kind, subject_kind, subject_id, reference, said, key, fact,
           urgent, next_try, at)
), told AS (
    INSERT INTO notices_notice (account_id, template, kind, subject_kind, subject_id, reference,
                                "values", key, fact, created_at)
    SELECT account, template, kind, subject_kind, subject_id, reference, said, key, fact, at
    FROM wanted
    ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, account_id, kind, key
), mailed AS (
    INSERT INTO notices_delivery (notice_id, channel, state, urgent, tries, claim, next_try,
                                  trouble, last_error)
    SELECT told.id, 'email', 'waiting', wanted.urgent, 0, 0, wanted.next_try, '', ''
    FROM told
    JOIN wanted USING (key)
    JOIN notices_address address
      ON address.account_id = told.account_id
     AND address.stopped_at IS NULL AND told.kind = ANY(address.kinds)
)
SELECT count(*) AS told FROM told
