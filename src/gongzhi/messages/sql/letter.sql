SELECT notice.template, notice.kind, notice.reference, notice.values, notice.key,
       notice.subject_kind, notice.subject_id, notice.read_at, notice.account_id,
       coalesce(mine.id, theirs.id) AS address,
       coalesce(mine.sealed, theirs.sealed) AS sealed,
       theirs.link_sealed, theirs.confirm_by, theirs.confirmed_at,
       coalesce(mine.stopped_at, theirs.stopped_at) AS stopped_at,
       coalesce(account.language, theirs.language) AS language,
       coalesce(account.is_active, true) AS is_active,
       coalesce(notice.kind = ANY(mine.kinds), true) AS wanted
FROM notices_delivery delivery
JOIN notices_notice notice ON notice.id = delivery.notice_id
LEFT JOIN notices_address mine ON mine.account_id = notice.account_id
LEFT JOIN people_account account ON account.id = notice.account_id
LEFT JOIN notices_address theirs ON theirs.id = notice.address_id
WHERE delivery.id = %(delivery)s
