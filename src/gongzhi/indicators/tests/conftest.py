"""What the tests of figures share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongzhi.facts.models import FactRecord
from gongzhi.indicators.tests import support
from gongzhi.kernel.held import forget_all
from gongzhi.matters.tests import support as matters
from gongzhi.procedures.tests.support import World


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    """Build the small district on a Wednesday; nothing has been counted yet."""
    settings.MEDIA_ROOT = tmp_path
    forget_all()
    with support.at():
        built = matters.build()
        newest = FactRecord.objects.order_by("-id").values_list("id", flat=True).first()
        support.begin_after(newest or 0)
        yield built
