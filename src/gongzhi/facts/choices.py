"""Fixed words and sizes of the log."""

BATCH = 500
TRIES = 8
RETRY_SECONDS = (1, 5, 15, 60, 300, 900, 3600)
KEY_DAYS = 7
