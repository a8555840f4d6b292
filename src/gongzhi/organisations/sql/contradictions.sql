-- Records that disagree with the roles, the kinds, or each other; none when all is well.
SELECT 'post ' || post.id || ': ' || fault.words AS fault
FROM organisations_post post
JOIN organisations_role role ON role.key = post.role_id
LEFT JOIN organisations_organisation place ON place.id = post.organisation_id
LEFT JOIN organisations_post principal ON principal.id = post.deputy_for_id
CROSS JOIN LATERAL (VALUES
  (post.single <> role.single OR post.apart IS DISTINCT FROM role.apart,
   'does not carry the rules of its role'),
  (post.area IS NOT NULL AND NOT length(post.area) = ANY (role.levels),
   'stands at a level that its role does not allow'),
  (place.id IS NOT NULL AND NOT place.kind_id = ANY (role.organisation_kinds),
   'stands in a kind of organisation that its role does not allow'),
  (place.valid_to < coalesce(post.valid_to, 'infinity'), 'outlives its organisation'),
  (principal.valid_to < post.valid_to, 'stands in for a post that ends before')
) AS fault (broken, words)
WHERE fault.broken AND NOT role.retired
  AND post.valid_from IS DISTINCT FROM post.valid_to
UNION ALL
SELECT 'organisation ' || child.id || ': ' || fault.words
FROM organisations_organisation child
JOIN organisations_organisationkind kind ON kind.key = child.kind_id
LEFT JOIN organisations_organisation above ON above.id = child.parent_id
CROSS JOIN LATERAL (VALUES
  (above.id IS NULL AND NOT kind.may_be_root, 'hangs in the air'),
  (above.id IS NOT NULL AND NOT above.kind_id = ANY (kind.parents), 'hangs under a wrong kind'),
  (NOT starts_with(child.area, above.area), 'stands outside the area above'),
  (above.valid_to < coalesce(child.valid_to, 'infinity'), 'outlives the organisation above')
) AS fault (broken, words)
WHERE fault.broken
ORDER BY 1
