"""How a line of what happened is worded."""

from __future__ import annotations

from gongzhi.procedures.queries import TimelineEntry

# What follows from the line before it needs no second naming of who did it.
_NOBODY = frozenset({"procedures.case_closed", "procedures.case_opened"})


def what(entry: TimelineEntry) -> str:
    """Return who did what."""
    who = "" if entry.kind in _NOBODY else entry.who
    return " ".join(words for words in (who, entry.text) if words)
