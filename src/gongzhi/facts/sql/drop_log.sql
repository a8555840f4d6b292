DROP FUNCTION fact_make_month(date);
DROP TABLE fact;
DROP FUNCTION fact_refuse_change();
