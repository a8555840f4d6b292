"""Points to areas in memory: a raster answers most points at once, an STRtree the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gongzhi.kernel.codes import LENGTHS

CELLS: Final = 512
MIXED: Final = -2
OUTSIDE: Final = -1


class Locator:
    """Outlines that do not overlap, ready to say which of them holds a point.

    A point on a shared edge belongs to the outline that comes first. The rasters, one for each
    district, are made at the first batch: a cell that lies wholly in one outline, or in none,
    needs no geometry at all.
    """

    def __init__(self, codes: Sequence[str], outlines: Sequence[bytes]) -> None:
        self._codes: NDArray[np.str_] = np.array([*codes, ""], dtype="<U20")
        self._shapes: NDArray[Any] = shapely.from_wkb(np.array(outlines, dtype=object))
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)
        self._rasters: list[_Raster] | None = None

    def __len__(self) -> int:
        return len(self._codes) - 1

    def locate(self, lon: float, lat: float) -> str | None:
        """Return the code of the outline that holds the point, or None outside all of them."""
        if not len(self):
            return None
        found = self._tree.query(shapely.points(lon, lat), predicate="intersects")
        return str(self._codes[found.min()]) if found.size else None

    def locate_many(self, points: NDArray[np.float64]) -> NDArray[np.str_]:
        """Return the code for each row (lon, lat) of *points*; '' for a point outside."""
        places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        answer = np.full(len(places), OUTSIDE, dtype=np.int32)
        if len(places):
            if self._rasters is None:
                self._rasters = self._make_rasters()
            for raster in self._rasters:
                raster.fill(places, answer)
            unsure = np.flatnonzero(answer == MIXED)
            answer[unsure] = self._exact(places[unsure])
        return self._codes[answer]

    def _exact(self, places: NDArray[np.float64]) -> NDArray[np.int32]:
        """Ask the tree for points whose raster cell is shared."""
        answer = np.full(len(places), len(self), dtype=np.int32)
        which, shape = self._tree.query(shapely.points(places), predicate="intersects")
        np.minimum.at(answer, which, shape.astype(np.int32))
        answer[answer == len(self)] = OUTSIDE
        return answer

    def _make_rasters(self) -> list[_Raster]:
        """Make one raster for each district: districts may lie a thousand kilometres apart."""
        districts = self._codes[:-1].astype(f"<U{LENGTHS['district']}")
        groups = [np.flatnonzero(districts == name) for name in np.unique(districts)]
        return [_Raster(self._shapes, members) for members in groups]


class _Raster:
    """Cells over some outlines: each holds the one outline that covers it, OUTSIDE or MIXED."""

    def __init__(self, shapes: NDArray[Any], members: NDArray[np.intp]) -> None:
        self._bounds = shapely.total_bounds(shapes[members])
        west, south, east, north = self._bounds
        across, up = np.linspace(west, east, CELLS + 1), np.linspace(south, north, CELLS + 1)
        # A hair wider than the cell: a point that rounding puts next door is still covered.
        slack = 1e-9
        boxes = shapely.box(
            np.tile(across[:-1], CELLS) - slack,
            np.repeat(up[:-1], CELLS) - slack,
            np.tile(across[1:], CELLS) + slack,
            np.repeat(up[1:], CELLS) + slack,
        )
        # Prepared outlines ask for boxes, not the reverse: that is where preparing pays.
        tree = shapely.STRtree(boxes)
        shape, cell = tree.query(shapes[members], predicate="intersects")
        hits = np.bincount(cell, minlength=CELLS * CELLS)
        labels = np.full(CELLS * CELLS, MIXED, dtype=np.int32)
        labels[hits == 0] = OUTSIDE
        alone = hits[cell] == 1
        owner = members[shape[alone]]
        covered = shapely.contains(shapes[owner], boxes[cell[alone]])
        labels[cell[alone][covered]] = owner[covered]
        self._labels = labels.reshape(CELLS, CELLS)

    def fill(self, places: NDArray[np.float64], answer: NDArray[np.int32]) -> None:
        """Write what the cells say of each place into *answer*; MIXED where two rasters differ."""
        west, south, east, north = self._bounds
        lon, lat = places[:, 0], places[:, 1]
        rows = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        columns = ((lon[rows] - west) * (CELLS / (east - west))).astype(np.int32)
        lines = ((lat[rows] - south) * (CELLS / (north - south))).astype(np.int32)
        np.minimum(columns, CELLS - 1, out=columns)
        np.minimum(lines, CELLS - 1, out=lines)
        said = self._labels[lines, columns]
        before = answer[rows]
        answer[rows] = np.where(before == OUTSIDE, said, np.where(said == OUTSIDE, before, MIXED))
