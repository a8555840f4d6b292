"""Points and outlines: which area holds a point, and what the map draws."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from gongzhi.areas import tables
from gongzhi.areas.choices import Kind
from gongzhi.areas.locator import Locator
from gongzhi.areas.models import Area, ShapeRevision
from gongzhi.kernel import clock, codes
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import Level
from gongzhi.kernel.sql import row, rows

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


def shapes_tag(prefix: str, level: Level) -> str:
    """Return the ETag of one answer of `shapes_geojson` of today."""
    return f'"{shape_revision()}-{clock.today()}-{prefix}-{level}"'


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


def records(actor: Actor, prefix: str) -> list[tables.Record]:
    """Return every row within *prefix* as a file holds it, closed ones too.

    Households and residents are left out where *actor* may not see them.
    """
    low, high = codes.prefix_range(prefix)
    query = Area.objects.filter(code__gte=low, code__lt=high).select_related("shape")
    found = []
    for area in query.order_by("code", "valid_from"):
        shape = getattr(area, "shape", None)
        seen = actor.may("areas.see", area=area.code)
        found.append(
            tables.Record(
                area.code,
                area.name,
                str(Kind(area.kind).label),
                area.valid_from,
                area.valid_to,
                area.households if seen else None,
                area.residents if seen else None,
                shapely.from_wkb(bytes(shape.geometry)) if shape else None,
                bool(shape and shape.schematic),
            )
        )
    return found
