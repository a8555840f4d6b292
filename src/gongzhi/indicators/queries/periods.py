"""Days, weeks, months and quarters in Asia/Shanghai, each with the same days of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongzhi.indicators.choices import PERIODS, TREND_POINTS
from gongzhi.indicators.errors import NoSuchFigure
from gongzhi.kernel import clock


@dataclass(frozen=True, slots=True)
class Period:
    """From *first* to *last*, both included; what has not come yet is left out of both sides."""

    kind: str
    first: date
    last: date
    end: date
    before_first: date
    before_last: date
    starts: tuple[date, ...]

    @property
    def running(self) -> bool:
        """Whether the period has not ended yet."""
        return self.last < self.end

    @property
    def name(self) -> str:
        """What the period is called."""
        if self.first <= clock.today() <= self.end:
            return {
                "day": _("今天"),
                "week": _("本周"),
                "month": _("本月"),
                "quarter": _("本季度"),
            }[self.kind]
        return self.dates

    @property
    def dates(self) -> str:
        """The days of the period."""
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()}—{self.last.isoformat()}"

    @property
    def before_name(self) -> str:
        """What the period is compared with."""
        whole = {"day": _("前一天"), "week": _("上周"), "month": _("上月"), "quarter": _("上季度")}
        part = {
            "day": _("前一天"),
            "week": _("上周同期"),
            "month": _("上月同期"),
            "quarter": _("上季度同期"),
        }
        return (part if self.running else whole)[self.kind]

    @property
    def previous(self) -> date:
        """A day of the period before."""
        return self.first - timedelta(days=1)

    @property
    def following(self) -> date | None:
        """A day of the period after, when it has begun."""
        after = self.end + timedelta(days=1)
        return after if after <= clock.today() else None


def first_of(kind: str, day: date) -> date:
    """Return the first day of the period that holds *day*."""
    if kind == "week":
        return day - timedelta(days=day.weekday())
    if kind == "month":
        return day.replace(day=1)
    if kind == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day


def _next(kind: str, first: date) -> date:
    longest = {"day": 1, "week": 7, "month": 32, "quarter": 95}[kind]
    return first_of(kind, first + timedelta(days=longest))


def period_of(kind: str = "week", at: str = "") -> Period:
    """Return the period of *kind* that holds the day *at* (today unless told).

    Raises `NoSuchFigure` for a kind or day that cannot be.
    """
    if kind not in PERIODS:
        raise NoSuchFigure(
            field="period", mend=_("可用：%(known)s") % {"known": "、".join(PERIODS)}
        )
    today = clock.today()
    try:
        day = min(date.fromisoformat(at), today) if at else today
    except ValueError:
        raise NoSuchFigure(field="at", mend=_("日期写成 2026-03-04")) from None
    if day.year < 1990:
        raise NoSuchFigure(field="at", mend=_("日期写成 2026-03-04"))
    first = first_of(kind, day)
    end = _next(kind, first) - timedelta(days=1)
    last = min(end, today)
    starts = [first]
    for _point in range(TREND_POINTS - 1):
        starts.insert(0, first_of(kind, starts[0] - timedelta(days=1)))
    before_end = first - timedelta(days=1)
    # The same number of days, and never into this period: a shorter month ends earlier.
    before_last = min(starts[-2] + (last - first), before_end) if last < end else before_end
    return Period(kind, first, last, end, starts[-2], before_last, tuple(starts))
