"""Tallies are kept by month and read by day: what was counted comes back, however it came in."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from gongzhi.indicators import actions
from gongzhi.indicators.models import Month, Tally
from gongzhi.indicators.queries.sums import between
from gongzhi.indicators.reckoning import Counts, Key
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.sql import statement

_FIRST = date(2026, 1, 1)
_AREAS = ("320602", "320602001")


@action
def _keep(*, actor: Actor, counts: Counts, amounts: Counts) -> None:
    actions._keep_tallies(counts, amounts)


@action
def _run(*, actor: Actor, sql: str, params: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _drawn(dice: random.Random, times: int) -> tuple[Counts, Counts]:
    """Return counts on days of four months, some taken back, some with an amount alone."""
    counts: Counts = Counter()
    amounts: Counts = Counter()
    for _time in range(times):
        day = _FIRST + timedelta(days=dice.randrange(120))
        key = ("t", dice.choice(_AREAS), dice.choice(("closed", "minutes")), day, "")
        counts[key] += dice.choice((-1, 1, 1, 2))
        if key[2] == "minutes":
            amounts[key] += dice.randrange(-50, 200)
    return counts, amounts


def _days() -> dict[Key, tuple[int, int]]:
    rows = Tally.objects.values_list("cut", "area", "measure", "day", "key", "n", "amount")
    return {(c, a, m, d, k): (n, amount) for c, a, m, d, k, n, amount in rows}


def _expected(counts: Counts, amounts: Counts) -> dict[Key, tuple[int, int]]:
    told = {key: (counts[key], amounts[key]) for key in counts.keys() | amounts.keys()}
    return {key: both for key, both in told.items() if any(both)}


@pytest.mark.parametrize("seed", range(5))
def test_batch_after_batch_adds_up_day_by_day(db: None, seed: int) -> None:
    dice = random.Random(seed)  # invented counts, not secrets
    counts: Counts = Counter()
    amounts: Counts = Counter()
    for _batch in range(4):
        more, more_amounts = _drawn(dice, 150)
        _keep(actor=SYSTEM, counts=more, amounts=more_amounts)
        for key in more.keys() | more_amounts.keys():
            counts[key] += more[key]
            amounts[key] += more_amounts[key]
    assert _days() == _expected(counts, amounts)
    starts = sorted({_FIRST + timedelta(days=dice.randrange(1, 100)) for _cut in range(6)})
    last = _FIRST + timedelta(days=105)
    summed: dict[tuple[str, str, int], list[int]] = {}
    for key in counts.keys() | amounts.keys():
        if starts[0] <= key[3] <= last:
            stretch = sum(start <= key[3] for start in starts)
            sums = summed.setdefault((key[1], key[2], stretch), [0, 0])
            sums[0] += counts[key]
            sums[1] += amounts[key]
    read = between("t", _AREAS, ("closed", "minutes"), starts, last)
    told = {(one["area"], one["measure"], one["stretch"]): one for one in read}
    assert {key: [one["n"], one["amount"]] for key, one in told.items()} == {
        key: sums for key, sums in summed.items() if any(sums)
    }


def test_a_month_is_one_row_and_sums_only_what_is_summed(db: None) -> None:
    days = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 28)]
    for number, day in enumerate(days, 1):
        key = ("t", "320602", "closed", day, "")
        _keep(actor=SYSTEM, counts=Counter({key: number}), amounts=Counter())
    kept = {one.month: one for one in Month.objects.all()}
    assert [len(one.n) for one in kept.values()] == [31, 31]
    assert all(one.amount is None for one in kept.values())
    assert [kept[days[0]].n[at] for at in (0, 29, 30)] == [1, 1, 3]
    assert [kept[date(2026, 2, 1)].n[at] for at in (26, 27, 30)] == [0, 3, 3]


_DAYS = """CREATE TABLE indicators_tally (
    cut varchar(1), area text COLLATE "C", measure text COLLATE "C", day date,
    key text COLLATE "C", n bigint, amount bigint, PRIMARY KEY (cut, area, measure, day, key))"""


def test_days_of_before_become_months_and_days_again(db: None) -> None:
    """The migration's own statements, there and back, in a schema of their own."""
    counts, amounts = _drawn(random.Random(7), 400)  # invented counts, not secrets
    before = _expected(counts, amounts)
    _run(actor=SYSTEM, sql="CREATE SCHEMA before; SET LOCAL search_path = before")
    _run(actor=SYSTEM, sql="CREATE TABLE indicators_month (LIKE public.indicators_month)")
    _run(actor=SYSTEM, sql=_DAYS)
    with_nothing = {**before, ("t", "320602", "closed", date(2025, 12, 31), ""): (0, 0)}
    for key, both in with_nothing.items():
        row = "INSERT INTO indicators_tally VALUES (%s, %s, %s, %s, %s, %s, %s)"
        _run(actor=SYSTEM, sql=row, params=[*key, *both])
    _run(actor=SYSTEM, sql=statement("indicators", "make_months"))
    assert Month.objects.count() == len({(key[1], key[2], key[3].month) for key in before})
    assert _days() == before
    _run(actor=SYSTEM, sql=statement("indicators", "drop_months"))
    assert _days() == before
