"""Working days: holidays, shifted weekends, a district's own days, and years nobody knows yet."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel.workcalendar import (
    CalendarInvalid,
    CalendarYearUnknown,
    WorkCalendar,
    read_calendar,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
moments = st.integers(0, 900 * 24 * 60).map(
    lambda minutes: dt.datetime(2024, 1, 1, tzinfo=SHANGHAI) + dt.timedelta(minutes=minutes)
)
counts = st.integers(1, 60)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def test_statutory_holidays_and_shifted_days() -> None:
    assert not CALENDAR.is_workday(dt.date(2026, 10, 1))
    assert CALENDAR.is_workday(dt.date(2026, 10, 10)), "a Saturday worked in exchange"
    assert CALENDAR.is_workday(dt.date(2026, 2, 28))
    assert not CALENDAR.is_workday(dt.date(2026, 11, 22)), "a plain Sunday"


def test_five_working_days_over_the_national_day() -> None:
    reported = at(2026, 9, 30, 20, 15)
    assert CALENDAR.add_workdays(reported, 5) == at(2026, 10, 13, 18)


def test_a_report_on_sunday_evening_is_due_from_monday_on() -> None:
    assert CALENDAR.add_workdays(at(2026, 11, 22, 23, 59), 1) == at(2026, 11, 23, 18)
    assert CALENDAR.add_workdays(at(2026, 11, 22, 9), 0) == at(2026, 11, 23, 18)


def test_the_local_day_counts_not_the_utc_day() -> None:
    early = dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC)  # Monday 07:00 in Shanghai
    assert CALENDAR.add_workdays(early, 1) == at(2026, 11, 24, 18)


@given(moments, counts)
def test_never_ends_on_a_day_off(start: dt.datetime, count: int) -> None:
    end = CALENDAR.add_workdays(start, count).astimezone(SHANGHAI)
    assert CALENDAR.is_workday(end.date())
    assert (end.hour, end.minute) == (18, 0)
    assert CALENDAR.workdays_between(start, end) == count


@given(moments, counts, counts)
def test_adds_up(start: dt.datetime, first: int, second: int) -> None:
    whole = CALENDAR.add_workdays(start, first + second)
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(start, first), second) == whole


@given(moments, moments, counts)
def test_later_in_is_never_earlier_out(one: dt.datetime, two: dt.datetime, count: int) -> None:
    early, late = sorted((one, two))
    assert CALENDAR.add_workdays(early, count) <= CALENDAR.add_workdays(late, count)
    assert CALENDAR.add_workdays(early, count) < CALENDAR.add_workdays(early, count + 1)


@given(moments, counts)
def test_before_undoes_after(start: dt.datetime, count: int) -> None:
    due = CALENDAR.add_workdays(start, count)
    back = CALENDAR.before(due, count, "workdays").at
    assert back < due
    assert CALENDAR.workdays_between(back, due) == count


@given(moments, moments)
def test_between_is_antisymmetric(one: dt.datetime, two: dt.datetime) -> None:
    assert CALENDAR.workdays_between(one, two) == -CALENDAR.workdays_between(two, one)


def test_a_district_adds_days_off_and_days_worked() -> None:
    own = WorkCalendar({dt.date(2026, 11, 23): False, dt.date(2026, 11, 28): True})
    assert own.add_workdays(at(2026, 11, 20, 9), 1) == at(2026, 11, 24, 18)
    assert own.add_workdays(at(2026, 11, 27, 9), 1) == at(2026, 11, 28, 18)


def test_an_unknown_year_is_said() -> None:
    with pytest.raises(CalendarYearUnknown) as caught:
        CALENDAR.is_workday(dt.date(2199, 1, 4))
    assert "2199" in str(caught.value)
    assert caught.value.mend
    with pytest.raises(CalendarYearUnknown):
        CALENDAR.add_workdays(at(2198, 12, 30, 9), 5)


def test_a_due_time_in_an_unknown_year_is_provisional_and_says_why() -> None:
    due = CALENDAR.due(at(2198, 12, 28, 9), 5, "workdays")
    assert due.provisional
    assert due.note.startswith("2198、2199年放假安排未发布")
    assert due.at == at(2199, 1, 4, 18)
    assert CALENDAR.due(at(2026, 11, 2, 9), 5, "workdays").note == ""
    assert not CALENDAR.due(at(2198, 12, 28, 9), 5, "days").provisional


def test_a_year_that_a_file_tells_in_full_is_known(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("days: {2199-01-01: off, 2199-01-05: work}\ncomplete: {2199: 通知}\n")
    told = read_calendar(file, tmp_path / "none.yaml")
    assert told.is_workday(dt.date(2199, 1, 5))
    assert not told.is_workday(dt.date(2199, 1, 1))
    with pytest.raises(CalendarYearUnknown):
        told.is_workday(dt.date(2198, 1, 1))


def test_wall_clock_spans_do_not_ask_the_calendar() -> None:
    start = at(2026, 11, 22, 9)
    assert CALENDAR.due(start, 7, "days").at == at(2026, 11, 29, 9)
    assert CALENDAR.due(start, 90, "minutes").at == at(2026, 11, 22, 10, 30)
    assert CALENDAR.before(start, 2, "hours").at == at(2026, 11, 22, 7)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("days:\n  2026-02-30: off\n", 2),
        ("days:\n  2026-02-20: perhaps\n", 2),
        ("complete:\n  next: x\n", 2),
        ("complete: {2027: ''}\n", 1),
        ("holidays: {}\n", 1),
        ("- 1\n", 1),
        ("days: [1\n", 2),
        ("days:\n  2026-02-20: {a: b}\n", 2),
    ],
)
def test_a_faulty_calendar_file_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(text)
    with pytest.raises(CalendarInvalid) as caught:
        read_calendar(file)
    assert caught.value.problems[0].field == f"{file}:{line}"
    assert caught.value.problems[0].mend


def test_a_calendar_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_bytes(b"\xff\xfe\x00days")
    with pytest.raises(CalendarInvalid):
        read_calendar(file)


def test_naive_moments_are_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.due(dt.datetime(2026, 1, 5), 1, "days")  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.workdays_between(dt.datetime(2026, 1, 5), at(2026, 1, 6))  # noqa: DTZ001
