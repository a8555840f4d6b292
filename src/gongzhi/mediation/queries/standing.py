"""What disputes and consultations share when read: their cases in the actor's reach, and lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.areas.queries import path_names
from gongzhi.kernel import clock, paging
from gongzhi.kernel.actor import Actor
from gongzhi.mediation.choices import AWAITED, DISPUTE
from gongzhi.mediation.errors import RecordUnknown
from gongzhi.mediation.kinds import told_title
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.errors import CaseUnknown
from gongzhi.procedures.queries import CaseState

STATUSES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: where a case stands and whose it is; no name, no word of it."""

    reference: str
    title: str
    place: str
    stage_name: str
    status: str
    outcome_kind: str
    owner_label: str
    light: str
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visible cases go on, and how many have ended."""

    open: int = 0
    closed: int = 0


def case_of(actor: Actor, reference: str, *subjects: str) -> CaseState:
    """Return the case of one of these subjects that *actor* may see; raise `RecordUnknown`."""
    try:
        case = procedures.case_by_reference(actor, reference)
    except CaseUnknown:
        raise RecordUnknown(field="reference") from None
    if case.subject not in subjects:
        raise RecordUnknown(field="reference")
    return case


def counts(cases: QuerySet[Any]) -> Counts:
    """Return the counts of these cases, in one statement."""
    going, ended = (Count("pk", filter=Q(status=status)) for status in STATUSES)
    return Counts(**cases.aggregate(open=going, closed=ended))


def listed(cases: QuerySet[Any], status: str, cursor: str, size: int) -> paging.Page[Row]:
    """Return a page of these cases, the newest first, in a bounded number of statements."""
    found = cases.filter(status=status) if status in STATUSES else cases
    if cursor:
        found = found.filter(id__lt=paging.decode_as(cursor, int)[0])
    rows = list(found.order_by("-id")[: size + 1])
    more = paging.encode(rows[size - 1].pk) if len(rows) > size else None
    return paging.Page(tuple(_lines(rows[:size])), more)


def _lines(rows: list[Any]) -> list[Row]:
    if not rows:
        return []
    held = procedures.holdings_of([row.pk for row in rows if row.status == "open"])
    places = path_names({row.area for row in rows})
    states = [procedures.as_state(row, held.get(row.pk, ())) for row in rows]
    return [_line(state, places.get(state.area, state.area)) for state in states]


def _line(state: CaseState, place: str) -> Row:
    return Row(
        reference=state.reference,
        title=told_title(state.title) if state.subject == DISPUTE else _(state.title),
        place=" › ".join(place.split(" › ")[-2:]),
        stage_name=state.stage_name,
        status=state.status,
        outcome_kind=state.outcome_kind,
        owner_label=state.owner_label,
        light=procedures.light_at(clock.now(), state.yellow_at, state.red_at, state.paused_at)
        if state.is_open
        else "",
        due_at=state.due_at,
        opened_at=state.opened_at,
        closed_at=state.closed_at,
    )


def wanted_now(actor: Actor, state: CaseState) -> frozenset[str]:
    """Return the kinds of record that a way out of this stage asks for, if *actor* carries it."""
    if not state.is_open or not procedures.mine(actor, state.holdings):
        return frozenset()
    moves = procedures.definition_for(state).moves_from(state.stage)
    return frozenset(AWAITED[name] for move in moves for name in move.guard if name in AWAITED)


def stands_aside(actor: Actor, state: CaseState) -> bool:
    """Whether *actor* is recused from the case: he reads nothing of what was said any more."""
    return actor.account is not None and actor.account in state.recused


def carries(actor: Actor, state: CaseState) -> bool:
    """Whether *actor* holds an open part of the case."""
    return state.is_open and bool(procedures.mine(actor, state.holdings))
