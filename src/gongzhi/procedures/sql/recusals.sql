-- A recusal is never deleted and says for good whom it kept away from what; once taken back, with
-- words for it, it stays so. Words alone go when their time is over.
CREATE FUNCTION procedures_recusal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'recusal % is taken back, never deleted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.case_id, NEW.account, NEW.reason, NEW.version_id, NEW.ordered_by, NEW.at,
        NEW.inherited_id)
        IS DISTINCT FROM (OLD.case_id, OLD.account, OLD.reason, OLD.version_id, OLD.ordered_by,
                          OLD.at, OLD.inherited_id)
        OR OLD.taken_back_at IS NOT NULL AND (NEW.taken_back_at, NEW.taken_back_by)
           IS DISTINCT FROM (OLD.taken_back_at, OLD.taken_back_by) THEN
        RAISE EXCEPTION 'recusal % stays as it was recorded', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.taken_back_at IS NULL AND NEW.taken_back_at IS NOT NULL
       AND NEW.taken_back_sealed IS NULL THEN
        RAISE EXCEPTION 'recusal % is taken back without a word', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procedures_recusal_stays BEFORE UPDATE OR DELETE ON procedures_recusal
    FOR EACH ROW EXECUTE FUNCTION procedures_recusal_stays();

-- At the commit: the accounts that a case keeps away are those of its recusals in force.
CREATE FUNCTION procedures_recused_agree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_case bigint;
BEGIN
    IF TG_TABLE_NAME = 'procedures_case' THEN
        the_case := NEW.id;
    ELSE
        the_case := NEW.case_id;
    END IF;
    IF EXISTS (
        SELECT FROM procedures_case c
        WHERE c.id = the_case
          AND ARRAY(SELECT unnest(c.recused) ORDER BY 1) IS DISTINCT FROM ARRAY(
              SELECT r.account FROM procedures_recusal r
              WHERE r.case_id = c.id AND r.taken_back_at IS NULL ORDER BY 1)) THEN
        RAISE EXCEPTION 'case % keeps away others than its recusals name', the_case
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER procedures_recusal_agrees AFTER INSERT OR UPDATE OF taken_back_at
    ON procedures_recusal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION procedures_recused_agree();
CREATE CONSTRAINT TRIGGER procedures_recused_agrees AFTER UPDATE OF recused
    ON procedures_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION procedures_recused_agree();
