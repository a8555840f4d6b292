"""Indicators worked out: value, comparison, trend, and what the list behind them is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongzhi.indicators.book import Indicator, Share, book
from gongzhi.indicators.choices import NOW
from gongzhi.indicators.queries.periods import Period
from gongzhi.indicators.queries.sums import Summed, Sums

NOTHING = Summed({}, {}, ())


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit in one period. A hidden one has too few cases behind it."""

    id: str
    name: str
    note: str
    unit: str
    value: float | None
    n: int | None
    hidden: bool
    minimum: int
    before: float | None
    better: str
    trend: tuple[float | None, ...]
    list: dict[str, str]

    @property
    def shown(self) -> str:
        """The value in words."""
        if self.hidden:
            return _("少于%(n)d件，不显示") % {"n": self.minimum}
        return in_words(self.value, self.unit)

    @property
    def change(self) -> float | None:
        """The difference from the period before: in points for shares, else as it is counted."""
        if self.value is None or self.before is None or self.hidden:
            return None
        return self.value - self.before

    @property
    def change_shown(self) -> str:
        """The difference in words; empty when there is nothing to compare with."""
        change = self.change
        if change is None:
            return ""
        sign = "＋" if change > 0 else "－" if change < 0 else "±"
        if self.unit == "percent":
            return _("%(sign)s%(n).1f 点") % {"sign": sign, "n": abs(change) * 100}
        if self.unit == "days":
            return _("%(sign)s%(n).1f 天") % {"sign": sign, "n": abs(change)}
        return f"{sign}{abs(change):,.0f}"

    @property
    def tone(self) -> str:
        """Whether the change is good, bad, or neither."""
        change = self.change
        if not change or self.better == "none":
            return ""
        return "good" if (change > 0) == (self.better == "up") else "bad"


def in_words(value: float | None, unit: str) -> str:
    """Return a value as people read it."""
    if value is None:
        return "—"
    if unit == "percent":
        return f"{value * 100:.1f}%"
    if unit == "days":
        return _("%(n).1f 天") % {"n": value}
    return f"{value:,.0f}"


def stands_now(indicator: Indicator) -> bool:
    """Whether the indicator says what stands at this moment, not what happened in a period."""
    measures = book().measures
    return any(measures[name].day == NOW for name in indicator.formula.names)


def measures_of(indicators: Iterable[str]) -> set[str]:
    """Return the measures in tallies that these indicators need."""
    found: set[str] = set()
    for name in indicators:
        one = book().indicators[name]
        found |= one.formula.names | (one.n.names if one.n else frozenset())
    return {name for name in found if book().measures[name].day != NOW}


Worked = Callable[[Summed, Sums, Mapping[str, str]], tuple[Figure, ...]]


def figures_of(names: Iterable[str], period: Period) -> Worked:
    """Return what works these indicators out for one unit after another.

    It is given the unit's sums, what stands there now, and what its lists are narrowed to.
    """
    wanted = [book().indicators[name] for name in names]
    made = [_maker(one, period) for one in wanted]

    def work(sums: Summed, now: Sums, narrowing: Mapping[str, str]) -> tuple[Figure, ...]:
        known = {**sums.now, **now}
        return tuple(make(sums, known, narrowing) for make in made)

    return work


def _maker(one: Indicator, period: Period) -> Callable[..., Figure]:
    """Return what works out one indicator; what is the same for every unit is asked once."""
    name, note, standing = one.name, one.note, stands_now(one)
    listed = dates_in(one.list, period)

    def make(sums: Summed, known: Sums, narrowing: Mapping[str, str]) -> Figure:
        n = _count(one, known) if one.n else None
        hidden = n is not None and n < one.minimum
        return Figure(
            id=one.id,
            name=name,
            note=note,
            unit=one.unit,
            value=None if hidden else one.formula.value(known),
            n=n,
            hidden=hidden,
            minimum=one.minimum,
            before=None if standing else _worth(one, sums.before),
            better=one.better,
            trend=() if standing else tuple(_worth(one, part) for part in sums.trend),
            list={**listed, **narrowing} if listed else {},
        )

    return make


def dates_in(listed: Mapping[str, str], period: Period) -> dict[str, str]:
    """Return what a list is narrowed to, with the period's days."""
    dates = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return {name: value.format(**dates) for name, value in listed.items()}


def _worth(one: Indicator, sums: Sums) -> float | None:
    """Return the value for a stretch; too few verdicts are hidden there as well."""
    if one.minimum and _count(one, sums) < one.minimum:
        return None
    return one.formula.value(sums)


def _count(one: Indicator, sums: Sums) -> int:
    return int((one.n.value(sums) if one.n else 0) or 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole; the shares of all parts add up to exactly 100.0."""

    name: str
    n: int
    share: float
    list: dict[str, str]


def share_parts(
    share: Share, sums: Sums, period: Period, narrowing: Mapping[str, str]
) -> tuple[Part, ...]:
    """Return the parts of a whole, with what no part takes as the last."""
    common = {**dates_in(share.list, period), **narrowing}
    whole = int(sums.get(share.whole, 0))
    counted = [(p.name, int(sums.get(p.measure, 0)), {**common, **p.list}) for p in share.parts]
    rest = whole - sum(n for _name, n, _list in counted)
    if rest > 0:
        counted.append((_("其他"), rest, {}))
    shares = round_to_whole([n for _name, n, _list in counted])
    return tuple(
        Part(name, n, part, listed) for (name, n, listed), part in zip(counted, shares, strict=True)
    )


def round_to_whole(counts: list[int]) -> list[float]:
    """Return shares in percent with one decimal that add up to 100: largest remainders first."""
    whole = sum(counts)
    if whole <= 0:
        return [0.0 for _count in counts]
    exact = [count * 1000 / whole for count in counts]
    floors = [int(one) for one in exact]
    order = sorted(range(len(counts)), key=lambda i: floors[i] - exact[i])
    for i in order[: 1000 - sum(floors)]:
        floors[i] += 1
    return [one / 10 for one in floors]
