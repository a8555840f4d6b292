-- The longest of the given codes at which somebody holds the role on a day.
SELECT post.area
FROM organisations_post post
JOIN people_account account ON account.id = post.account_id AND account.is_active
LEFT JOIN organisations_post principal ON principal.id = post.deputy_for_id
WHERE post.role_id = %(role)s AND post.area = ANY(%(areas)s)
  AND post.valid_from <= %(on)s AND (post.valid_to IS NULL OR post.valid_to > %(on)s)
  AND (principal.valid_to IS NULL OR principal.valid_to > %(on)s)
ORDER BY length(post.area) DESC
LIMIT 1
