-- Back to a table of days; the table of months is dropped with its model.
ALTER VIEW indicators_tally RENAME TO indicators_days;
CREATE TABLE indicators_tally (
    cut varchar(1) NOT NULL, area text COLLATE "C" NOT NULL, measure text COLLATE "C" NOT NULL,
    day date NOT NULL, key text COLLATE "C" NOT NULL, n bigint NOT NULL, amount bigint NOT NULL,
    PRIMARY KEY (cut, area, measure, day, key));
INSERT INTO indicators_tally SELECT cut, area, measure, day, key, n, amount FROM indicators_days;
DROP VIEW indicators_days;
DROP FUNCTION indicators_added(bigint[], bigint[]);
DROP FUNCTION indicators_summed(int[], bigint[]);
