"""Sums of tallies and of standing cases: the only two statements behind every figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gongzhi.indicators.book import Measure, book
from gongzhi.indicators.choices import BY_CATEGORY, BY_ORGANISATION, NOW, WHOLE
from gongzhi.indicators.queries.periods import Period
from gongzhi.kernel import clock, codes
from gongzhi.kernel.sql import rows

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
    params = {
        "cut": cut,
        "areas": list(places),
        "measures": list(measures),
        "cuts": cuts,
        "first": starts[0],
        "last": period.last,
    }
    amounts = {one.id for one in book().measures.values() if one.sum}
    parts: dict[tuple[str, str], dict[int, Sums]] = defaultdict(lambda: defaultdict(dict))
    for row in rows("indicators", "sums", params):
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
                for start in starts
            ),
        )
        for unit, found in parts.items()
    }


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
    params = {
        "cut": cut,
        "areas": [place],
        "measures": [names["came"], names["ended"]],
        "cuts": after,
        "first": after[0],
        "last": clock.today(),
    }
    since = [0] * len(ends)
    for row in rows("indicators", "sums", params):
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


@dataclass(frozen=True, slots=True)
class Standing:
    """So many open cases of one kind, and the measures they count for."""

    part: str
    procedure: str
    age: int
    overdue: bool
    category: str
    organisation: int
    n: int
    measures: tuple[str, ...] = ()


def standing(area: str, length: int) -> list[Standing]:
    """Return what is open within *area* now, by the areas below that have *length* digits."""
    low, high = codes.prefix_range(area)
    params = {
        "length": length,
        "low": low,
        "high": high,
        "today": clock.today(),
        "now": clock.now(),
    }
    measures = [one for one in book().measures.values() if one.day == NOW]
    return [
        Standing(**row, measures=tuple(one.id for one in measures if _stands(row, one)))
        for row in rows("indicators", "standing", params)
    ]


def standing_sums(found: Sequence[Standing], by: str = "") -> dict[str, Sums]:
    """Return the sums of the measures that count what stands now, by one field of it."""
    sums: dict[str, Sums] = defaultdict(dict)
    for one in found:
        key = str(getattr(one, by)) if by else ""
        for measure in one.measures:
            sums[key][measure] = sums[key].get(measure, 0) + one.n
    return dict(sums)


def _stands(row: Mapping[str, Any], measure: Measure) -> bool:
    return all(row[name] in wanted for name, wanted in measure.where)


KEY_OF = {WHOLE: "part", BY_CATEGORY: "category", BY_ORGANISATION: "organisation"}
