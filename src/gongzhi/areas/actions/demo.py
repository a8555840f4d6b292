"""What is invented for a demonstration: households, grids and outlines, always the same."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry

from gongzhi.areas.actions.adjust import Link
from gongzhi.areas.actions.writing import NewArea
from gongzhi.areas.apportion import apportion, steady
from gongzhi.areas.choices import Kind, Origin
from gongzhi.areas.folder import GridRule
from gongzhi.areas.models import Area
from gongzhi.areas.tessellation import divide
from gongzhi.kernel import codes

RESIDENTS_PER_HOUSEHOLD = (2.2, 2.9)


def tessellate(root: str, outline: BaseGeometry, areas: Sequence[Area]) -> dict[str, BaseGeometry]:
    """Return a schematic outline for every street, community and grid in *root*."""
    mine = [area for area in areas if area.code.startswith(root)]
    streets: dict[str, list[str]] = {a.code: [] for a in mine if a.level == "street"}
    grids: dict[str, list[str]] = defaultdict(list)
    for area in mine:
        if area.level == "community":
            streets[area.parent].append(area.code)
        elif area.level == "grid":
            grids[area.parent].append(area.code)
    numbers = {home: len(found) for home, found in grids.items()}
    parts = divide(outline, streets, numbers, zlib.crc32(root.encode()))
    named: dict[str, BaseGeometry] = {}
    for key, shape in parts.items():
        home, _colon, number = key.partition(":")
        named[grids[home][int(number) - 1] if number else home] = shape
    return named


def weight(code: str) -> float:
    """Return how large a community or grid is among its kind, from 0.7 to 1.3."""
    return 0.7 + 0.6 * steady(code)


def invented_residents(code: str, households: int) -> int:
    """Return an invented number of residents for *households*."""
    low, high = RESIDENTS_PER_HOUSEHOLD
    return round(households * (low + (high - low) * steady(f"residents {code}")))


def grids_of(home: Area, number: int, rule: GridRule) -> list[NewArea]:
    """Return *number* grids that share the community's households and residents."""
    found = [codes.child_code(home.code, n) for n in range(1, number + 1)]
    weights = [weight(code) for code in found]
    homes = apportion(home.households or 0, weights)
    people = apportion(home.residents or 0, weights)
    dedicated = home.kind == Kind.UNIT_TYPE
    return [
        NewArea(
            code,
            home.name + rule.name.format(n=n),
            Kind.DEDICATED if dedicated else Kind.BASIC,
            max(rule.since, home.valid_from),
            short_name=rule.name.format(n=n),
            households=homes[n - 1],
            residents=people[n - 1],
            origin=Origin.DEMO,
        )
        for n, code in enumerate(found, 1)
    ]


def successors(home: Area, old: Sequence[Area], number: int) -> list[Link]:
    """Share each old grid out to its new ones, numbered after the last old number."""
    links: list[Link] = []
    start = len(old)
    for grid, parts in zip(old, apportion(number, [1] * len(old)), strict=True):
        homes = apportion(grid.households or 0, [1] * parts)
        people = apportion(grid.residents or 0, [1] * parts)
        for n in range(parts):
            code = codes.child_code(home.code, start + len(links) + 1)
            links.append(Link(grid.code, code, homes[n], people[n]))
    return links
