"""A district's folder as data: district.yaml, areas.csv and boundary.geojson, read and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely
import yaml
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gongzhi.areas import tables
from gongzhi.areas.choices import KINDS_OF_LEVEL
from gongzhi.areas.errors import DistrictUnreadable
from gongzhi.areas.tables import Row
from gongzhi.kernel import codes

_ENDINGS = (
    "社区居民委员会",
    "社区居民委委会",
    "社区居委会",
    "社区委会",
    "村村委会",
    "村委会",
    "居委会",
)
_KEPT = {"社": "社区", "村": "村"}


@dataclass(frozen=True, slots=True)
class Renumbering:
    """A later renumbering of all grids of a district to another total."""

    day: date
    total: int
    title: str


@dataclass(frozen=True, slots=True)
class GridRule:
    """How demo grids are made: a total for the district or a number per community."""

    used: bool
    name: str
    kinds: tuple[str, ...]
    since: date
    total: int | None
    per_community: int | None
    households: int
    renumbered: Renumbering | None


@dataclass(frozen=True, slots=True)
class Folder:
    """What a district's folder says about its areas."""

    key: str
    name: str
    codes: tuple[str, ...]
    reference_prefix: str
    since: date
    centre: tuple[float, float]
    level_names: Mapping[str, str]
    kind_names: Mapping[str, str]
    grids: GridRule | None
    adjustments: tuple[Mapping[str, Any], ...]
    areas: tuple[Row, ...]
    outlines: Mapping[str, BaseGeometry]
    digest: str


def read_folder(directory: Path) -> Folder:
    """Return what the folder says; raise `DistrictUnreadable` naming file and mend."""
    texts = {name: _bytes(directory, name) for name in ("district.yaml", "areas.csv")}
    outline = directory / "boundary.geojson"
    texts["boundary.geojson"] = outline.read_bytes() if outline.is_file() else b""
    try:
        data = yaml.safe_load(texts["district.yaml"])
        return _folder(data, texts)
    except yaml.YAMLError as error:
        raise _wrong("district.yaml", str(error)) from error
    except KeyError as error:
        raise _wrong("district.yaml", _("缺少 %(key)s") % {"key": error}) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise _wrong("district.yaml", str(error)) from error


def _wrong(file: str, message: str) -> DistrictUnreadable:
    return DistrictUnreadable(
        f"{file}: {message}", field=file, mend=_("请对照 docs/how-to/add-a-district.md")
    )


def _bytes(directory: Path, name: str) -> bytes:
    try:
        return (directory / name).read_bytes()
    except OSError as error:
        raise _wrong(name, _("读不到这个文件")) from error


def _folder(data: dict[str, Any], texts: Mapping[str, bytes]) -> Folder:
    digest = hashlib.sha256()
    for content in texts.values():
        digest.update(content)
    unknown = set(data.get("levels") or {}) - set(codes.LEVELS)
    if unknown:
        raise _wrong("district.yaml", _("没有这种层级：%(names)s") % {"names": sorted(unknown)})
    lon, lat = data["centre"]
    roots = tuple(codes.check(str(code)) for code in data["codes"])
    rows = tables.read("areas.csv", texts["areas.csv"])
    _check_rows(rows)
    return Folder(
        key=data["district"],
        name=data["name"],
        codes=roots,
        reference_prefix=data["reference_prefix"],
        since=data["since"],
        centre=(float(lon), float(lat)),
        level_names=data.get("levels") or {},
        kind_names=data.get("kinds") or {},
        grids=_grids(data["grids"]) if data.get("grids") else None,
        adjustments=tuple(data.get("adjustments") or ()),
        areas=tuple(rows),
        outlines=_outlines(texts["boundary.geojson"]),
        digest=digest.hexdigest(),
    )


def _grids(data: dict[str, Any]) -> GridRule:
    if (data.get("total") is None) == (data.get("per_community") is None):
        raise _wrong("district.yaml", _("grids 须有 total 或 per_community 之一"))
    return GridRule(
        used=data.get("used", True),
        name=data["name"],
        kinds=tuple(data["kinds"]),
        since=data["since"],
        total=data.get("total"),
        per_community=data.get("per_community"),
        households=data["households"],
        renumbered=Renumbering(**data["renumbered"]) if data.get("renumbered") else None,
    )


def _check_rows(rows: list[Row]) -> None:
    for row in rows:
        code, kind = row.values["code"], row.values["kind"]
        if not codes.is_code(code):
            raise _wrong(f"areas.csv:{row.line}", _("不是区划代码：%(code)s") % {"code": code})
        if kind not in KINDS_OF_LEVEL[codes.level_of(code)]:
            raise _wrong(f"areas.csv:{row.line}", _("类别不适合这一级：%(kind)s") % {"kind": kind})


def _outlines(content: bytes) -> dict[str, BaseGeometry]:
    if not content:
        return {}
    found = {}
    for row in tables.read("boundary.geojson", content):
        shape = shapely.geometry.shape(row.geometry)
        if not shape.is_valid:
            raise _wrong("boundary.geojson", shapely.is_valid_reason(shape))
        found[row.values["code"]] = shape
    return found


def plain_name(registered: str) -> str:
    """Return the area's own name from that of its committee: 德民社区居委会 → 德民社区."""
    for ending in _ENDINGS:
        if registered.endswith(ending):
            return registered.removesuffix(ending) + _KEPT.get(ending[0], "")
    return registered
