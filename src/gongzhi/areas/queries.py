"""Every read of areas: names, tree, history, shapes, and the locating of points."""

from __future__ import annotations

import functools
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import shapely
import yaml
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from gongzhi.areas.choices import WITHOUT_RESIDENTS, AdjustmentState, Kind
from gongzhi.areas.errors import AreaUnknown
from gongzhi.areas.locator import Locator
from gongzhi.areas.models import (
    Adjustment,
    Area,
    AreaAlias,
    AreaSet,
    AreaSetMember,
    District,
    ShapeRevision,
)
from gongzhi.kernel import clock, codes
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import Level
from gongzhi.kernel.sql import row, rows

_BASE = Path(__file__).resolve().parent.parent / "districts" / "_base"


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
class SuccessionInfo:
    """What one area handed on to another, and in which adjustment."""

    adjustment: int
    kind: str
    title: str
    takes_effect: date
    batch: int
    old_code: str
    old_name: str
    new_code: str
    new_name: str
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
        level_name=found["level_name"] or default_level_names()[level],
        kind=found["kind"],
        kind_name=found["kind_name"] or str(Kind(found["kind"]).label),
        parent=found["parent"] or None,
        valid_from=found["valid_from"],
        valid_to=found["valid_to"],
        origin=found["origin"],
        below=found.get("below"),
    )


# --- the tree -----------------------------------------------------------------------------------
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
    given = {"codes": sorted(set(wanted)), "on": on or clock.today()}
    return {r["code"]: r["path"] for r in rows("areas", "path_names", given)}


def path_name(code: str, on: date | None = None) -> str:
    """Return `区 › 街道 › 社区 › 网格` for one code; the code itself when it is unknown."""
    return path_names([code], on).get(code, code)


def names(wanted: Iterable[str], on: date | None = None) -> dict[str, str]:
    """Return the newest name of each code in one statement; codes never used are left out."""
    given = {"codes": sorted(set(wanted)), "on": on or clock.today()}
    return {r["code"]: r["name"] for r in rows("areas", "names", given)}


def codes_within(prefix: str, level: Level, on: date | None = None) -> list[str]:
    """Return the codes of one level inside *prefix* on a day, in order."""
    low, high = codes.prefix_range(prefix)
    found = _valid(on).filter(code__gte=low, code__lt=high, level=level)
    return list(found.order_by("code").values_list("code", flat=True))


def count_by_kind(prefix: str, level: Level, on: date | None = None) -> dict[str, int]:
    """Return how many areas of each kind lie at *level* inside *prefix* on a day."""
    low, high = codes.prefix_range(prefix)
    found: dict[str, int] = {}
    for kind in _valid(on).filter(code__gte=low, code__lt=high, level=level).values_list("kind"):
        found[kind[0]] = found.get(kind[0], 0) + 1
    return found


def find_areas(words: str, within: str | None = None, limit: int = 20) -> list[AreaInfo]:
    """Return areas valid today whose name has *words*, or whose code begins with them."""
    words = words.strip()
    if not words:
        return []
    query = _valid(None).filter(Q(name__contains=words) | Q(code__startswith=words))
    if within:
        low, high = codes.prefix_range(within)
        query = query.filter(code__gte=low, code__lt=high)
    found = list(query.order_by("code").values_list("code", flat=True)[:limit])
    return list(get_areas(found).values())


def visible_to(actor: Actor, on: date | None = None) -> QuerySet[Area]:  # noqa: ARG001
    """Return the areas of a day: codes, names and shapes are public; counts come by `counts`."""
    return _valid(on).defer("households", "residents")


def counts(actor: Actor, wanted: Collection[str], on: date | None = None) -> dict[str, Counts]:
    """Return households and residents of those codes in which *actor* holds `areas.see`."""
    seen = [code for code in wanted if actor.may("areas.see", area=code)]
    found = _valid(on).filter(code__in=seen).values_list("code", "households", "residents")
    return {code: Counts(households, residents) for code, households, residents in found}


def _valid(on: date | None) -> QuerySet[Area]:
    day = on or clock.today()
    return Area.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


# --- history, aliases, sets -----------------------------------------------------------------------
def history(code: str) -> list[SuccessionInfo]:
    """Return every succession from or to this code, newest first."""
    return [SuccessionInfo(**found) for found in rows("areas", "history", {"code": code})]


def periods(code: str) -> list[tuple[str, date, date | None]]:
    """Return (name, from, to) of every row this code ever had, oldest first."""
    found = Area.objects.filter(code=code).order_by("valid_from")
    return list(found.values_list("name", "valid_from", "valid_to"))


def planned_adjustments(prefix: str) -> list[Adjustment]:
    """Return adjustments still planned inside *prefix*, by batch and day."""
    low, high = codes.prefix_range(prefix)
    query = Adjustment.objects.filter(state=AdjustmentState.PLANNED)
    return list(query.filter(code__gte=low, code__lt=high).order_by("takes_effect", "code"))


def resolve_alias(scheme: str, foreign_code: str, on: date | None = None) -> str | None:
    """Return our code for a code of another scheme on a day, or None."""
    day = on or clock.today()
    query = AreaAlias.objects.filter(scheme=scheme, foreign_code=foreign_code, valid_from__lte=day)
    found = query.filter(Q(valid_to=None) | Q(valid_to__gt=day)).first()
    return found.code if found else None


def aliases(code: str, on: date | None = None) -> list[tuple[str, str]]:
    """Return (scheme, foreign code) pairs that mean *code* on a day."""
    day = on or clock.today()
    query = AreaAlias.objects.filter(code=code, valid_from__lte=day)
    query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day)).order_by("scheme", "foreign_code")
    return list(query.values_list("scheme", "foreign_code"))


def area_sets(on: date | None = None) -> list[AreaSet]:
    """Return the named sets that hold on a day."""
    day = on or clock.today()
    query = AreaSet.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    return list(query.order_by("kind", "name"))


def set_members(area_set: int, on: date | None = None) -> list[str]:
    """Return the codes in a set on a day."""
    day = on or clock.today()
    query = AreaSetMember.objects.filter(area_set=area_set, valid_from__lte=day)
    query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day))
    return list(query.order_by("code").values_list("code", flat=True))


# --- districts ------------------------------------------------------------------------------------
def districts() -> list[DistrictInfo]:
    """Return the districts this installation serves, by code."""
    return [
        DistrictInfo(
            d.code, d.folder, d.name, d.reference_prefix, d.longitude, d.latitude, d.grids_used
        )
        for d in District.objects.order_by("code")
    ]


def district() -> AreaInfo:
    """Return the (first) district of this installation; raise `AreaUnknown` before any is loaded."""
    first = District.objects.order_by("code").values_list("code", flat=True).first()
    if first is None:
        raise AreaUnknown(field="area")
    return get_area(first)


def reference_prefix(code: str) -> str:
    """Return the letters with which reference numbers of *code*'s district begin."""
    found = District.objects.filter(code__in=codes.ancestors(code, itself=True)).first()
    return found.reference_prefix if found else "GZ"


def level_names(code: str | None = None) -> dict[str, str]:
    """Return what each level is called in the district of *code* (else the first one here)."""
    query = District.objects.order_by("code")
    if code:
        query = query.filter(code__in=codes.ancestors(code, itself=True))
    found = query.values_list("level_names", flat=True).first()
    return default_level_names() | (found or {})


def level_name(level: Level, code: str | None = None) -> str:
    """Return what *level* is called in the district of *code* (else the first one here)."""
    return level_names(code)[level]


# --- shapes and points ------------------------------------------------------------------------------
_lock = threading.Lock()
_kept: dict[str, tuple[tuple[UUID | None, date], Locator]] = {}


def shape_revision() -> UUID | None:
    """Return the token that changes with every change of shapes, None before there are any."""
    return ShapeRevision.objects.values_list("token", flat=True).first()


def locator(on: date | None = None) -> Locator:
    """Return the locator of a day's shapes, from memory unless shapes have changed since."""
    key = (shape_revision(), on or clock.today())
    kept = _kept.get("locator")
    if kept and kept[0] == key:
        return kept[1]
    found = rows("areas", "leaf_shapes", {"on": key[1]})
    made = Locator([r["code"] for r in found], [bytes(r["geometry"]) for r in found])
    with _lock:
        _kept["locator"] = (key, made)
    return made


def locate(lon: float, lat: float) -> str | None:
    """Return the smallest area (a grid, where there are grids) that holds a WGS84 point."""
    return locator().locate(lon, lat)


def locate_many(points: NDArray[np.float64]) -> NDArray[np.str_]:
    """Return the code for each row (lon, lat) of *points*; '' outside every area."""
    return locator().locate_many(points)


def shapes_geojson(prefix: str, level: Level, on: date | None = None) -> bytes:
    """Return the outlines of one level within *prefix* as a GeoJSON FeatureCollection."""
    low, high = codes.prefix_range(prefix)
    given = {"low": low, "high": high, "level": level, "on": on or clock.today()}
    found = rows("areas", "shapes", given)
    outlines = shapely.from_wkb([bytes(r["geometry"]) for r in found])
    texts = shapely.to_geojson(outlines)
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "features": [_feature(r, text) for r, text in zip(found, texts, strict=True)],
        }
    )


def _feature(found: dict[str, Any], geometry: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "code": found["code"],
            "name": found["name"],
            "kind": found["kind"],
            "schematic": found["schematic"],
            "label": [found["label_lon"], found["label_lat"]],
        },
        "geometry": orjson.Fragment(geometry),
    }


def centre_of(code: str) -> tuple[float, float] | None:
    """Return the label point (lon, lat) of an area, or None when it has no shape."""
    low, high = codes.prefix_range(code)
    given = {"low": low, "high": high, "level": codes.level_of(code), "on": clock.today()}
    found = row("areas", "shapes", given)
    return (found["label_lon"], found["label_lat"]) if found else None
