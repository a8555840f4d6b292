"""What the tests of matters share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gongzhi.matters.tests import support
from gongzhi.procedures.tests.support import World


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    """Build the small district; photos go to a folder of their own."""
    settings.MEDIA_ROOT = tmp_path
    return support.build()
