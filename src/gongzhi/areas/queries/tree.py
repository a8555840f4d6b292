"""Areas by code and name: the tree as it is on a day, in each district's own words."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.areas.choices import WITHOUT_RESIDENTS, Kind
from gongzhi.areas.errors import AreaUnknown
from gongzhi.areas.models import Area, AreaAlias, District
from gongzhi.kernel import clock, codes, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import Level
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.held import Held
from gongzhi.kernel.languages import said
from gongzhi.kernel.paging import Page
from gongzhi.kernel.sql import rows

_BASE = Path(__file__).resolve().parents[2] / "districts" / "_base"


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """One area as it is on a day, in its district's own words. `below` counts its children."""

    code: str
    name: str
    short_name: str
    level: Level
    level_name: str
    kind: str
    kind_name: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    origin: str
    below: int | None = None

    @property
    def for_residents(self) -> bool:
        """Whether functions meant for residents make sense here."""
        return self.kind not in WITHOUT_RESIDENTS


@dataclass(frozen=True, slots=True)
class Counts:
    """Registered households and residents; None where not known."""

    households: int | None
    residents: int | None


@dataclass(frozen=True, slots=True)
class DistrictInfo:
    """A district served here: its root code, names, and where its map opens."""

    code: str
    folder: str
    name: str
    reference_prefix: str
    longitude: float
    latitude: float
    grids_used: bool


@functools.cache
def default_level_names() -> dict[str, str]:
    """Return the level names used where a district has none of its own."""
    text = (_BASE / "levels.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["levels"])


def _info(found: dict[str, Any]) -> AreaInfo:
    level: Level = found["level"]
    return AreaInfo(
        code=found["code"],
        name=found["name"],
        short_name=found["short_name"],
        level=level,
        level_name=said(found["level_name"] or default_level_names()[level]),
        kind=found["kind"],
        kind_name=found["kind_name"] or str(Kind(found["kind"]).label),
        parent=found["parent"] or None,
        valid_from=found["valid_from"],
        valid_to=found["valid_to"],
        origin=found["origin"],
        below=found.get("below"),
    )


def get_areas(wanted: Collection[str], on: date | None = None) -> dict[str, AreaInfo]:
    """Return the areas with these codes on a day (today), in one statement; unknown ones lack."""
    given = {"codes": list(wanted), "on": on or clock.today()}
    return {r["code"]: _info(r) for r in rows("areas", "areas_by_code", given)}


def get_area(code: str, on: date | None = None) -> AreaInfo:
    """Return the area with *code* on a day (today); raise `AreaUnknown`."""
    found = get_areas([code], on).get(code) if codes.is_code(code) else None
    if found is None:
        raise AreaUnknown(field="area")
    return found


def children(code: str, on: date | None = None) -> list[AreaInfo]:
    """Return the areas directly inside *code* on a day, by code, each with its `below`."""
    given = {"parent": code, "on": on or clock.today()}
    return [_info(r) for r in rows("areas", "areas_by_parent", given)]


def path(code: str, on: date | None = None) -> list[AreaInfo]:
    """Return *code*'s area and those it lies in, from this district (else the county) down."""
    if not codes.is_code(code):
        return []
    given = {
        "code": code,
        "codes": list(codes.ancestors(code, itself=True)),
        "on": on or clock.today(),
    }
    return [_info(r) for r in rows("areas", "path", given)]


def path_names(wanted: Collection[str], on: date | None = None) -> dict[str, str]:
    """Return `区 › 街道 › 社区 › 网格` for each code, in one statement; also for closed codes."""
    return _paths.many(set(wanted)) if on is None else _read_paths(sorted(set(wanted)), on)


def path_name(code: str, on: date | None = None) -> str:
    """Return `区 › 街道 › 社区 › 网格` for one code; the code itself when it is unknown."""
    return path_names([code], on).get(code, code)


def names(wanted: Iterable[str], on: date | None = None) -> dict[str, str]:
    """Return the newest name of each code in one statement; codes never used are left out."""
    return _names.many(set(wanted)) if on is None else _read_names(sorted(set(wanted)), on)


def _read_paths(wanted: list[str], on: date | None = None) -> dict[str, str]:
    given = {"codes": wanted, "on": on or clock.today()}
    return {r["code"]: r["path"] for r in rows("areas", "path_names", given)}


def _read_names(wanted: list[str], on: date | None = None) -> dict[str, str]:
    given = {"codes": wanted, "on": on or clock.today()}
    return {r["code"]: r["name"] for r in rows("areas", "names", given)}


def _read_districts(_all: list[str]) -> dict[str, list[DistrictInfo]]:
    served = [DistrictInfo(**found) for found in rows("areas", "districts")]
    return {_SERVED: served} if served else {}


_SERVED = "served"
_names = Held(_read_names, changed_by=("areas.",), seconds=30)
_paths = Held(_read_paths, changed_by=("areas.",), seconds=30)
_districts = Held(_read_districts, changed_by=("areas.",), seconds=30)


def codes_within(prefix: str, level: Level, on: date | None = None) -> list[str]:
    """Return the codes of one level inside *prefix* on a day, in order."""
    low, high = codes.prefix_range(prefix)
    found = _valid(on).filter(code__gte=low, code__lt=high, level=level)
    return list(found.order_by("code").values_list("code", flat=True))


def count_by_kind(prefix: str, level: Level, on: date | None = None) -> dict[str, int]:
    """Return how many areas of each kind lie at *level* inside *prefix* on a day."""
    low, high = codes.prefix_range(prefix)
    query = _valid(on).filter(code__gte=low, code__lt=high, level=level)
    found = query.values_list("kind").annotate(number=Count("id")).order_by("kind")
    return dict(found)


def next_free_code(parent: str) -> str:
    """Return the first code under *parent* after every code ever used there."""
    last = Area.objects.filter(parent=parent).order_by("-code").values_list("code").first()
    return codes.child_code(parent, (int(last[0][len(parent) :]) if last else 0) + 1)


def find_areas(words: str, within: str | None = None, limit: int = 20) -> list[AreaInfo]:
    """Return areas valid today whose name has *words*, or whose code begins with them.

    Words that are a code of another scheme find the area that code means.
    """
    words = words.strip()
    if not words:
        return []
    foreign = AreaAlias.objects.filter(_holding(None), foreign_code=words).values("code")
    query = _valid(None).filter(
        Q(name__contains=words) | Q(code__startswith=words) | Q(code__in=foreign)
    )
    if within:
        low, high = codes.prefix_range(within)
        query = query.filter(code__gte=low, code__lt=high)
    found = list(query.order_by("code").values_list("code", flat=True)[:limit])
    return list(get_areas(found).values())


def resolve_area(words: str) -> str:
    """Return the code meant by *words*; raise `InvalidInput` that lists what they may mean."""
    if codes.is_code(words) and words in get_areas([words]):
        return words
    found = find_areas(words, limit=6)
    exact = [area for area in found if words in (area.name, area.short_name)]
    for candidates in (exact, found):
        if len(candidates) == 1:
            return candidates[0].code
    if not found:
        raise InvalidInput(_("没有找到这个区域"), mend=_("请核对名称，或填区划代码"))
    listed = "、".join(f"{area.name} {area.code}" for area in found[:5])
    raise InvalidInput(_("不能确定是哪个区域"), mend=_("请填代码：%(areas)s") % {"areas": listed})


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """Which areas a list shows; empty means any."""

    within: str = ""
    level: str = ""
    words: str = ""


def list_areas(filters: AreaFilter, *, cursor: str = "", size: int = 50) -> Page[AreaInfo]:
    """Return a page of today's areas by code; raise `InvalidInput` for a bad filter or cursor."""
    query = _valid(None)
    if filters.within:
        low, high = codes.prefix_range(filters.within)
        query = query.filter(code__gte=low, code__lt=high)
    if filters.level:
        if filters.level not in codes.LEVELS:
            raise codes.InvalidCode(_("没有这种层级"), field="level", mend="、".join(codes.LEVELS))
        query = query.filter(level=filters.level)
    if filters.words:
        query = query.filter(name__contains=filters.words)
    if cursor:
        query = query.filter(code__gt=paging.decode_as(cursor, str)[0])
    found = list(query.order_by("code").values_list("code", flat=True)[: size + 1])
    areas = tuple(get_areas(found[:size]).values())
    more = paging.encode(found[size - 1]) if len(found) > size else None
    return Page(areas, more)


def visible_to(actor: Actor, on: date | None = None) -> QuerySet[Area]:
    """Return the areas of a day: codes, names and shapes are public; counts come by `counts`."""
    return _valid(on).defer("households", "residents")


def counts(actor: Actor, wanted: Collection[str], on: date | None = None) -> dict[str, Counts]:
    """Return households and residents of those codes in which *actor* holds `areas.see`."""
    seen = [code for code in wanted if actor.may("areas.see", area=code)]
    found = _valid(on).filter(code__in=seen).values_list("code", "households", "residents")
    return {code: Counts(households, residents) for code, households, residents in found}


def _holding(on: date | None) -> Q:
    day = on or clock.today()
    return (Q(valid_to=None) | Q(valid_to__gt=day)) & Q(valid_from__lte=day)


def _valid(on: date | None) -> QuerySet[Area]:
    return Area.objects.filter(_holding(on))


def districts() -> list[DistrictInfo]:
    """Return the districts this installation serves, by code."""
    return list(_districts.one(_SERVED) or ())


def served_root(code: str) -> str:
    """Return the district served here that holds *code* (it may be a whole city); else its own."""
    holding = (one.code for one in districts() if code.startswith(one.code))
    return next(holding, code[: codes.LENGTHS["district"]])


def district() -> AreaInfo:
    """Return the (first) district of this installation; raise `AreaUnknown` without any."""
    first = District.objects.order_by("code").values_list("code", flat=True).first()
    if first is None:
        raise AreaUnknown(field="area")
    return get_area(first)


def reference_prefix(code: str) -> str:
    """Return the letters with which reference numbers of *code*'s district begin."""
    above = set(codes.ancestors(code, itself=True))
    found = (one.reference_prefix for one in districts() if one.code in above)
    return next(found, "GZ")


def level_names(code: str | None = None) -> dict[str, str]:
    """Return what each level is called in the district of *code* (else the first one here)."""
    query = District.objects.order_by("code")
    if code:
        query = query.filter(code__in=codes.ancestors(code, itself=True))
    found = query.values_list("level_names", flat=True).first()
    return {level: said(name) for level, name in (default_level_names() | (found or {})).items()}


def level_name(level: Level, code: str | None = None) -> str:
    """Return what *level* is called in the district of *code* (else the first one here)."""
    return level_names(code)[level]
