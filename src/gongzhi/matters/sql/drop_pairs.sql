DROP FUNCTION matters_pairs(text, text, text);
