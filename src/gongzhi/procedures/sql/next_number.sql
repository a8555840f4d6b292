SELECT procedures_next_number(%(series)s) AS number
