-- Who holds a post in these organisations on a day; principals before their deputies.
SELECT post.role_id AS role, post.organisation_id AS organisation, post.id AS post,
  post.account_id AS account, account.display_name AS name,
  post.deputy_for_id IS NOT NULL AS deputy,
  EXISTS (SELECT FROM organisations_post stand_in WHERE stand_in.deputy_for_id = post.id
    AND stand_in.valid_from <= %(on)s AND stand_in.valid_to > %(on)s) AS away
FROM organisations_post post
JOIN people_account account ON account.id = post.account_id AND account.is_active
LEFT JOIN organisations_post principal ON principal.id = post.deputy_for_id
WHERE post.organisation_id = ANY(%(organisations)s)
  AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
  AND (principal.valid_to IS NULL OR principal.valid_to > %(on)s)
ORDER BY post.organisation_id, deputy, post.id
