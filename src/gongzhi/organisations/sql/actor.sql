-- One person with all posts held on a day, and the digest of the roles, found by the account or by
-- the digest of a token that is valid now: one statement.
SELECT account.id AS account, account.display_name, book.digest, token.scopes,
  (SELECT coalesce(json_agg(json_build_array(
       post.id, post.role_id, post.area, post.organisation_id, post.deputy_for_id IS NOT NULL)
       ORDER BY post.id), '[]'::json)
   FROM organisations_post post
   LEFT JOIN organisations_post principal ON principal.id = post.deputy_for_id
   WHERE post.account_id = account.id
     AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
     AND (principal.valid_to IS NULL OR principal.valid_to > %(on)s)
  ) AS posts
FROM people_account account
LEFT JOIN organisations_rolebook book ON true
LEFT JOIN people_apitoken token ON token.digest = %(token)s
WHERE account.is_active
  AND account.id = coalesce(%(account)s::bigint, (
      SELECT t.account_id FROM people_apitoken t
      WHERE t.digest = %(token)s AND t.revoked_at IS NULL AND t.expires_at > %(now)s))
