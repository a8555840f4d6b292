-- A published version never changes.
CREATE FUNCTION procedures_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version is immutable: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER procedures_version_immutable BEFORE UPDATE OR DELETE ON procedures_procedureversion
    FOR EACH ROW EXECUTE FUNCTION procedures_refuse_change();

-- At the commit: an open case has an open item or a clock, a closed one has no open item.
CREATE FUNCTION procedures_case_is_carried() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_state record;
    the_case bigint;
BEGIN
    IF TG_TABLE_NAME = 'procedures_case' THEN
        the_case := NEW.id;
    ELSE
        the_case := NEW.case_id;
    END IF;
    SELECT c.status, c.clock_at, EXISTS (
        SELECT FROM procedures_workitem i WHERE i.case_id = c.id AND i.done_at IS NULL) AS held
    INTO the_state FROM procedures_case c WHERE c.id = the_case;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF the_state.status = 'open' AND NOT the_state.held AND the_state.clock_at IS NULL THEN
        RAISE EXCEPTION 'open case % has neither owner nor clock', the_case
            USING ERRCODE = 'check_violation';
    END IF;
    IF the_state.status = 'closed' AND the_state.held THEN
        RAISE EXCEPTION 'closed case % still has an owner', the_case
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER procedures_case_carried AFTER INSERT OR UPDATE OF status, clock_at
    ON procedures_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION procedures_case_is_carried();
CREATE CONSTRAINT TRIGGER procedures_item_carries AFTER UPDATE OF done_at
    ON procedures_workitem DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION procedures_case_is_carried();

-- Reference numbers: one sequence a prefix and month, made when first needed.
CREATE FUNCTION procedures_next_number(series text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN nextval(series::regclass);
EXCEPTION WHEN undefined_table THEN
    PERFORM pg_advisory_xact_lock(hashtext(series));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', series);
    RETURN nextval(series::regclass);
END $$;
