"""One submission sent twice at once, as a queue does whose first answer was lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongzhi.matters.models import Matter
from gongzhi.matters.tests import support
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.racing import together
from gongzhi.procedures.tests.support import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    """Build the small district, committed."""
    settings.MEDIA_ROOT = tmp_path
    procedures.forget_versions()
    yield support.build()
    procedures.forget_versions()


def test_both_get_the_one_reference(world: World) -> None:
    """Seen failing (one ends in an IntegrityError) without `_alone` in reporting.py."""
    calls = [lambda: support.report(submit_key="a-key-of-its-own" * 4) for _ in range(3)]
    # Readers pass, the first writer waits, the others wait for it.
    answers = together(calls, "LOCK TABLE matters_matter IN SHARE MODE", [], waiters=3)
    assert len({answer.reference for answer in answers}) == 1
    assert sorted(answer.again for answer in answers) == [False, True, True]
    assert Matter.objects.count() == 1
