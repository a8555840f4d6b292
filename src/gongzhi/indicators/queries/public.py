"""The month's figures that anybody may see: of communities and above, nothing of a person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gongzhi.areas import queries as areas
from gongzhi.areas.queries import AreaInfo
from gongzhi.indicators.book import book
from gongzhi.indicators.choices import WHOLE
from gongzhi.indicators.errors import PlaceOutOfReach
from gongzhi.indicators.queries.figures import NOTHING, Figure, figures_of, measures_of
from gongzhi.indicators.queries.periods import Period
from gongzhi.indicators.queries.sums import summed
from gongzhi.indicators.queries.views import Line
from gongzhi.kernel import codes


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What residents read of one area and month; what does not open had too few matters."""

    area: AreaInfo
    up: AreaInfo | None
    period: Period
    opens: bool
    top: tuple[Figure, ...]
    areas: tuple[Line, ...]
    minimum: int


def public_figures(code: str, period: Period) -> PublicFigures:
    """Return an area's figures as published; raise `PlaceOutOfReach` below a community."""
    deepest = codes.LENGTHS[book().public["deepest"]]
    districts = areas.districts()
    code = code or next((one.code for one in districts), "")
    served = codes.is_code(code) and any(code.startswith(one.code) for one in districts)
    found = areas.get_areas([code]).get(code) if served and len(code) <= deepest else None
    if found is None:
        raise PlaceOutOfReach(field="area")
    below = areas.children(code) if len(code) < deepest else []
    shown = tuple(book().public["top"])
    places = [code, *(one.code for one in below)]
    sums = summed(WHOLE, places, measures_of(shown), period, trend=False)
    minimum = int(book().public["minimum"])
    worked = figures_of(shown, period)
    lines = []
    for one in below:
        figures = worked(sums.get((one.code, ""), NOTHING), {}, {})
        opens = _enough(figures[0].value, minimum)
        lines.append(Line(one.code, one.name, figures, opens=opens))
    parent = codes.parent(code)
    up = areas.get_areas([parent]).get(parent) if parent else None
    if up is not None and not any(up.code.startswith(one.code) for one in districts):
        up = None
    top = worked(sums.get((code, ""), NOTHING), {}, {})
    if not _enough(top[0].before, minimum):
        # With the change anybody could work out the small number of the month before.
        top = tuple(replace(one, before=None) for one in top)
    opens = _enough(top[0].value, minimum)
    return PublicFigures(found, up, period, opens, top if opens else (), tuple(lines), minimum)


def _enough(received: float | None, minimum: int) -> bool:
    """Whether so many may be told: one or two could be recognised by those who live there."""
    return (received or 0) >= minimum
