"""Schematic outlines for a demonstration: streets ⊃ communities ⊃ grids, without gap or overlap.

The real outline of the district is kept; what lies inside is invented, always the same for the
same input, and marked as schematic wherever it is shown. Communities are cells of a relaxed
Voronoi diagram, streets are neighbouring cells, grids divide a community again. All lines are
bent by one smooth field and noded together, so that neighbours share every vertex.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
SNAP: Final = 1e-6  # degrees, about a decimetre: every vertex lies on this raster
RELAXATIONS: Final = 12
SAMPLES: Final = 60  # sample points per cell when relaxing


def divide(
    outline: BaseGeometry, streets: Mapping[str, Sequence[str]], grids: Mapping[str, int], seed: int
) -> dict[str, BaseGeometry]:
    """Return an outline for every street, every community and every grid inside *outline*.

    *streets* names each street's communities, *grids* the number of grids of a community (none
    when absent); a grid's key is `<community>:<n>` with n from 1. The union of the parts is the
    outline itself up to `SNAP`.
    """
    source = np.random.default_rng(seed)
    flat = _Plane(outline)
    ground = flat.to_plane(outline)
    communities = [code for codes in streets.values() for code in codes]
    bend = _Bend(source, math.sqrt(ground.area / max(1, len(communities))))
    seeds = _group(_relaxed(ground, len(communities), source), streets)
    order = list(seeds)
    cells = _cells(np.array([seeds[code] for code in order]), ground, bend)
    leaves: dict[str, BaseGeometry] = {}
    for code, cell in zip(order, cells, strict=True):
        count = grids.get(code, 0)
        if count < 2:
            leaves[f"{code}:1" if count else code] = cell
            continue
        small = _Bend(source, math.sqrt(cell.area / count))
        parts = _cells(_relaxed(cell, count, source), cell, small)
        leaves.update({f"{code}:{n}": part for n, part in enumerate(_in_reading_order(parts), 1)})
    exact = _noded({key: flat.to_globe(shape) for key, shape in leaves.items()}, outline)
    return exact | _parents(exact, streets)


def divide_one(outline: BaseGeometry, count: int, seed: int) -> list[BaseGeometry]:
    """Return *count* parts of *outline*, in reading order, without gap or overlap."""
    parts = divide(outline, {"street": ["community"]}, {"community": count}, seed)
    return [parts[f"community:{n}"] for n in range(1, count + 1)]


class _Plane:
    """Degrees to a local plane in which a step is equally long in both directions."""

    def __init__(self, outline: BaseGeometry) -> None:
        centre = outline.centroid
        self._origin = np.array([centre.x, centre.y])
        self._scale = np.array([math.cos(math.radians(centre.y)), 1.0])

    def to_plane(self, shape: BaseGeometry) -> BaseGeometry:
        """Return *shape* in plane units (degrees of latitude)."""
        return shapely.transform(shape, lambda xy: (xy - self._origin) * self._scale)

    def to_globe(self, shape: BaseGeometry) -> BaseGeometry:
        """Return *shape* in longitude and latitude."""
        return shapely.transform(shape, lambda xy: xy / self._scale + self._origin)


class _Bend:
    """A smooth field that moves points by less than half a cell, so that lines look drawn."""

    def __init__(self, source: np.random.Generator, cell: float) -> None:
        waves = 5
        lengths = cell * source.uniform(0.9, 2.6, waves)
        angles = source.uniform(0, 2 * math.pi, waves)
        self._k = 2 * math.pi * np.stack([np.cos(angles), np.sin(angles)]) / lengths
        self._phase = source.uniform(0, 2 * math.pi, (2, waves))
        # The slope of the field stays below one: it never folds a line over another.
        self._amplitude = 0.045 * lengths
        self.step = cell / 6

    def __call__(self, xy: Points) -> Points:
        """Return the moved points."""
        phase = xy @ self._k
        x = (np.sin(phase + self._phase[0]) * self._amplitude).sum(axis=1)
        y = (np.sin(phase + self._phase[1]) * self._amplitude).sum(axis=1)
        moved: Points = xy + np.stack([x, y], axis=1)
        return moved


def _relaxed(ground: BaseGeometry, count: int, source: np.random.Generator) -> Points:
    """Return *count* points spread evenly over *ground* (Lloyd's relaxation over samples)."""
    samples = _sample(ground, max(300, SAMPLES * count), source)
    points = samples[source.choice(len(samples), count, replace=False)]
    for _round in range(RELAXATIONS):
        nearest = _nearest(points, samples)
        sums = np.zeros((count, 2))
        np.add.at(sums, nearest, samples)
        sizes = np.bincount(nearest, minlength=count)
        points = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], points)
    return _inside(points, samples, ground)


def _nearest(points: Points, places: Points) -> NDArray[np.intp]:
    """Return for each place the index of the nearest point."""
    # |p - q|² without the part that is the same for every p: one product of matrices.
    nearest: NDArray[np.intp] = np.argmin((points**2).sum(axis=1) - 2 * places @ points.T, axis=1)
    return nearest


def _inside(points: Points, samples: Points, ground: BaseGeometry) -> Points:
    """Move a point that relaxed out of a bay to the nearest sample inside."""
    shapely.prepare(ground)
    lost = ~shapely.contains_xy(ground, points)
    if lost.any():
        points[lost] = samples[_nearest(samples, points[lost])]
    return points


def _sample(ground: BaseGeometry, count: int, source: np.random.Generator) -> Points:
    """Return *count* points evenly at random in *ground*."""
    west, south, east, north = ground.bounds
    shapely.prepare(ground)
    found = np.empty((0, 2))
    while len(found) < count:
        tries = source.uniform((west, south), (east, north), (count * 2, 2))
        found = np.concatenate([found, tries[shapely.contains_xy(ground, tries)]])
    return found[:count]


def _group(points: Points, streets: Mapping[str, Sequence[str]]) -> dict[str, Points]:
    """Give every community a point so that a street's communities are neighbours.

    The points are halved again and again across their longer side, in proportion to the numbers
    of communities: sizes come out exact, and each group stays together.
    """
    filled = [(street, len(codes)) for street, codes in streets.items() if codes]
    seeds: dict[str, Points] = {}
    work = [(points, filled)]
    while work:
        here, names = work.pop()
        if len(names) == 1:
            order = np.lexsort((here[:, 0], -here[:, 1]))
            seeds.update(zip(streets[names[0][0]], here[order], strict=True))
        elif names:
            work.extend(_halve(here, names))
    return seeds


def _halve(
    points: Points, names: list[tuple[str, int]]
) -> list[tuple[Points, list[tuple[str, int]]]]:
    """Cut points and streets in two parts of about the same number."""
    total = sum(size for _, size in names)
    running = np.cumsum([size for _, size in names])[:-1]
    cut = int(np.argmin(np.abs(running - total / 2))) + 1
    share = int(running[cut - 1])
    spread = points - points.mean(axis=0)
    axis = np.linalg.svd(spread, full_matrices=False)[2][0] if len(points) > 2 else np.ones(2)
    order = np.argsort(spread @ axis, kind="stable")
    return [(points[order[:share]], names[:cut]), (points[order[share:]], names[cut:])]


def _cells(points: Points, ground: BaseGeometry, bend: _Bend) -> list[BaseGeometry]:
    """Return the bent Voronoi cell of each point, cut to *ground*, in the order of the points."""
    if len(points) == 1:
        return [ground]
    wide = ground.buffer(4 * bend.step * 6).envelope
    diagram = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=wide, ordered=True)
    straight = shapely.segmentize(shapely.get_parts(diagram), bend.step)
    bent = shapely.make_valid(shapely.transform(straight, bend))
    return [_areal(part) for part in shapely.intersection(bent, ground)]


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of *shape*, without the stray lines that a cut may leave."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _in_reading_order(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    """Sort parts from west to east and, within a third of the height, north to south."""
    _, south, _, north = shapely.total_bounds(parts)
    band = max((north - south) / 3, 1e-12)
    return sorted(parts, key=lambda p: (int((north - p.centroid.y) / band), p.centroid.x))


def _noded(leaves: Mapping[str, BaseGeometry], outline: BaseGeometry) -> dict[str, BaseGeometry]:
    """Rebuild the leaves from one common net of lines, so that neighbours share every vertex."""
    keys = list(leaves)
    lines = shapely.union_all(
        [*(leaf.boundary for leaf in leaves.values()), outline.boundary], grid_size=SNAP
    )
    faces = list(shapely.get_parts(shapely.polygonize([*shapely.get_parts(lines)])))
    places = np.array([face.representative_point() for face in faces])
    shapes = np.array(list(leaves.values()))
    tree = shapely.STRtree(shapes)
    owner = np.full(len(faces), -1)
    face_at, leaf_at = tree.query(places, predicate="intersects")
    owner[face_at] = leaf_at
    _adopt(faces, owner, outline)
    return {
        key: shapely.coverage_union_all([faces[i] for i in np.flatnonzero(owner == n)])
        for n, key in enumerate(keys)
    }


def _adopt(faces: list[Any], owner: NDArray[Any], outline: BaseGeometry) -> None:
    """Give slivers and cut-off pieces to the neighbour with the longest common edge."""
    biggest: dict[int, int] = {}
    for n in np.argsort([face.area for face in faces]):
        if owner[n] >= 0:
            biggest[int(owner[n])] = int(n)
    shapely.prepare(outline)
    tree = shapely.STRtree(faces)
    for n, face in enumerate(faces):
        if owner[n] >= 0 and biggest[int(owner[n])] == n:
            continue
        if owner[n] < 0 and not shapely.intersects(outline, face.representative_point()):
            continue
        beside = [int(i) for i in tree.query(face, predicate="touches") if owner[i] >= 0]
        edges = [face.boundary.intersection(faces[i].boundary).length for i in beside]
        if edges and max(edges) > 0:
            owner[n] = owner[beside[int(np.argmax(edges))]]


def _parents(
    leaves: Mapping[str, BaseGeometry], streets: Mapping[str, Sequence[str]]
) -> dict[str, BaseGeometry]:
    """Return communities and streets as unions of their leaves."""
    own: dict[str, list[BaseGeometry]] = {}
    for key, shape in leaves.items():
        own.setdefault(key.split(":")[0], []).append(shape)
    found = {code: shapely.coverage_union_all(parts) for code, parts in own.items()}
    for street, codes in streets.items():
        parts = [part for code in codes for part in own[code]]
        if parts:
            found[street] = shapely.coverage_union_all(parts)
    return found
