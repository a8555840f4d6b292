"""A small invented district for tests of areas, and actors with posts in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gongzhi.areas.tests.support import small_tree
from gongzhi.kernel.actor import Actor, PostHeld


@pytest.fixture
def tree(db: None) -> None:
    """Open the small tree."""
    small_tree()


@pytest.fixture
def manager() -> Callable[[str], Actor]:
    """Return a maker of persons who manage areas below a code."""

    def make(code: str) -> Actor:
        powers = frozenset({"areas.see", "areas.manage"})
        return Actor("person", 1, "周敏", (PostHeld(1, "district_clerk", code, None, powers),))

    return make
