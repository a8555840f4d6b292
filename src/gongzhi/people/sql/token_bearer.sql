-- Whom a token stands for at a moment; no row when it is unknown, revoked or past its end.
SELECT token.account_id AS account, token.scopes
FROM people_apitoken token
JOIN people_account account ON account.id = token.account_id AND account.is_active
WHERE token.digest = %(digest)s AND token.revoked_at IS NULL AND token.expires_at > %(now)s
