"""Every read of procedures and cases."""

from gongzhi.procedures.queries.answers import checked_answers
from gongzhi.procedures.queries.catalogue import (
    VersionRow,
    calendar,
    current_version,
    definition_of,
    forget_versions,
    newest,
    versions,
)
from gongzhi.procedures.queries.inbox import InboxCounts, InboxItem, inbox, inbox_counts
from gongzhi.procedures.queries.moves import (
    CLOSE_PART,
    NextMove,
    close_part_form,
    holds_role,
    may_make,
    mine,
    move_obstacle,
    next_moves,
    situation_of,
)
from gongzhi.procedures.queries.reading import (
    CaseState,
    Holding,
    as_state,
    case_by_id,
    case_by_reference,
    case_state,
    definition_for,
    due_in_words,
    holdings_of,
    light_at,
    matching,
    owner_keys,
    owner_labels,
    state_of,
    visible_cases,
    visited,
)
from gongzhi.procedures.queries.timeline import Said, TimelineEntry, public_timeline, timeline

__all__ = [
    "CLOSE_PART", "CaseState", "Holding", "InboxCounts", "InboxItem", "NextMove", "Said",
    "TimelineEntry", "VersionRow", "as_state", "calendar", "case_by_id", "case_by_reference",
    "case_state", "checked_answers", "close_part_form", "current_version", "definition_for",
    "definition_of", "due_in_words", "forget_versions", "holdings_of", "holds_role", "inbox",
    "inbox_counts", "light_at", "matching", "may_make", "mine", "move_obstacle", "newest",
    "next_moves", "owner_keys", "owner_labels", "public_timeline", "situation_of", "state_of",
    "timeline", "versions", "visible_cases", "visited",
]
