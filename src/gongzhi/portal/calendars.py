"""A year of the work calendar in words: holidays, worked weekends, the district's own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from itertools import pairwise

from gongzhi.procedures import queries as procedures

_DAY = timedelta(days=1)
_FIRST = 2000


@dataclass(frozen=True, slots=True)
class Span:
    """Days on end that are all off, or all worked though they fall on a weekend."""

    first: date
    last: date
    worked: bool
    own: bool

    @property
    def days(self) -> int:
        """How many days it is."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Year:
    """One year: `known` says whether its holidays are announced; what differs from plain weeks."""

    number: int
    known: bool
    spans: tuple[Span, ...]
    workdays: int
    before: int | None
    after: int | None


def year_of(number: int) -> Year:
    """Return the year *number*; outside what can be asked, the nearest year that can."""
    number = min(max(number, _FIRST), MAXYEAR - 1)
    book = procedures.calendar()
    before = number - 1 if book.knows(number - 1) else None
    after = number + 1 if book.knows(number + 1) else None
    if not book.knows(number):
        return Year(number, False, (), 0, before, after)
    days = [date(number, 1, 1) + _DAY * step for step in range(366)]
    days = [day for day in days if day.year == number]
    worked = {day: book.is_workday(day) for day in days}
    odd = [day for day in days if worked[day] is (day.weekday() > 4)]
    spans = _spans(days, odd, worked, set(book.extra))
    return Year(number, True, spans, sum(worked.values()), before, after)


def _spans(
    days: list[date], odd: list[date], worked: dict[date, bool], own: set[date]
) -> tuple[Span, ...]:
    """Join days that differ from plain weeks; a holiday takes in the weekend it runs over."""
    shown = {day for day in odd if worked[day]}
    off = [day for day in days if not worked[day]]
    runs: list[list[date]] = []
    for before, day in pairwise([date.min, *off]):
        if day - before == _DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    holidays = [run for run in runs if any(day in odd for day in run)]
    found = [Span(run[0], run[-1], False, not own.isdisjoint(run)) for run in holidays]
    found += [Span(day, day, True, day in own) for day in shown]
    return tuple(sorted(found, key=lambda span: span.first))
