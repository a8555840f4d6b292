"""Dates and times left in plain words, in the reader's language."""

from __future__ import annotations

from calendar import month_abbr
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gongzhi.kernel import clock
from gongzhi.kernel.workcalendar import CalendarYearUnknown, WorkCalendar

SOON: Final = timedelta(hours=24)
WEEKDAYS: Final = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)


def _date(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _parts(value: date) -> dict[str, object]:
    return {
        "year": value.year,
        "month": value.month,
        # For translations that name the month; Chinese counts it.
        "month_name": month_abbr[value.month],
        "day": value.day,
        "weekday": WEEKDAYS[value.weekday()],
    }


def day(value: date | datetime) -> str:
    """Say a date with its weekday, and with the year when it is not the present one."""
    when = _date(value)
    if when.year == clock.today().year:
        return _("%(month)s月%(day)s日（%(weekday)s）") % _parts(when)
    return _("%(year)s年%(month)s月%(day)s日（%(weekday)s）") % _parts(when)


def short_day(value: date | datetime) -> str:
    """Say a date without its weekday."""
    when = _date(value)
    if when.year == clock.today().year:
        return _("%(month)s月%(day)s日") % _parts(when)
    return _("%(year)s年%(month)s月%(day)s日") % _parts(when)


def hour(value: datetime) -> str:
    """Say the time of day in Shanghai: 18:00."""
    return f"{clock.local(value):%H:%M}"


def moment(value: datetime) -> str:
    """Say a date and the time of day."""
    return _("%(day)s%(hour)s") % {"day": day(value), "hour": hour(value)}


def short_moment(value: datetime) -> str:
    """Say a time by today, yesterday or its date."""
    away = (clock.today() - _date(value)).days
    near = {0: _("今天"), 1: _("昨天"), -1: _("明天")}.get(away, short_day(value))
    return f"{near} {hour(value)}"


@cache
def _calendar() -> WorkCalendar:
    return WorkCalendar({})


def _workdays(start: datetime, end: datetime) -> int | None:
    try:
        return _calendar().workdays_between(start, end)
    except CalendarYearUnknown:
        # Beyond the published calendar, plain days are said instead of guessing working days.
        return None


def _amount(start: datetime, end: datetime) -> str:
    """Say the time between two moments: minutes, hours, then working days."""
    span = end - start
    if span < timedelta(hours=1):
        return _("%(n)s分钟") % {"n": max(1, int(span.total_seconds() // 60))}
    if span < SOON:
        return _("%(n)s小时") % {"n": int(span.total_seconds() // 3600)}
    working = _workdays(start, end)
    if working:
        return ngettext("%(n)s个工作日", "%(n)s个工作日", working) % {"n": working}
    days = max(1, span.days)
    return ngettext("%(n)s天", "%(n)s天", days) % {"n": days}


def time_left(due: datetime) -> str:
    """Say how long is left until *due*, or how long it is overdue."""
    now = clock.now()
    if due >= now:
        return _("还剩%(amount)s") % {"amount": _amount(now, due)}
    return _("已超期%(amount)s") % {"amount": _amount(due, now)}


def due_tone(due: datetime) -> str:
    """Return the tone of a due time: late when passed, soon within a day, else empty."""
    left = due - clock.now()
    if left < timedelta(0):
        return "late"
    return "soon" if left <= SOON else ""


def due_short(due: datetime) -> str:
    """Say a due time in a few characters, for a tag."""
    now = clock.now()
    if due < now:
        days = (clock.today() - _date(due)).days
        return _("超%(n)s天") % {"n": days} if days else _("已超期")
    away = (_date(due) - clock.today()).days
    if away == 0:
        return _("今天 %(hour)s") % {"hour": hour(due)}
    if away == 1:
        return _("明天 %(hour)s") % {"hour": hour(due)}
    if away < 7:
        return str(WEEKDAYS[_date(due).weekday()])
    return short_day(due)
