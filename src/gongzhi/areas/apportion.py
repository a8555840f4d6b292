"""Whole numbers in proportion: the parts always add up to the total."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Share *total* out by *weights* (largest remainder); raise ValueError for no or bad weights.

    Every part is its exact share rounded down or up. Of equal remainders the earlier part wins.
    """
    if total < 0 or not weights or min(weights) < 0 or sum(weights) <= 0:
        raise ValueError("apportion needs a total and weights that are not negative")
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def steady(text: str) -> float:
    """Return a number from 0 up to 1 that is always the same for the same *text*."""
    return zlib.crc32(text.encode()) / 2**32
