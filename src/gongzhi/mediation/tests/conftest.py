"""What the tests of mediation share."""

from __future__ import annotations

import pytest

from gongzhi.mediation.tests import support
from gongzhi.procedures.tests.support import World


@pytest.fixture
def world(db: None) -> World:
    """Build the small district with a counsellor."""
    return support.build()
