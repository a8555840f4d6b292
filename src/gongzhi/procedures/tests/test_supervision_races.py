"""Supervision begun, ended and overtaken by the end of its case, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.models import Supervision
from gongzhi.procedures.tests.racing import together
from gongzhi.procedures.tests.support import World, build_world, make, open_matter

HOLD_CASE = "SELECT 1 FROM procedures_case WHERE id = %s FOR UPDATE"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """The small district, committed, so that every connection sees it."""
    queries.forget_versions()
    yield build_world()
    queries.forget_versions()


def test_a_case_comes_under_supervision_once(world: World) -> None:
    """Seen failing (three open supervisions) without the constraint procedures_supervised_once."""
    case = open_matter(first_move="to_grid")
    secretary = world.staff["street_secretary"]

    def press() -> Any:
        return actions.supervise_case(
            actor=secretary, case=case, trigger="bad_effect", reason="媒体来问"
        )

    answers = together(
        [press, press, press], "LOCK TABLE procedures_supervision IN SHARE MODE", [], waiters=3
    )
    refused = [one for one in answers if isinstance(one, errors.SupervisionRefused)]
    assert len(refused) == 2, answers
    assert Supervision.objects.filter(case_id=case, closed_at=None).count() == 1


def test_what_ends_meanwhile_does_not_stay_on_the_watched_list(world: World) -> None:
    """Seen failing (a closed case under supervision) without hold_case in supervise_case, and

    with the end asking the state it had read instead of the row.
    """
    secretary, caller = world.staff["street_secretary"], world.staff["community_worker"]

    def supervise(case: int) -> Callable[[], Any]:
        given: dict[str, Any] = {"case": case, "trigger": "bad_effect", "reason": "媒体来问"}
        return lambda: actions.supervise_case(actor=secretary, **given)

    def close(case: int) -> Callable[[], Any]:
        data = {"satisfaction": "satisfied"}
        given: dict[str, Any] = {"case": case, "move": "call_solved", "data": data}
        return lambda: actions.move_case(actor=caller, **given)

    for order in ((supervise, close), (close, supervise)):
        case = open_matter(first_move="to_grid")
        make(world, case, "answer")
        together([press(case) for press in order], HOLD_CASE, [case], waiters=2)
        assert not queries.case_state(case).is_open
        assert not queries.case_state(case).supervised
    assert not Supervision.objects.filter(closed_at=None).exists()
