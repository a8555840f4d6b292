DROP FUNCTION procedures_next_number(text);
DROP TRIGGER procedures_item_carries ON procedures_workitem;
DROP TRIGGER procedures_case_carried ON procedures_case;
DROP FUNCTION procedures_case_is_carried();
DROP TRIGGER procedures_version_immutable ON procedures_procedureversion;
DROP FUNCTION procedures_refuse_change();
