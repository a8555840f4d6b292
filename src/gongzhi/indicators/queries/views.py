"""What the pages of figures show of one area: numbers, parts, areas, categories, organisations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.areas.queries import AreaInfo
from gongzhi.indicators.book import book
from gongzhi.indicators.choices import (
    AGES,
    BY_CATEGORY,
    BY_MOVE,
    BY_ORGANISATION,
    DEEPEST,
    MOST_LINES,
    WHOLE,
)
from gongzhi.indicators.queries.figures import (
    NOTHING,
    Figure,
    Part,
    figures_of,
    measures_of,
    share_parts,
)
from gongzhi.indicators.queries.periods import Period
from gongzhi.indicators.queries.scope import above, place_for
from gongzhi.indicators.queries.sums import Standing, backlog_at_ends, standing, summed
from gongzhi.kernel import clock, codes
from gongzhi.kernel.actor import Actor
from gongzhi.matters.queries import category_book
from gongzhi.organisations import queries as organisations

DEEPEST_AREA = 15


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a table: an area below, a category, an organisation."""

    key: str
    name: str
    figures: tuple[Figure, ...]
    opens: bool = False

    def figure(self, name: str) -> Figure:
        """Return one of the line's figures."""
        return next(one for one in self.figures if one.id == name)


@dataclass(frozen=True, slots=True)
class Age:
    """How many open matters came in so many days ago."""

    name: str
    n: int
    late: int
    list: dict[str, str]

    @property
    def late_list(self) -> dict[str, str]:
        """What the list of those past their time is narrowed to."""
        return {**self.list, "overdue": "1"}


# What of a view costs statements of its own; whoever does not need it does not ask for it.
ABOVE, TREND, AGES_OF_OPEN = "above", "trend", "ages"
AREAS, CATEGORIES, ORGANISATIONS = "areas", "categories", "organisations"
EVERYTHING: Final = frozenset((ABOVE, TREND, AGES_OF_OPEN, AREAS, CATEGORIES, ORGANISATIONS))
_STANDING: Final = {AREAS: "part", ORGANISATIONS: "organisation", AGES_OF_OPEN: "age"}


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page of figures shows; what was not asked for is empty."""

    area: AreaInfo
    above: tuple[AreaInfo, ...]
    period: Period
    category: str
    top: tuple[Figure, ...]
    beside: tuple[Figure, ...]
    left_out: tuple[Figure, ...]
    parts: tuple[Part, ...]
    areas: tuple[Line, ...]
    categories: tuple[Line, ...]
    organisations: tuple[Line, ...]
    ages: tuple[Age, ...]
    level_name: str
    open_at_ends: tuple[int, ...] = ()
    """How many were open at the end of each stretch of the trend."""

    @property
    def tells_burden(self) -> bool:
        """Whether what was filled in is counted for an area as small as this one."""
        return len(self.area.code) <= DEEPEST[BY_MOVE]

    @property
    def sentence(self) -> str:
        """What the page says in words."""
        return _sentence(self.period, self.top, self.categories)


LEFT_OUT = ("declined", "excluded", "cancelled")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a view is of, and what stands open there now."""

    area: AreaInfo
    period: Period
    category: str
    open_now: Standing

    @property
    def cut(self) -> str:
        return BY_CATEGORY if self.category else WHOLE

    def narrowing(self, area: str) -> dict[str, str]:
        return {"area": area} | ({"category_is": self.category} if self.category else {})


def view_for(
    actor: Actor,
    code: str,
    period: Period,
    category: str = "",
    *,
    wanted: Collection[str] = EVERYTHING,
) -> View:
    """Return the figures of an area in the actor's reach, with what of `EVERYTHING` is *wanted*.

    Raises `PlaceOutOfReach`.
    """
    area = place_for(actor, code)
    deepest = len(area.code) >= DEEPEST_AREA
    below = areas.children(area.code) if AREAS in wanted and not deepest else []
    # Deeper than the tallies by category go, one category is counted in no table.
    category = category if len(area.code) <= DEEPEST[BY_CATEGORY] else ""
    length = len(below[0].code) if below else len(area.code)
    by = {_STANDING[one] for one in wanted if one in _STANDING}
    asked = _Asked(area, period, category, standing(area.code, length, category, by))
    top, beside, left_out, parts = _numbers(asked, trend=TREND in wanted)
    return View(
        area=area,
        above=above(actor, area) if ABOVE in wanted else (),
        period=period,
        category=category,
        top=top,
        beside=beside,
        left_out=left_out,
        parts=parts,
        areas=_areas(asked, below),
        categories=_categories(asked) if CATEGORIES in wanted else (),
        organisations=_organisations(asked) if ORGANISATIONS in wanted else (),
        ages=_ages(asked) if AGES_OF_OPEN in wanted else (),
        level_name=below[0].level_name if below else "",
        open_at_ends=_backlog(asked) if TREND in wanted else (),
    )


def _backlog(asked: _Asked) -> tuple[int, ...]:
    now = asked.open_now.whole
    return backlog_at_ends(asked.cut, asked.area.code, asked.category, asked.period, now)


def _numbers(
    asked: _Asked, *, trend: bool
) -> tuple[tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...], tuple[Part, ...]]:
    found, share = book(), book().shares["closed_level"]
    place, period = asked.area.code, asked.period
    wanted = measures_of(found.indicators) | {share.whole, *(part.measure for part in share.parts)}
    all_sums = summed(asked.cut, [place], wanted, period, trend=trend)
    sums = all_sums.get((place, asked.category), NOTHING)
    narrowing = asked.narrowing(place)
    worked = figures_of(found.indicators, period)(sums, asked.open_now.whole, narrowing)
    made = {one.id: one for one in worked}
    shown = found.page["top"]
    beside = tuple(one for name, one in made.items() if name not in (*shown, *LEFT_OUT))
    return (
        tuple(made[name] for name in shown),
        beside,
        tuple(made[name] for name in LEFT_OUT),
        share_parts(share, sums.now, period, narrowing),
    )


def _areas(asked: _Asked, below: list[AreaInfo]) -> tuple[Line, ...]:
    shown = book().page["areas"]
    category, now = asked.category, asked.open_now.parts
    if not below or (category and len(below[0].code) > DEEPEST[BY_CATEGORY]):
        return ()
    places = [one.code for one in below]
    sums = summed(asked.cut, places, measures_of(shown), asked.period, trend=False)
    worked = figures_of(shown, asked.period)
    return tuple(
        Line(
            one.code,
            one.name,
            worked(
                sums.get((one.code, category), NOTHING),
                now.get(one.code, {}),
                asked.narrowing(one.code),
            ),
            opens=True,
        )
        for one in below
    )


def _categories(asked: _Asked) -> tuple[Line, ...]:
    shown = book().page["categories"]
    place = asked.area.code
    if asked.category or len(place) > DEEPEST[BY_CATEGORY]:
        return ()
    sums = summed(BY_CATEGORY, [place], measures_of(shown), asked.period, trend=False)
    named, worked = category_book(), figures_of(shown, asked.period)
    lines = [
        Line(key, named.name(key), worked(found, {}, {"area": place, "category_is": key}))
        for (_area, key), found in sums.items()
        if found.now
    ]
    return tuple(sorted(lines, key=lambda one: -(one.figures[0].value or 0))[:MOST_LINES])


def _organisations(asked: _Asked) -> tuple[Line, ...]:
    shown = tuple(one for one in book().page["areas"] if one != "received")
    place, now = asked.area.code, asked.open_now.organisations
    if asked.category or len(place) > DEEPEST[BY_ORGANISATION]:
        return ()
    sums = summed(BY_ORGANISATION, [place], measures_of(shown), asked.period, trend=False)
    keys = {int(key) for _area, key in sums} | {key for key in now if key}
    names = organisations.organisation_names(list(keys)) if keys else {}
    worked = figures_of(shown, asked.period)
    lines = []
    for number in keys:
        key = str(number)
        found = sums.get((place, key), NOTHING)
        figures = worked(found, now.get(number, {}), {"area": place, "organisation": key})
        lines.append(Line(key, names.get(number, key), figures))
    return tuple(sorted(lines, key=lambda one: -(one.figures[0].value or 0))[:MOST_LINES])


def _ages(asked: _Asked) -> tuple[Age, ...]:
    """Return the open matters by their age; a day counts from midnight in Asia/Shanghai."""
    today = clock.today()
    narrowing = asked.narrowing(asked.area.code)
    lines = []
    for number, (low, high) in enumerate(AGES, 1):
        sums = asked.open_now.ages.get(number, {})
        listed = {"status": "open", "received_to": (today - timedelta(days=low)).isoformat()}
        if high is not None:
            listed["received_from"] = (today - timedelta(days=high)).isoformat()
        name = (
            _("%(low)d 天以上") % {"low": low - 1}
            if high is None
            else _("%(low)d—%(high)d 天") % {"low": low, "high": high}
        )
        n, late = int(sums.get("backlog", 0)), int(sums.get("overdue", 0))
        lines.append(Age(name, n, late, listed | narrowing))
    return tuple(lines)


def _sentence(period: Period, top: tuple[Figure, ...], categories: tuple[Line, ...]) -> str:
    """Say what the page says."""
    named = {one.id: one for one in top}
    words = _("%(period)s收到 %(received)s 件，办结 %(closed)s 件") % {
        "period": period.name,
        "received": named["received"].shown,
        "closed": named["closed"].shown,
    }
    on_time = named["on_time"]
    if on_time.value is not None:
        words += _("，按时 %(share)s") % {"share": on_time.shown}
        if change := on_time.change:
            told = (
                _("，比%(before)s高 %(n).1f 个百分点")
                if change > 0
                else _("，比%(before)s低 %(n).1f 个百分点")
            )
            words += told % {"before": period.before_name, "n": abs(change) * 100}
    return words + _risen(categories) + _("。")


def _risen(categories: tuple[Line, ...]) -> str:
    """Name the category that has grown by half and by five at least, the most grown one."""
    grown = [
        (one.figures[0].change or 0, one.name, one.figures[0].before or 0) for one in categories
    ]
    much = [one for one in grown if one[0] >= 5 and one[0] * 2 >= one[2]]
    if not much:
        return ""
    more, name, _before = max(much)
    return _("；%(category)s多了 %(n)d 件") % {"category": name, "n": more}


def level_of(area: AreaInfo) -> str:
    """Return the level below an area, for the outlines of its map; its own at the deepest."""
    below = codes.child_level(area.level)
    return below if below is not None and len(area.code) < DEEPEST_AREA else area.level
