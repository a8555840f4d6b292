"""What the pages of figures show of one area: numbers, parts, areas, categories, organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

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
    figure,
    measures_of,
    share_parts,
)
from gongzhi.indicators.queries.periods import Period
from gongzhi.indicators.queries.scope import above, place_for
from gongzhi.indicators.queries.sums import (
    Standing,
    Sums,
    backlog_at_ends,
    standing,
    standing_sums,
    summed,
)
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


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page of figures shows."""

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
    sentence: str
    open_at_ends: tuple[int, ...] = ()
    """How many were open at the end of each stretch of the trend."""

    @property
    def tells_burden(self) -> bool:
        """Whether what was filled in is counted for an area as small as this one."""
        return len(self.area.code) <= DEEPEST[BY_MOVE]


LEFT_OUT = ("declined", "excluded", "cancelled")


def view_for(actor: Actor, code: str, period: Period, category: str = "") -> View:
    """Return the figures of an area in the actor's reach. Raises `PlaceOutOfReach`."""
    area = place_for(actor, code)
    below = areas.children(area.code) if len(area.code) < DEEPEST_AREA else []
    # Deeper than the tallies by category go, one category is counted in no table.
    category = category if len(area.code) <= 12 else ""
    length = len(below[0].code) if below else len(area.code)
    open_now = [
        one for one in standing(area.code, length) if not category or one.category == category
    ]
    narrowing = {"area": area.code} | ({"category_is": category} if category else {})
    top, beside, left_out, parts = _numbers(area, period, category, open_now, narrowing)
    categories = () if category else _categories(area, period)
    return View(
        area=area,
        above=above(actor, area),
        period=period,
        category=category,
        top=top,
        beside=beside,
        left_out=left_out,
        parts=parts,
        areas=_areas(below, period, category, open_now),
        categories=categories,
        organisations=() if category else _organisations(area, period, open_now),
        ages=_ages(open_now, narrowing),
        level_name=below[0].level_name if below else "",
        sentence=_sentence(period, top, categories),
        open_at_ends=_backlog(area, period, category, open_now),
    )


def _backlog(
    area: AreaInfo, period: Period, category: str, open_now: list[Standing]
) -> tuple[int, ...]:
    cut, now = BY_CATEGORY if category else WHOLE, standing_sums(open_now).get("", {})
    return backlog_at_ends(cut, area.code, category, period, now)


def _numbers(
    area: AreaInfo,
    period: Period,
    category: str,
    open_now: list[Standing],
    narrowing: dict[str, str],
) -> tuple[tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...], tuple[Part, ...]]:
    found, share = book(), book().shares["closed_level"]
    wanted = measures_of(found.indicators) | {share.whole, *(part.measure for part in share.parts)}
    cut = BY_CATEGORY if category else WHOLE
    sums = summed(cut, [area.code], wanted, period, trend=True).get((area.code, category), NOTHING)
    now = standing_sums(open_now).get("", {})
    made = {name: figure(name, sums, now, period, narrowing) for name in found.indicators}
    shown = found.page["top"]
    beside = tuple(one for name, one in made.items() if name not in (*shown, *LEFT_OUT))
    return (
        tuple(made[name] for name in shown),
        beside,
        tuple(made[name] for name in LEFT_OUT),
        share_parts(share, sums.now, period, narrowing),
    )


def _areas(
    below: list[AreaInfo], period: Period, category: str, open_now: list[Standing]
) -> tuple[Line, ...]:
    shown = book().page["areas"]
    if not below or (category and len(below[0].code) > 12):
        return ()
    cut = BY_CATEGORY if category else WHOLE
    codes_ = [one.code for one in below]
    sums = summed(cut, codes_, measures_of(shown), period, trend=False)
    now = standing_sums(open_now, "part")
    lines = []
    for one in below:
        narrowing = {"area": one.code} | ({"category_is": category} if category else {})
        figures = tuple(
            figure(
                name,
                sums.get((one.code, category), NOTHING),
                now.get(one.code, {}),
                period,
                narrowing,
            )
            for name in shown
        )
        lines.append(Line(one.code, one.name, figures, opens=True))
    return tuple(lines)


def _categories(area: AreaInfo, period: Period) -> tuple[Line, ...]:
    shown = book().page["categories"]
    if len(area.code) > 12:
        return ()
    sums = summed(BY_CATEGORY, [area.code], measures_of(shown), period, trend=False)
    named = category_book()
    lines = [
        Line(
            key,
            named.name(key),
            tuple(
                figure(name, found, {}, period, {"area": area.code, "category_is": key})
                for name in shown
            ),
        )
        for (_area, key), found in sums.items()
        if found.now
    ]
    return tuple(sorted(lines, key=lambda one: -(one.figures[0].value or 0))[:MOST_LINES])


def _organisations(area: AreaInfo, period: Period, open_now: list[Standing]) -> tuple[Line, ...]:
    shown = tuple(one for one in book().page["areas"] if one != "received")
    if len(area.code) > 9:
        return ()
    sums = summed(BY_ORGANISATION, [area.code], measures_of(shown), period, trend=False)
    now = standing_sums(open_now, "organisation")
    keys = {key for _area, key in sums} | {key for key in now if key != "0"}
    names = organisations.organisation_names([int(key) for key in keys]) if keys else {}
    lines = []
    for key in keys:
        narrowing = {"area": area.code, "organisation": key}
        found = sums.get((area.code, key), NOTHING)
        figures = tuple(figure(one, found, now.get(key, {}), period, narrowing) for one in shown)
        lines.append(Line(key, names.get(int(key), key), figures))
    return tuple(sorted(lines, key=lambda one: -(one.figures[0].value or 0))[:MOST_LINES])


def _ages(open_now: list[Standing], narrowing: dict[str, str]) -> tuple[Age, ...]:
    """Return the open matters by their age; a day counts from midnight in Asia/Shanghai."""
    today = clock.today()
    lines = []
    for low, high in AGES:
        group = [o for o in open_now if o.age >= low and (high is None or o.age <= high)]
        sums: Sums = standing_sums(group).get("", {})
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
