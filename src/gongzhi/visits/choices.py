"""Closed lists of visits: powers, limits, and the name under which a need is handed over."""

from __future__ import annotations

from typing import Final

SEE: Final = "visits.see"
RECORD: Final = "visits.record"
SOURCE: Final = "visits.need"

LONGEST_PLACE: Final = 120  # characters
LONGEST_HEARD: Final = 2000
LONGEST_NEED: Final = 2000
LONGEST_PROMISE: Final = 200
LONGEST_RESULT: Final = 1000
NEEDS_ASKED: Final = 2  # rows of an empty form
NEEDS_MORE: Final = 2  # rows that one press adds
MOST_NEEDS: Final = 12
