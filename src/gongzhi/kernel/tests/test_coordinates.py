"""Coordinates survive the way to GCJ-02 and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.kernel import coordinates
from gongzhi.kernel.coordinates import InvalidPlace

inside = st.tuples(st.floats(74, 135), st.floats(5, 53))


@given(inside)
def test_there_and_back_is_the_same_place(place: tuple[float, float]) -> None:
    lon, lat = coordinates.gcj02_to_wgs84(*coordinates.wgs84_to_gcj02(*place))
    assert math.isclose(lon, place[0], abs_tol=1e-8)
    assert math.isclose(lat, place[1], abs_tol=1e-8)


@given(inside)
def test_the_shift_is_hundreds_of_metres(place: tuple[float, float]) -> None:
    lon, lat = coordinates.wgs84_to_gcj02(*place)
    metres = math.hypot((lon - place[0]) * math.cos(math.radians(lat)), lat - place[1]) * 111_320
    assert metres < 1500


def test_a_known_point_is_shifted_as_map_services_do() -> None:
    lon, lat = coordinates.wgs84_to_gcj02(116.404, 39.915)
    assert lon == pytest.approx(116.41024449916938, abs=1e-6)
    assert lat == pytest.approx(39.91640428150164, abs=1e-6)


def test_nothing_is_shifted_abroad() -> None:
    assert coordinates.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert coordinates.to_wgs84(2.35, 48.85, "gcj02") == (2.35, 48.85)


def test_systems_are_named_at_the_door() -> None:
    shifted = coordinates.from_wgs84(120.86, 32.0, "gcj02")
    assert shifted != (120.86, 32.0)
    assert coordinates.to_wgs84(*shifted, "gcj02") == pytest.approx((120.86, 32.0), abs=1e-8)
    assert coordinates.from_wgs84(120.86, 32.0) == (120.86, 32.0)


@pytest.mark.parametrize("place", [(181.0, 0.0), (0.0, -91.0), (math.nan, 0.0), (0.0, math.inf)])
def test_what_is_no_place_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(InvalidPlace):
        coordinates.to_wgs84(*place)
