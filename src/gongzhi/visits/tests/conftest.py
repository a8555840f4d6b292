"""What the tests of visits share."""

from __future__ import annotations

import pytest

from gongzhi.procedures.tests.support import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """Build the small district."""
    return build_world()
