"""Working days of China: statutory holidays, shifted weekends, and a district's own days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

import chinese_calendar
import yaml
from chinese_calendar import constants
from django.utils.translation import gettext as _

from gongzhi.kernel.clock import LOCAL
from gongzhi.kernel.errors import FieldProblem, InvalidInput

Unit = Literal["workdays", "days", "hours", "minutes"]
CLOSING = time(18, 0)
LONGEST = 2_000
_DAY = timedelta(days=1)


class CalendarYearUnknown(InvalidInput):
    """Nobody has told which days of this year are worked."""

    code: ClassVar[str] = "calendar-year-unknown"

    def __init__(self, year: int) -> None:
        super().__init__(
            _("%(year)s年的放假安排尚未录入") % {"year": year},
            mend=_("国务院办公厅发布后，在区县文件夹的 calendar.yaml 中录入，或更新节假日数据"),
        )
        self.year = year


class CalendarInvalid(InvalidInput):
    """A calendar file that cannot be used; each problem's field is `file:line`."""

    code: ClassVar[str] = "calendar-invalid"


@dataclass(frozen=True, slots=True)
class Due:
    """A moment by which something is due.

    `provisional` when the way there leads through a year whose holidays are not announced: its
    days were counted by weekends alone, and `note` says so in words to be shown beside the date.
    """

    at: datetime
    provisional: bool = False
    note: str = ""


@cache
def known_years() -> frozenset[int]:
    """The years whose statutory arrangement the holiday package holds."""
    return frozenset(day.year for day in constants.holidays)


class WorkCalendar:
    """Counts working days.

    `extra` overrides single days (True worked, False off). `complete` are years that `extra`
    describes in full, holidays and shifted days, so that they count as known.
    Dates are local (Asia/Shanghai); moments are aware.
    """

    def __init__(
        self, extra: Mapping[date, bool] | None = None, *, complete: frozenset[int] = frozenset()
    ) -> None:
        self.extra = dict(extra or {})
        self.complete = complete

    def knows(self, year: int) -> bool:
        """Whether the working days of this year are known."""
        return year in known_years() or year in self.complete

    def is_workday(self, day: date) -> bool:
        """Whether this local date is worked. Raises `CalendarYearUnknown`."""
        if not self.knows(day.year):
            raise CalendarYearUnknown(day.year)
        return self._worked(day)

    def add_workdays(self, moment: datetime, count: int) -> datetime:
        """The close (18:00 local) of the `count`-th working day after the day of `moment`, in UTC.

        `count` 0 is the close of that day itself, or of the first working day after it.
        Raises `CalendarYearUnknown` rather than guess.
        """
        due = self.due(moment, count, "workdays")
        if due.provisional:
            raise CalendarYearUnknown(self._first_unknown(moment, due.at))
        return due.at

    def workdays_between(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start` up to the day of `end`; negative when reversed.

        Raises `CalendarYearUnknown`.
        """
        first, last = _day(start), _day(end)
        if last < first:
            return -self.workdays_between(end, start)
        days = (last - first).days
        return sum(self.is_workday(first + _DAY * step) for step in range(1, days + 1))

    def due(self, moment: datetime, amount: int, unit: Unit) -> Due:
        """When a span that begins at `moment` (aware) is over; said to be provisional if it is."""
        _check(moment, amount)
        if unit != "workdays":
            return Due((moment + timedelta(**{unit: amount})).astimezone(UTC))
        return self._walk(_day(moment), amount, _DAY)

    def before(self, moment: datetime, amount: int, unit: Unit) -> Due:
        """When a span that ends at `moment` must begin: for reminders and yellow lights."""
        _check(moment, amount)
        if unit != "workdays":
            return Due((moment - timedelta(**{unit: amount})).astimezone(UTC))
        reached = self._walk(_day(moment), amount, -_DAY)
        local = moment.astimezone(LOCAL)
        at = datetime.combine(_day(reached.at), local.time(), tzinfo=LOCAL).astimezone(UTC)
        return Due(at, reached.provisional, reached.note)

    def _walk(self, day: date, count: int, step: timedelta) -> Due:
        unknown: set[int] = set()
        left = count
        while left or not self._worked(day):
            if not self.knows(day.year):
                unknown.add(day.year)
            day += step
            left -= left > 0 and self._worked(day)
        if not self.knows(day.year):
            unknown.add(day.year)
        return Due(_close(day), bool(unknown), _note(unknown))

    def _worked(self, day: date) -> bool:
        """Worked or not, by weekends alone in a year that is not known."""
        own = self.extra.get(day)
        if own is not None:
            return own
        if day.year in known_years():
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    def _first_unknown(self, start: datetime, end: datetime) -> int:
        years = range(_day(start).year, _day(end).year + 1)
        return next(year for year in years if not self.knows(year))


def _check(moment: datetime, amount: int) -> None:
    if moment.tzinfo is None:
        raise ValueError("a due time needs an aware moment")
    if not 0 <= amount <= LONGEST * 24 * 60:
        raise ValueError(f"a span of {amount} is out of range")


def _day(moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError("working days need an aware moment")
    return moment.astimezone(LOCAL).date()


def _close(day: date) -> datetime:
    return datetime.combine(day, CLOSING, tzinfo=LOCAL).astimezone(UTC)


def _note(years: set[int]) -> str:
    if not years:
        return ""
    named = "、".join(str(year) for year in sorted(years))
    return _("%(years)s年放假安排未发布，暂按周末推算") % {"years": named}


def read_calendar(*files: Path) -> WorkCalendar:
    """The calendar of these files, later ones first in force; a missing file adds nothing.

    Form: `days: {2026-09-30: off, 2026-09-27: work}` and `complete: {2027: basis}`.
    Raises `CalendarInvalid` with every faulty line.
    """
    extra: dict[date, bool] = {}
    complete: set[int] = set()
    problems: list[FieldProblem] = []
    for file in files:
        for section, key, value, line in _lines(file, problems):
            try:
                if section == "days":
                    extra[date.fromisoformat(key)] = {"work": True, "off": False}[value]
                elif 2000 <= int(key) <= 2200 and value.strip():
                    complete.add(int(key))
                else:
                    raise ValueError(key)
            except (ValueError, KeyError):
                problems.append(_faulty(file, line, _("看不懂 %(key)s") % {"key": key}))
    if problems:
        error = CalendarInvalid(problems[0].message)
        error.problems = tuple(problems)
        raise error
    return WorkCalendar(extra, complete=frozenset(complete))


def _lines(file: Path, problems: list[FieldProblem]) -> Iterator[tuple[str, str, str, int]]:
    """Each entry of a calendar file: section, key, value and line."""
    if not file.is_file():
        return
    try:
        root = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problems.append(_faulty(file, mark.line + 1 if mark else 1, _("YAML 写法有误")))
        return
    if root is None:
        return
    for section, body, line in _pairs(root, file, problems):
        if section not in ("days", "complete"):
            problems.append(_faulty(file, line, _("不认识的键 %(key)s") % {"key": section}))
            continue
        for key, value, at in _pairs(body, file, problems):
            yield section, key, value.value if isinstance(value, yaml.ScalarNode) else "", at


def _pairs(
    node: yaml.Node, file: Path, problems: list[FieldProblem]
) -> Iterator[tuple[str, yaml.Node, int]]:
    if not isinstance(node, yaml.MappingNode):
        problems.append(_faulty(file, node.start_mark.line + 1, _("应当是“键: 值”")))
        return
    for key, value in node.value:
        yield str(key.value), value, key.start_mark.line + 1


def _faulty(file: Path, line: int, message: str) -> FieldProblem:
    mend = _("days 下写 2026-09-30: off 或 work，complete 下写 2027: 依据文件")
    return FieldProblem(f"{file}:{line}", message, mend)
