-- A code's row keeps its code and first day; a closed row is history and stays as it is.
CREATE FUNCTION areas_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.code <> OLD.code OR NEW.valid_from <> OLD.valid_from THEN
    RAISE EXCEPTION 'area % cannot change its code or first day', OLD.code
      USING ERRCODE = '23514', CONSTRAINT = 'areas_area_code_stays';
  END IF;
  IF OLD.valid_to IS NOT NULL THEN
    RAISE EXCEPTION 'area % of % is closed', OLD.code, OLD.valid_from
      USING ERRCODE = '23514', CONSTRAINT = 'areas_area_closed_stays';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER areas_keep_history BEFORE UPDATE ON areas_area
  FOR EACH ROW EXECUTE FUNCTION areas_keep_history();

-- What predecessors hand on is what they had, and what successors get is what they have.
-- The plan is made while the tables are small and kept while one transaction fills them, so
-- it must go by the one area concerned (hence + 0) and never scan: that would be quadratic.
CREATE FUNCTION areas_check_conserved() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off AS $$
DECLARE
  wrong record;
BEGIN
  WITH moved AS (
    SELECT s.predecessor_id AS area_id, sum(s.households) AS households,
           sum(s.residents) AS residents
      FROM areas_succession s
     WHERE s.adjustment_id + 0 = NEW.adjustment_id AND s.predecessor_id = NEW.predecessor_id
     GROUP BY s.predecessor_id
    UNION ALL
    SELECT s.successor_id, sum(s.households), sum(s.residents)
      FROM areas_succession s
     WHERE s.adjustment_id + 0 = NEW.adjustment_id AND s.successor_id = NEW.successor_id
     GROUP BY s.successor_id
  )
  SELECT a.code, a.households, a.residents,
         m.households AS moved_households, m.residents AS moved_residents
    INTO wrong
    FROM moved m
    JOIN areas_area a ON a.id = m.area_id
   WHERE (a.households IS NOT NULL AND a.households IS DISTINCT FROM m.households)
      OR (a.residents IS NOT NULL AND a.residents IS DISTINCT FROM m.residents)
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'area % has % households and % residents, but % and % are handed on',
      wrong.code, wrong.households, wrong.residents,
      wrong.moved_households, wrong.moved_residents
      USING ERRCODE = '23514', CONSTRAINT = 'areas_succession_conserves';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER areas_check_conserved AFTER INSERT ON areas_succession
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION areas_check_conserved();

CREATE FUNCTION areas_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'successions are history and cannot be changed'
    USING ERRCODE = '23514', CONSTRAINT = 'areas_succession_stays';
END $$;

CREATE TRIGGER areas_succession_stays BEFORE UPDATE OR DELETE ON areas_succession
  FOR EACH ROW EXECUTE FUNCTION areas_refuse_change();
