"""Points are located in memory, exactly as the outlines say, and anew when outlines change."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gongzhi.areas import actions, queries, tessellation
from gongzhi.areas.apportion import apportion
from gongzhi.areas.locator import Locator
from gongzhi.areas.models import AreaShape
from gongzhi.areas.tests.support import DAY, DISTRICTS
from gongzhi.kernel.actor import SYSTEM


def _locator() -> tuple[Locator, list[BaseGeometry]]:
    parts = tessellation.divide_one(shapely.Point(110, 30).buffer(0.5), 40, 7)
    return Locator([f"{n:03d}" for n in range(40)], [shapely.to_wkb(p) for p in parts]), parts


LOCATOR, PARTS = _locator()
place = st.tuples(st.floats(109.4, 110.6), st.floats(29.4, 30.6))


@settings(max_examples=200, deadline=None)
@given(st.lists(place, min_size=1, max_size=40))
def test_the_batch_says_what_each_outline_says(places: list[tuple[float, float]]) -> None:
    found = LOCATOR.locate_many(np.array(places))
    for (lon, lat), code in zip(places, found, strict=True):
        holding = [n for n, part in enumerate(PARTS) if part.intersects(shapely.Point(lon, lat))]
        assert str(code) == (f"{holding[0]:03d}" if holding else "")
        assert (LOCATOR.locate(lon, lat) or "") == str(code)


def test_corners_of_outlines_belong_to_somebody() -> None:
    corners = np.concatenate([shapely.get_coordinates(part) for part in PARTS])
    assert (LOCATOR.locate_many(corners) != "").all()


@pytest.mark.parametrize("places", [[], [[np.nan, np.nan]], [[0, 0], [np.inf, 30]]])
def test_nothing_and_nowhere_are_answered(places: list[list[float]]) -> None:
    found = LOCATOR.locate_many(np.array(places, dtype=float))
    assert list(found) == [""] * len(places)


def test_without_outlines_nothing_is_found() -> None:
    empty = Locator([], [])
    assert empty.locate(110, 30) is None
    assert list(empty.locate_many(np.array([[110.0, 30.0]]))) == [""]


@pytest.mark.django_db
def test_every_grid_is_found_at_its_own_middle_and_memory_asks_once() -> None:
    actions.load_district_areas(actor=SYSTEM, directory=DISTRICTS / "wuda")
    shapes = list(AreaShape.objects.filter(area__level="grid").select_related("area"))
    middles = np.array([[shape.label_lon, shape.label_lat] for shape in shapes])
    assert list(queries.locate_many(middles)) == [shape.area.code for shape in shapes]
    with CaptureQueriesContext(connection) as asked:
        assert queries.locate(*middles[0]) == shapes[0].area.code
    assert len(asked) == 1  # whether outlines have changed


@pytest.mark.django_db
def test_memory_is_renewed_when_outlines_change() -> None:
    actions.load_district_areas(actor=SYSTEM, directory=DISTRICTS / "wuda")
    grid = queries.codes_within("150304", "grid")[0]
    middle = queries.centre_of(grid)
    assert middle is not None
    assert queries.locate(*middle) == grid
    old = queries.get_area(grid)
    parent = old.parent or ""
    new = queries.next_free_code(parent)
    counted = queries.counts(SYSTEM, [grid])[grid]
    link = actions.Link(grid, new, counted.households, counted.residents)
    change = actions.Change(DAY, "换号")
    actions.renumber_areas(
        actor=SYSTEM, area=parent, links=[link], named={new: "换号后"}, change=change
    )
    assert queries.locate(*middle) == new


@given(
    st.integers(0, 10**6),
    st.lists(st.floats(0, 1000), min_size=1, max_size=60).filter(lambda w: sum(w) > 1e-6),
)
def test_parts_add_up_and_are_fair(total: int, weights: list[float]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / whole) < 1 + 1e-6 * total


@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0.0]), (-1, [1.0]), (1, [-1.0, 2.0])])
def test_what_cannot_be_shared_is_refused(total: int, weights: list[float]) -> None:
    with pytest.raises(ValueError, match="apportion"):
        apportion(total, weights)


@settings(max_examples=12, deadline=None)
@given(numbers=st.lists(st.integers(0, 6), min_size=1, max_size=12), seed=st.integers(0, 2**32 - 1))
def test_any_division_nests_without_gap_or_overlap(numbers: list[int], seed: int) -> None:
    outline = shapely.Polygon([(110, 30), (111, 30), (111, 31), (110.5, 30.2), (110, 31)])
    streets = {"s1": [f"c{n}" for n in range(0, len(numbers), 2)]}
    streets["s2"] = [f"c{n}" for n in range(1, len(numbers), 2)]
    grids = {f"c{n}": number for n, number in enumerate(numbers)}
    parts = tessellation.divide(outline, streets, grids, seed)
    leaves = [p for k, p in parts.items() if ":" in k or grids.get(k) == 0]
    assert len(leaves) == sum(max(1, number) for number in numbers)
    assert shapely.coverage_is_valid(leaves)
    assert not any(leaf.is_empty for leaf in leaves)
    assert shapely.union_all(leaves).symmetric_difference(outline).area < 1e-4
    for street, homes in streets.items():
        if homes:
            inside = shapely.union_all([parts[home] for home in homes])
            assert inside.symmetric_difference(parts[street]).area < 1e-12
