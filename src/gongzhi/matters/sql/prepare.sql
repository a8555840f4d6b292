-- The id of the next matter (its case names it before the row exists), and the category table in force.
SELECT nextval('matters_matter_id_seq') AS matter,
       coalesce((SELECT max(number) FROM matters_categorytable), 0) AS category_table
