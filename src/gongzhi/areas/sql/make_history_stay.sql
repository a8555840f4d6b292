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
CREATE FUNCTION areas_check_conserved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong record;
BEGIN
  SELECT a.code, a.households, a.residents,
         sum(s.households) AS moved_households, sum(s.residents) AS moved_residents
    INTO wrong
    FROM areas_succession s
    JOIN areas_area a ON a.id IN (NEW.predecessor_id, NEW.successor_id)
     AND a.id IN (s.predecessor_id, s.successor_id)
   WHERE s.adjustment_id = NEW.adjustment_id
   GROUP BY a.id, a.code, a.households, a.residents, (a.id = s.predecessor_id)
  HAVING (a.households IS NOT NULL AND a.households IS DISTINCT FROM sum(s.households))
      OR (a.residents IS NOT NULL AND a.residents IS DISTINCT FROM sum(s.residents))
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
