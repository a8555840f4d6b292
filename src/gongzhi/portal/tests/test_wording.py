"""Dates and times left, in words a person would use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from gongzhi.kernel.clock import LOCAL, travel_to
from gongzhi.portal import wording

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=LOCAL)  # a Tuesday


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 26), "11月26日（周四）"),
        (date(2027, 1, 4), "2027年1月4日（周一）"),
        # Late in the evening in UTC is the next day in Shanghai.
        (datetime(2026, 11, 25, 17, 0, tzinfo=UTC), "11月26日（周四）"),
    ],
)
def test_a_day_names_its_year_only_when_it_is_another(value: date, words: str) -> None:
    with travel_to(NOON):
        assert wording.day(value) == words


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(minutes=40), "还剩40分钟", "soon"),
        (timedelta(hours=7), "还剩7小时", "soon"),
        (timedelta(days=2), "还剩2个工作日", ""),
        (timedelta(minutes=-5), "已超期5分钟", "late"),
        (timedelta(hours=-3), "已超期3小时", "late"),
        (timedelta(days=-1), "已超期1个工作日", "late"),
    ],
)
def test_time_left(left: timedelta, words: str, tone: str) -> None:
    with travel_to(NOON):
        assert wording.time_left(NOON + left) == words
        assert wording.due_tone(NOON + left) == tone


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=-1), "超1天"),
        (timedelta(hours=-1), "已超期"),
        (timedelta(hours=6), "今天 18:00"),
        (timedelta(days=1), "明天 12:00"),
        (timedelta(days=3), "周五"),
        (timedelta(days=9), "12月3日"),
    ],
)
def test_a_due_time_in_a_tag(left: timedelta, words: str) -> None:
    with travel_to(NOON):
        assert wording.due_short(NOON + left) == words


def test_recent_times_are_said_by_today_and_yesterday() -> None:
    with travel_to(NOON):
        assert wording.short_moment(NOON - timedelta(hours=3)) == "今天 09:00"
        assert wording.short_moment(NOON - timedelta(days=1)) == "昨天 12:00"
        assert wording.short_moment(NOON - timedelta(days=3)) == "11月21日 12:00"


def test_english() -> None:
    with travel_to(NOON), translation.override("en"):
        assert wording.day(date(2026, 11, 26)) == "Thu 26 Nov"
        assert wording.moment(NOON) == "Tue 24 Nov, 12:00"
        assert wording.time_left(NOON + timedelta(days=2)) == "2 working days left"
        assert wording.time_left(NOON - timedelta(hours=3)) == "3 h overdue"
