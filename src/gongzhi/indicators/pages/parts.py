"""What templates need beside the figures: small trends as points, shades for the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongzhi.indicators.queries import Figure, Line, View, in_words

_WIDE, _HIGH = 96, 24
_SHADES = 4


@dataclass(frozen=True, slots=True)
class Stat:
    """A number of the page's top, with its trend as the points of a line."""

    figure: Figure
    points: str


def stats(figures: tuple[Figure, ...]) -> list[Stat]:
    """Return the numbers with their small trends."""
    return [Stat(one, _points(one.trend)) for one in figures]


def _points(trend: tuple[float | None, ...]) -> str:
    known = [value for value in trend if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = _WIDE / max(len(trend) - 1, 1)
    return " ".join(
        f"{number * step:.1f},{_HIGH - 2 - (value - low) / span * (_HIGH - 4):.1f}"
        for number, value in enumerate(trend)
        if value is not None
    )


def trend(view: View) -> list[tuple[date, list[tuple[float | None, str]]]]:
    """Return the trend as rows: the first day of each stretch, and every figure's value."""
    drawn = [one for one in view.top if one.trend]
    return [
        (start, [(one.trend[at], in_words(one.trend[at], one.unit)) for one in drawn])
        for at, start in enumerate(view.period.starts)
    ]


@dataclass(frozen=True, slots=True)
class Colours:
    """By which indicator the map is coloured, and the shade of each area below."""

    by: Figure | None
    choices: tuple[Figure, ...]
    rows: tuple[tuple[Line, Figure, int], ...]
    legend: tuple[tuple[int, str], ...]


def coloured(view: View, wanted: str) -> Colours:
    """Return the shades: equal steps from the least to the greatest value, none without value."""
    if not view.areas:
        return Colours(None, (), (), ())
    choices = view.areas[0].figures
    name = wanted if wanted in {one.id for one in choices} else "backlog"
    shown = [(line, line.figure(name)) for line in view.areas]
    values = [one.value for _line, one in shown if one.value]
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    step = (high - low) / _SHADES or 1.0

    def shade(value: float | None) -> int:
        return min(int((value - low) / step) + 1, _SHADES) if value else 0

    rows = tuple((line, one, shade(one.value)) for line, one in shown)
    legend = tuple((one, _range(rows, one)) for one in range(_SHADES + 1))
    return Colours(shown[0][1], choices, rows, tuple(pair for pair in legend if pair[1]))


def _range(rows: tuple[tuple[Line, Figure, int], ...], shade: int) -> str:
    found = sorted((one.value or 0, one.shown) for _line, one, at in rows if at == shade)
    if not found:
        return ""
    low, high = found[0][1], found[-1][1]
    return low if low == high else f"{low}—{high}"
