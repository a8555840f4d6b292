"""Points to areas in memory: a raster answers most points at once, an STRtree the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

CELLS: Final = 512
MIXED: Final = -2
OUTSIDE: Final = -1


class Locator:
    """Outlines that do not overlap, ready to say which of them holds a point.

    A point on a shared edge belongs to the outline that comes first. The raster is made at the
    first batch: a cell that lies wholly in one outline, or in none, needs no geometry at all.
    """

    def __init__(self, codes: Sequence[str], outlines: Sequence[bytes]) -> None:
        self._codes: NDArray[np.str_] = np.array([*codes, ""], dtype="<U20")
        self._shapes: NDArray[Any] = shapely.from_wkb(np.array(outlines, dtype=object))
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)
        self._raster: NDArray[np.int32] | None = None
        self._bounds = shapely.total_bounds(self._shapes) if len(codes) else np.zeros(4)

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
        if len(self) and len(places):
            if self._raster is None:
                self._raster = self._make_raster()
            west, south, east, north = self._bounds
            width, height = east - west, north - south
            inside = (
                (places[:, 0] >= west)
                & (places[:, 0] <= east)
                & (places[:, 1] >= south)
                & (places[:, 1] <= north)
            )
            rows = np.flatnonzero(inside)
            columns = ((places[rows, 0] - west) * (CELLS / width)).astype(np.int32)
            lines = ((places[rows, 1] - south) * (CELLS / height)).astype(np.int32)
            np.minimum(columns, CELLS - 1, out=columns)
            np.minimum(lines, CELLS - 1, out=lines)
            answer[rows] = self._raster[lines, columns]
            unsure = rows[answer[rows] == MIXED]
            answer[unsure] = self._exact(places[unsure])
        return self._codes[answer]

    def _exact(self, places: NDArray[np.float64]) -> NDArray[np.int32]:
        """Ask the tree for points whose raster cell is shared."""
        answer = np.full(len(places), len(self), dtype=np.int32)
        which, shape = self._tree.query(shapely.points(places), predicate="intersects")
        np.minimum.at(answer, which, shape.astype(np.int32))
        answer[answer == len(self)] = OUTSIDE
        return answer

    def _make_raster(self) -> NDArray[np.int32]:
        """Label each cell with the one outline that covers it, OUTSIDE, or MIXED."""
        west, south, east, north = self._bounds
        across = np.linspace(west, east, CELLS + 1)
        up = np.linspace(south, north, CELLS + 1)
        # A hair wider than the cell: a point that rounding puts next door is still covered.
        slack = 1e-9
        boxes = shapely.box(
            np.tile(across[:-1], CELLS) - slack,
            np.repeat(up[:-1], CELLS) - slack,
            np.tile(across[1:], CELLS) + slack,
            np.repeat(up[1:], CELLS) + slack,
        )
        cell, shape = self._tree.query(boxes, predicate="intersects")
        hits = np.bincount(cell, minlength=CELLS * CELLS)
        raster = np.full(CELLS * CELLS, MIXED, dtype=np.int32)
        raster[hits == 0] = OUTSIDE
        alone = hits[cell] == 1
        covered = shapely.contains(self._shapes[shape[alone]], boxes[cell[alone]])
        raster[cell[alone][covered]] = shape[alone][covered]
        return raster.reshape(CELLS, CELLS)
