"""Two people merge the same two matters into each other at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gongzhi.matters import actions
from gongzhi.matters.errors import CannotMerge
from gongzhi.matters.models import Matter
from gongzhi.matters.tests import support
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.tests.racing import together
from gongzhi.procedures.tests.support import World

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = "SELECT 1 FROM matters_matter WHERE id = ANY(%s) FOR UPDATE"


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    """Build the small district, committed."""
    settings.MEDIA_ROOT = tmp_path
    procedures.forget_versions()
    yield support.build()
    procedures.forget_versions()


def test_one_of_two_goes_on_when_each_is_merged_into_the_other(world: World) -> None:
    """Seen failing (both cases end, each matter the other's) without `_held` in merging.py."""
    one, two = support.report(), support.report()
    worker = world.staff["grid_worker"]

    def merge(a: Any, b: Any) -> Any:
        return actions.merge_matters(actor=worker, reference=a.reference, main=b.reference)

    calls: list[Callable[[], Any]] = [lambda: merge(one, two), lambda: merge(two, one)]
    answers = together(calls, HOLD, [[one.matter, two.matter]], waiters=2)
    assert sum(isinstance(answer, CannotMerge) for answer in answers) == 1
    assert Matter.objects.exclude(main=None).count() == 1
    open_now = [procedures.case_state(r.case).is_open for r in (one, two)]
    assert sorted(open_now) == [False, True]
