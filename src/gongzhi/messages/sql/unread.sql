SELECT count(*) AS unread FROM (
    SELECT FROM notices_notice
    WHERE account_id = %(account)s AND read_at IS NULL
    LIMIT %(most)s
) AS counted
