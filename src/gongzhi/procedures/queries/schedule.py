"""When a stage is due, when it is reminded, lit, escalated and moved by the clock."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings

from gongzhi.kernel.workcalendar import WorkCalendar, read_calendar
from gongzhi.procedures.definition import Span, Stage

Event = Literal["remind", "yellow", "red", "escalate", "clock", "resume"]


@dataclass(frozen=True, slots=True)
class Times:
    """The times of one stay in a stage; `wake_at` is the first moment the clock has work."""

    due_at: datetime | None = None
    due_basis: str = ""
    due_note: str = ""
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    clock_at: datetime | None = None
    wake_at: datetime | None = None


@functools.cache
def calendar() -> WorkCalendar:
    """Return this installation's work calendar: the common file and the district's own days."""
    folders = ["_base", *([settings.DISTRICT] if settings.DISTRICT else [])]
    return read_calendar(*(settings.DISTRICTS / folder / "calendar.yaml" for folder in folders))


def after(moment: datetime, span: Span) -> datetime:
    """Return the end of *span* beginning at *moment*."""
    return calendar().due(moment, span.amount, span.unit).at


def entering(stage: Stage, now: datetime) -> Times:
    """Return the times of a stay that begins *now*: no later edit resets them."""
    due = calendar().due(now, stage.due.amount, stage.due.unit) if stage.due else None
    clock_at = after(now, stage.clock.after) if stage.clock else None
    basis = stage.due.basis if stage.due else ""
    return with_due(
        stage, now, due_at=due.at if due else None, clock_at=clock_at, note=due.note if due else "",
        basis=basis,
    )


def with_due(  # noqa: PLR0913 - the parts of one answer
    stage: Stage,
    now: datetime,
    *,
    due_at: datetime | None,
    clock_at: datetime | None,
    note: str = "",
    basis: str = "",
) -> Times:
    """Return the times that follow from a due time and a clock, seen from *now*."""
    lights = stage.lights
    yellow = red = None
    if due_at and lights:
        if lights.yellow:
            yellow = calendar().before(due_at, lights.yellow.amount, lights.yellow.unit).at
        if lights.red:
            red = after(due_at, lights.red) if lights.red.amount else due_at
    times = Times(due_at, basis, note, yellow, red, clock_at)
    wake = next_wake(stage, times, since=now)
    return Times(due_at, basis, note, yellow, red, clock_at, wake)


def events(stage: Stage, times: Times) -> Iterator[tuple[datetime, Event]]:
    """Yield what the clock does in this stay, in no order."""
    if times.due_at:
        for span in stage.reminders:
            yield calendar().before(times.due_at, span.amount, span.unit).at, "remind"
        if stage.escalation:
            yield after(times.due_at, stage.escalation.after), "escalate"
    if times.yellow_at:
        yield times.yellow_at, "yellow"
    if times.red_at:
        yield times.red_at, "red"
    if times.clock_at:
        yield times.clock_at, "clock"


def next_wake(stage: Stage, times: Times, *, since: datetime) -> datetime | None:
    """Return the first event after *since*, or None."""
    return min((at for at, _kind in events(stage, times) if at > since), default=None)


def after_pause(times: Times, stage: Stage, paused: datetime, now: datetime) -> datetime | None:
    """Return the due time moved by how long the clock stood still.

    Working-day spans keep the number of working days that were left, others the time left.
    """
    due = times.due_at
    if due is None or due <= paused:
        return due
    if stage.due and stage.due.unit == "workdays":
        left = sum(1 for _day in _workdays(paused, due))
        return calendar().due(now, left, "workdays").at
    return due + (now - paused)


def _workdays(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the ends of working days after the day of *start* up to *end*."""
    day = calendar().due(start, 1, "workdays").at
    while day <= end:
        yield day
        day = calendar().due(day, 1, "workdays").at
