"""Remembers small, seldom changing words of the shell for a while in each process."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")
_SECONDS: Final = 60.0
_MOST: Final = 2_000
_held: dict[Hashable, tuple[float, Any]] = {}


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """Return what *make* answered for *key* within the last minute; empty answers are not kept."""
    now = time.monotonic()
    found = _held.get(key)
    if found is not None and now - found[0] < _SECONDS:
        kept: T = found[1]
        return kept
    made = make()
    if made:
        if len(_held) >= _MOST:
            _held.clear()
        _held[key] = (now, made)
    return made


def forget() -> None:
    """Forget everything, after names have changed."""
    _held.clear()
