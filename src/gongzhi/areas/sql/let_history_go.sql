DROP TRIGGER areas_succession_stays ON areas_succession;
DROP FUNCTION areas_refuse_change();
DROP TRIGGER areas_check_conserved ON areas_succession;
DROP FUNCTION areas_check_conserved();
DROP TRIGGER areas_keep_history ON areas_area;
DROP FUNCTION areas_keep_history();
