"""How a fact changes a case's card, and what a card and a fact count for: no database here.

A figure about cards moves with the card: what it counted for before a fact is taken back, what it
counts for afterwards is added. A figure about facts stays at its day and place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from gongzhi.indicators.book import Book, Conditions, Measure
from gongzhi.indicators.choices import (
    BY_CATEGORY,
    BY_MOVE,
    BY_ORGANISATION,
    DEEPEST,
    LEVELS,
    MOVES,
    WHOLE,
)
from gongzhi.kernel import clock

KINDS = (
    "procedures.case_opened",
    "procedures.moved",
    "procedures.stage_entered",
    "procedures.part_closed",
    "procedures.pause_ruled",
    "procedures.resumed",
    "procedures.case_closed",
    "matters.reported",
    "matters.located",
    "matters.classified",
    "matters.verdict_given",
    "matters.merged",
    "matters.split_off",
)


class Told(Protocol):
    """What is read of a fact."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def case(self) -> int | None: ...
    @property
    def actor_kind(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


@dataclass(slots=True)
class State:
    """One card in memory; the fields are the columns of the table."""

    case: int
    procedure: str = ""
    subject_id: int = 0
    area: str = ""
    category: str = ""
    channel: str = ""
    organisation: int = 0
    stage: str = ""
    owners: list[str] = field(default_factory=list)
    arrivals: int = 0
    due_at: datetime | None = None
    paused: bool = False
    is_open: bool = False
    outcome_kind: str = ""
    late: bool = False
    answered: str = ""
    responded: str = ""
    solved: str = ""
    satisfaction: str = ""
    merged: bool = False
    minutes: int = 0
    opened_at: datetime | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    responded_on: date | None = None
    verdict_on: date | None = None
    last: int = 0


Key = tuple[str, str, str, date, str]  # cut, area, measure, day, key
Counts = Counter[Key]


def day_of(moment: datetime) -> date:
    """Return the day in Asia/Shanghai."""
    return clock.local(moment).date()


def apply(card: State, fact: Told, answering: frozenset[str]) -> None:
    """Let one fact change its card."""
    if fact.kind == "procedures.moved" and fact.data.get("move") in answering:
        card.answered = str(fact.data.get("source", ""))
    if fact.kind not in _CHANGES:
        return
    if fact.kind in _PLACING:
        # Written before what is known already, by a slower transaction: the state is newer.
        if fact.id < card.last:
            return
        card.last = fact.id
    _CHANGES[fact.kind](card, fact)


def _opened(card: State, fact: Told) -> None:
    card.procedure = str(fact.data.get("procedure", ""))
    card.subject_id = _whole(fact.data.get("subject_id"))
    card.area = fact.area[:15]
    card.opened_at, card.opened_on = fact.at, day_of(fact.at)
    card.is_open = True


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _arrived(card: State, fact: Told) -> None:
    """Note whether a person left the stage before in time."""
    person = fact.actor_kind == "person"
    in_time = card.due_at is None or fact.at <= card.due_at
    if person and card.arrivals and not in_time:
        card.late = True
    if person and card.arrivals == 1 and not card.responded:
        card.responded = "in_time" if in_time else "late"
        card.responded_on = day_of(fact.at)
    card.arrivals += 1
    card.paused = False


def _entered(card: State, fact: Told) -> None:
    _arrived(card, fact)
    card.stage = str(fact.data.get("stage", ""))
    card.owners = [str(owner) for owner in fact.data.get("owners") or []]
    card.due_at = _moment(fact.data.get("due_at"))
    card.is_open, card.outcome_kind, card.closed_on, card.minutes = True, "", None, 0
    to = next((owner[4:] for owner in card.owners if owner.startswith("org:")), "")
    if to.isdigit():
        card.organisation = int(to)


def _closed(card: State, fact: Told) -> None:
    _arrived(card, fact)
    card.is_open, card.due_at, card.owners = False, None, []
    card.outcome_kind = str(fact.data.get("outcome_kind", ""))
    card.closed_on = day_of(fact.at)
    if card.opened_at is not None:
        card.minutes = int((fact.at - card.opened_at).total_seconds() // 60)


def _part_closed(card: State, fact: Told) -> None:
    after = card.due_at is not None and fact.at > card.due_at
    if after and fact.actor_kind == "person" and fact.data.get("part") in ("lead", "fan"):
        card.late = True


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def _pause_ruled(card: State, fact: Told) -> None:
    card.paused = card.is_open and bool(fact.data.get("approved"))


def _resumed(card: State, fact: Told) -> None:
    card.paused, card.due_at = False, _moment(fact.data.get("due_at"))


def _reported(card: State, fact: Told) -> None:
    card.category, card.channel = (
        str(fact.data.get("category", "")),
        str(fact.data.get("channel", "")),
    )
    card.subject_id = _whole(fact.data.get("matter"))


def _located(card: State, fact: Told) -> None:
    card.area = str(fact.data.get("after", ""))[:15]


def _classified(card: State, fact: Told) -> None:
    card.category = str(fact.data.get("after", ""))


def _verdict(card: State, fact: Told) -> None:
    card.solved, card.satisfaction = (
        str(fact.data.get("solved", "")),
        str(fact.data.get("satisfaction", "")),
    )
    card.verdict_on = day_of(fact.at)


def _merging(card: State, fact: Told) -> None:
    """Only the matter that was merged is a repetition; its main hears of it by the same fact."""
    if fact.data.get("matter") == card.subject_id:
        card.merged = fact.kind == "matters.merged"


_CHANGES: dict[str, Any] = {
    "procedures.case_opened": _opened,
    "procedures.stage_entered": _entered,
    "procedures.part_closed": _part_closed,
    "procedures.pause_ruled": _pause_ruled,
    "procedures.resumed": _resumed,
    "procedures.case_closed": _closed,
    "matters.reported": _reported,
    "matters.located": _located,
    "matters.classified": _classified,
    "matters.verdict_given": _verdict,
    "matters.merged": _merging,
    "matters.split_off": _merging,
}
_PLACING = frozenset(("procedures.stage_entered", "procedures.case_closed", "procedures.resumed"))


def copy_of(card: State) -> State:
    """Return the card as it is before the facts of a batch."""
    return replace(card)


def card_counts(
    card: State, measures: Iterable[Measure], into: Counts, amounts: Counts, sign: int
) -> None:
    """Add (or take back) what a card counts for."""
    for one in measures:
        day = getattr(card, f"{one.day}_on")
        if day is None or not _meets(card, one.where):
            continue
        amount = sign * getattr(card, one.sum) if one.sum else 0
        for key in keys_of(one.id, day, card.area, card.category, card.organisation):
            into[key] += sign
            if amount:
                amounts[key] += amount


def _meets(card: State, where: Conditions) -> bool:
    return all(getattr(card, name) in wanted for name, wanted in where)


def fact_counts(card: State | None, fact: Told, measures: Iterable[Measure], into: Counts) -> None:
    """Add what one fact counts for, told by its card as it was before the fact."""
    for one in measures:
        if all(_asked(card, fact, name) in wanted for name, wanted in one.where):
            category, organisation = (card.category, card.organisation) if card else ("", 0)
            for key in keys_of(one.id, day_of(fact.at), fact.area[:15], category, organisation):
                into[key] += 1
    if fact.kind == "procedures.moved" and fact.actor_kind == "person" and card is not None:
        _burden(card, fact, into)


def _burden(card: State, fact: Told, into: Counts) -> None:
    """Count a move for the role that made it: which form was filled in, by whom it is not told."""
    owner = str(fact.data.get("owner") or "")
    role = owner.partition("@")[0] if "@" in owner else "organisation" if owner else ""
    key = "/".join((card.procedure, str(fact.data.get("source")), str(fact.data.get("move")), role))
    for level in LEVELS:
        if len(fact.area) >= level <= DEEPEST[BY_MOVE]:
            into[BY_MOVE, fact.area[:level], MOVES, day_of(fact.at), key] += 1


def _asked(card: State | None, fact: Told, name: str) -> Any:
    if name == "procedure":
        return card.procedure if card else ""
    if name == "on_time":
        return card is not None and (card.due_at is None or fact.at <= card.due_at)
    if name == "by":
        return fact.actor_kind
    return fact.data.get(name)


def keys_of(measure: str, day: date, area: str, category: str, organisation: int) -> list[Key]:
    """Return the tallies that one count goes to: each level of area, whole and cut."""
    found: list[Key] = []
    for level in LEVELS:
        if len(area) < level:
            break
        place = area[:level]
        found.append((WHOLE, place, measure, day, ""))
        if category and level <= DEEPEST[BY_CATEGORY]:
            found.append((BY_CATEGORY, place, measure, day, category))
        if organisation and level <= DEEPEST[BY_ORGANISATION]:
            found.append((BY_ORGANISATION, place, measure, day, str(organisation)))
    return found


def reckon(facts: Iterable[Told], cards: dict[int, State], found: Book, counts: Counts) -> None:
    """Let facts change *cards* in memory, and count the facts themselves.

    In the order they were written, whichever transaction was the first to begin.
    """
    of_facts = found.of_facts()
    for fact in sorted(facts, key=lambda one: one.id):
        card = cards.get(fact.case) if fact.case is not None else None
        if fact.case is not None and card is None and fact.kind in KINDS:
            card = cards[fact.case] = State(fact.case)
        fact_counts(card, fact, of_facts.get(fact.kind, ()), counts)
        if card is not None:
            apply(card, fact, found.answering)
