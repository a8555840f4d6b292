"""What entering a stage means: owners, due time, lights, clock, and when to wake for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gongzhi.kernel import clock
from gongzhi.kernel.codes import LENGTHS
from gongzhi.kernel.workcalendar import CLOSING
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import queries
from gongzhi.procedures.choices import Part
from gongzhi.procedures.definition import Due, Owner, Span, Stage, span_of
from gongzhi.procedures.errors import NoHolder


@dataclass(frozen=True, slots=True)
class Ownership:
    """One item to be made: which part, whose, and whether a holder must claim it."""

    part: str
    owner: str
    pool: bool = False


@dataclass(frozen=True, slots=True)
class Entrance:
    """Everything a stage needs when a case enters it, as columns of the statement."""

    stage: str
    visit: int
    items: tuple[Ownership, ...]
    due_at: datetime | None
    due_basis: str
    due_note: str
    yellow_at: datetime | None
    red_at: datetime | None
    clock_at: datetime | None
    wake_at: datetime | None

    def columns(self) -> dict[str, Any]:
        """Return the parameters of open_case.sql and move_case.sql."""
        return {
            "stage": self.stage,
            "visit": self.visit,
            "due_at": self.due_at,
            "due_basis": self.due_basis,
            "due_note": self.due_note,
            "yellow_at": self.yellow_at,
            "red_at": self.red_at,
            "clock_at": self.clock_at,
            "wake_at": self.wake_at,
            "parts": [item.part for item in self.items],
            "owners": [item.owner for item in self.items],
            "pools": [item.pool for item in self.items],
            "parties": sorted({int(i.owner[4:]) for i in self.items if i.owner.startswith("org:")}),
        }


@dataclass(frozen=True, slots=True)
class OwnDue:
    """The time that a case's subject brought along, and the rule it rests on; none at all."""

    span: Span | None = None
    basis: str = ""

    @staticmethod
    def of(words: str, basis: str) -> OwnDue:
        """Return the time as it is kept with the case; raise `ValueError` for no time."""
        span = span_of(words) if words else None
        if words and span is None:
            raise ValueError(f"no length of time: {words!r}")
        return OwnDue(span, basis if span else "")


NO_DUE = OwnDue()


def enter(
    stage: Stage,
    *,
    area: str,
    visit: int,
    answers: Mapping[str, Any],
    own: OwnDue = NO_DUE,
) -> Entrance:
    """Work out what entering *stage* at *area* means. Raises `NoHolder`."""
    now = clock.now()
    items = _owners(stage.owner, area, answers) if stage.owner else ()
    due_at, note, basis = _due(stage.due, now, answers, own)
    yellow, red = _lights(stage, due_at)
    clock_at = _after(now, stage.clock.after) if stage.clock else None
    moments = timed(stage, due_at=due_at, yellow_at=yellow, red_at=red, clock_at=clock_at)
    waking = [moment for moment, _kind in moments if moment > now]
    return Entrance(
        stage=stage.key,
        visit=visit,
        items=items,
        due_at=due_at or clock_at,
        due_basis=basis,
        due_note=note,
        yellow_at=yellow,
        red_at=red,
        clock_at=clock_at,
        wake_at=min(waking, default=None),
    )


def timed(
    stage: Stage,
    *,
    due_at: datetime | None,
    yellow_at: datetime | None,
    red_at: datetime | None,
    clock_at: datetime | None,
) -> list[tuple[datetime, str]]:
    """Return every moment at which the clock acts on a stage, in order."""
    found: list[tuple[datetime, str]] = []
    if due_at is not None and stage.due is not None:
        found += [(_before(due_at, span), "remind") for span in stage.reminders]
        if stage.escalation:
            found.append((_after(due_at, stage.escalation.after), "escalate"))
    if yellow_at is not None:
        found.append((yellow_at, "yellow"))
    if red_at is not None:
        found.append((red_at, "red"))
    if clock_at is not None:
        found.append((clock_at, "clock"))
    return sorted(found)


def lights_for(stage: Stage, due_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Return when a stage with this due time turns yellow and red."""
    return _lights(stage, due_at)


def _lights(stage: Stage, due_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    if due_at is None or stage.due is None:
        return None, None
    lights = stage.lights
    yellow = _before(due_at, lights.yellow) if lights and lights.yellow else None
    red = _after(due_at, lights.red) if lights and lights.red else due_at
    return yellow, red


def _due(
    due: Due | None, now: datetime, answers: Mapping[str, Any], own: OwnDue
) -> tuple[datetime | None, str, str]:
    """Return when a stage is due, what is to be said of that date, and the rule."""
    if due is None:
        return None, "", ""
    if due.by and due.by in answers:
        return named_moment(answers[due.by]), "", due.basis
    span, basis = in_force(due, own, now)
    found = queries.calendar().due(now, span.amount, span.unit)
    return found.at, found.note, basis


def in_force(due: Due, own: OwnDue, begin: datetime) -> tuple[Span, str]:
    """Return how long a stage that begins then may take, and by which rule."""
    if own.span is None or not due.by_category:
        return due.span, due.basis
    theirs, mine = (
        queries.calendar().due(begin, one.amount, one.unit).at for one in (own.span, due.span)
    )
    if due.by_category == "shorter" and mine <= theirs:
        return due.span, due.basis
    return own.span, own.basis


def named_moment(answer: str) -> datetime:
    """Return the moment that was named in a form, a day's at its close."""
    moment = datetime.fromisoformat(answer)
    if len(answer) == len("2026-03-05"):
        moment = datetime.combine(moment, CLOSING)
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.LOCAL)).astimezone(UTC)


def _after(moment: datetime, span: Span) -> datetime:
    if span.unit == "workdays" and span.amount == 0:
        return moment
    return queries.calendar().due(moment, span.amount, span.unit).at


def _before(moment: datetime, span: Span) -> datetime:
    return queries.calendar().before(moment, span.amount, span.unit).at


def _owners(owner: Owner, area: str, answers: Mapping[str, Any]) -> tuple[Ownership, ...]:
    if owner.fan_out_from:
        named = answers.get(owner.fan_out_from, [])
        return tuple(Ownership(Part.FAN, f"org:{i}") for i in named)
    if owner.organisation_from:
        return _lead_and_assist(owner, answers)
    if owner.person_from:
        return (Ownership(Part.LEAD, f"acc:{answers[owner.person_from]}"),)
    if owner.organisation_kind:
        found = organisations.organisations_of_kind(owner.organisation_kind, area)
        if not found:
            raise NoHolder()
        return (Ownership(Part.LEAD, f"org:{found[0].id}"),)
    return (Ownership(Part.LEAD, holder_key(owner, area), owner.pool),)


def _lead_and_assist(owner: Owner, answers: Mapping[str, Any]) -> tuple[Ownership, ...]:
    lead = answers.get(owner.organisation_from or "")
    if lead is None:
        raise NoHolder(field=owner.organisation_from)
    helping = answers.get(owner.assist_from or "", [])
    return (
        Ownership(Part.LEAD, f"org:{lead}"),
        *(Ownership(Part.ASSIST, f"org:{i}") for i in helping if i != lead),
    )


def holder_key(owner: Owner, area: str) -> str:
    """Return `role@area` of the nearest holder, from the owner's level upwards.

    Raises `NoHolder` when nobody up the tree holds the role.
    """
    length = LENGTHS[owner.level] if owner.level else len(area)  # type: ignore[index]
    start = area[:length]
    place = organisations.nearest_holder_area(owner.role or "", start)
    if place is None:
        role = organisations.role_names().get(owner.role or "", owner.role or "")
        raise NoHolder(f"{NoHolder.title}：{role}")
    return f"{owner.role}@{place}"
