"""Sums of tallies and of standing cases: the only two statements behind every figure."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from gongzhi.indicators.book import book
from gongzhi.indicators.choices import AGES, NOW
from gongzhi.indicators.queries.periods import Period
from gongzhi.kernel import clock, codes
from gongzhi.kernel.sql import Statement, rows, run, statement

Sums = dict[str, float]  # by measure


@dataclass(frozen=True, slots=True)
class Summed:
    """Sums of one unit: of the period, of the one before, and of each stretch of the trend."""

    now: Sums
    before: Sums
    trend: tuple[Sums, ...]


def summed(
    cut: str, places: Collection[str], measures: Collection[str], period: Period, *, trend: bool
) -> dict[tuple[str, str], Summed]:
    """Return the sums by area and key. Without *trend* only the period and the one before."""
    starts = period.starts if trend else period.starts[-2:]
    after_before = period.before_last + timedelta(days=1)
    cuts = sorted({*starts, after_before})
    amounts = {one.id for one in book().measures.values() if one.sum}
    parts: dict[tuple[str, str], dict[int, Sums]] = defaultdict(lambda: defaultdict(dict))
    for row in between(cut, places, measures, cuts, period.last):
        value = row["amount"] if row["measure"] in amounts else row["n"]
        parts[row["area"], row["key"]][row["stretch"]][row["measure"]] = float(value)
    place = {start: cuts.index(start) + 1 for start in starts}
    rest = cuts.index(after_before) + 1 if after_before < period.first else 0
    return {
        unit: Summed(
            now=dict(found.get(place[period.first], {})),
            before=dict(found.get(place[period.before_first], {})),
            trend=tuple(
                _whole(found, place[start], rest if start == period.before_first else 0)
                for start in (starts if trend else ())
            ),
        )
        for unit, found in parts.items()
    }


def between(
    cut: str, places: Collection[str], measures: Collection[str], starts: list[date], last: date
) -> list[dict[str, Any]]:
    """Return the sums from each start to the next, numbered from 1, of the latest to *last*."""
    params = {
        "cut": cut,
        "areas": list(places),
        "measures": list(measures),
        "starts": starts,
        "ends": [*(start - timedelta(days=1) for start in starts[1:]), last],
        "first": starts[0],
        "last": last,
    }
    return rows("indicators", "sums", params)


def backlog_at_ends(cut: str, place: str, key: str, period: Period, now: Sums) -> tuple[int, ...]:
    """Return how many were open at the end of each stretch of the trend, reckoned back from now.

    What came in since is taken off what stands, what ended since is put back: one statement. A
    reopened case counts as open all the while, as its card says.
    """
    names = book().backlog
    if not names:
        return ()
    ends = [start - timedelta(days=1) for start in period.starts[1:]] + [period.last]
    after = [end + timedelta(days=1) for end in ends]
    since = [0] * len(ends)
    for row in between(cut, [place], [names["came"], names["ended"]], after, clock.today()):
        if row["key"] == key:
            sign = 1 if row["measure"] == names["ended"] else -1
            for number in range(row["stretch"]):
                since[number] += sign * int(row["n"])
    return tuple(int(now.get(names["now"], 0)) + change for change in since)


def _whole(found: Mapping[int, Sums], stretch: int, rest: int) -> Sums:
    """Return a stretch of the trend; the period before is cut in two by its comparison."""
    whole = dict(found.get(stretch, {}))
    if rest:
        for measure, value in found.get(rest, {}).items():
            whole[measure] = whole.get(measure, 0) + value
    return whole


# What open cases can be told apart by.
_TOLD: Final = {
    "part": "left(area, %(length)s)",
    "age": "width_bucket(%(today)s::date - opened_on, %(ages)s::int[])",
    "category": "category",
    "organisation": "organisation",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands open now: altogether, by area below, by organisation and by age in days.

    An age is the number of its stretch in `AGES`, from 1. What was not asked for is empty.
    """

    whole: Sums
    parts: dict[str, Sums]
    organisations: dict[int, Sums]
    ages: dict[int, Sums]


def standing(area: str, length: int, category: str, by: Collection[str]) -> Standing:
    """Return what is open within *area* now, of one category when it is named.

    Of *by* "part" (the areas below, of *length* digits), "organisation" and "age" are told apart.
    """
    low, high = codes.prefix_range(area)
    measures = [one for one in book().measures.values() if one.day == NOW]
    asked = {name for one in measures for name, _wanted in one.where} | set(by)
    params = {
        "length": length,
        "low": low,
        "high": high,
        "only": category,
        "today": clock.today(),
        "now": clock.now(),
        "ages": [first for first, _last in AGES],
    }
    found = Standing({}, defaultdict(dict), defaultdict(dict), defaultdict(dict))
    kept: dict[str, dict[Any, Sums]]
    kept = {"part": found.parts, "organisation": found.organisations, "age": found.ages}
    text = _standing(tuple(name for name in _TOLD if name in asked), bool(category))
    for row in run(text, params):
        into = [found.whole, *(sums[row[name]] for name, sums in kept.items() if name in by)]
        for one in measures:
            if all(row[name] in wanted for name, wanted in one.where):
                for sums in into:
                    sums[one.id] = sums.get(one.id, 0) + row["n"]
    return found


@functools.cache
def _standing(names: tuple[str, ...], of_one: bool) -> Statement:
    """Return the statement that tells open cases apart by these, those of one category if so."""
    found = statement("indicators", "standing").format(
        told="".join(f"{_TOLD[name]} AS {name}, " for name in names),
        names="".join(f"{name}, " for name in names),
        only=" AND category = %(only)s" if of_one else "",
    )
    return Statement(found)
