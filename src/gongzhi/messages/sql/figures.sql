SELECT count(*) AS told,
       count(*) FILTER (WHERE notice.account_id IS NOT NULL) AS in_desk,
       count(*) FILTER (WHERE notice.account_id IS NOT NULL AND notice.read_at IS NOT NULL) AS read,
       count(delivery.id) AS mails,
       count(*) FILTER (WHERE delivery.state = 'sent') AS sent,
       count(*) FILTER (WHERE delivery.state IN ('waiting', 'failed', 'sending')) AS waiting,
       count(*) FILTER (WHERE delivery.state = 'dead') AS dead,
       count(*) FILTER (WHERE delivery.state = 'dropped') AS dropped
FROM notices_notice notice
LEFT JOIN notices_delivery delivery ON delivery.notice_id = notice.id
WHERE notice.created_at >= %(since)s
