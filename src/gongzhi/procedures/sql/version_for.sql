-- The version in force for an area (its own scope before wider ones), and the next number.
SELECT v.id AS version, procedures_next_number(%(series)s) AS number
FROM procedures_procedureversion v
WHERE v.procedure = %(procedure)s AND v.scope = ANY(%(scopes)s)
ORDER BY length(v.scope) DESC, v.number DESC
LIMIT 1
