"""Longitude and latitude between WGS84/CGCS2000, which we keep, and GCJ-02, which maps send.

GCJ-02 is the offset that map services in mainland China apply. Outside its rectangle nothing is
shifted. WGS84 and CGCS2000 differ by centimetres and are treated as one.
"""

from __future__ import annotations

import math
from typing import Final, Literal

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import InvalidInput

System = Literal["wgs84", "cgcs2000", "gcj02"]

_AXIS: Final = 6378245.0  # Krasovsky 1940, in metres: GCJ-02 is defined on it
_ECCENTRICITY: Final = 0.00669342162296594323
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271


class InvalidPlace(InvalidInput):
    """Longitude or latitude is no number or lies off the globe."""

    code = "invalid-place"


def check(lon: float, lat: float) -> tuple[float, float]:
    """Return the pair unchanged; raise `InvalidPlace` unless it is a place on the globe."""
    for field, value, limit in (("lon", lon, 180), ("lat", lat, 90)):
        if not (math.isfinite(value) and -limit <= value <= limit):
            raise InvalidPlace(
                _("坐标超出范围"),
                field=field,
                mend=_("经度在 -180 到 180 之间，纬度在 -90 到 90 之间"),
            )
    return lon, lat


def shifted(lon: float, lat: float) -> bool:
    """Whether GCJ-02 differs from WGS84 at this place."""
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 offset in degrees at a WGS84 place."""
    x, y = lon - 105.0, lat - 35.0
    root = 0.1 * math.sqrt(abs(x))
    wave = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 2.0 * root + wave
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * (2 / 3)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + root + wave
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * (2 / 3)
    angle = math.radians(lat)
    magic = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic))
    parallel = _AXIS / math.sqrt(magic) * math.cos(angle)
    return math.degrees(east / parallel), math.degrees(north / meridian)


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 place (lon, lat) of a WGS84 place."""
    check(lon, lat)
    if not shifted(lon, lat):
        return lon, lat
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS84 place of a GCJ-02 place, by iteration, to better than a millimetre."""
    check(lon, lat)
    if not shifted(lon, lat):
        return lon, lat
    guess = (lon, lat)
    for _round in range(6):
        east, north = _offset(*guess)
        guess = (lon - east, lat - north)
    return guess


def to_wgs84(lon: float, lat: float, system: System = "wgs84") -> tuple[float, float]:
    """Return the place in the system we keep, whatever *system* it came in."""
    return gcj02_to_wgs84(lon, lat) if system == "gcj02" else check(lon, lat)


def from_wgs84(lon: float, lat: float, system: System = "wgs84") -> tuple[float, float]:
    """Return a kept place in the *system* the receiver uses."""
    return wgs84_to_gcj02(lon, lat) if system == "gcj02" else check(lon, lat)
