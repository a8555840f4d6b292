DROP TRIGGER procedures_recused_agrees ON procedures_case;
DROP TRIGGER procedures_recusal_agrees ON procedures_recusal;
DROP FUNCTION procedures_recused_agree();
DROP TRIGGER procedures_recusal_stays ON procedures_recusal;
DROP FUNCTION procedures_recusal_stays();
