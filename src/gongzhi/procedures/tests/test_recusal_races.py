"""Somebody steps aside while the item is being given to that very person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gongzhi.organisations.tests import support as small
from gongzhi.procedures import actions, queries
from gongzhi.procedures.tests.racing import together
from gongzhi.procedures.tests.support import GRID, World, build_world, open_matter

HOLD_ITEM = "SELECT 1 FROM procedures_workitem WHERE id = %s FOR UPDATE"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """The small district, committed, so that every connection sees it."""
    queries.forget_versions()
    yield build_world()
    queries.forget_versions()


@pytest.mark.parametrize("how", ["claim", "assign"])
def test_who_steps_aside_ends_without_the_item(world: World, how: str) -> None:
    """Seen failing (the item is claimed by who is recused) without FOR NO KEY UPDATE in

    take_item.sql: it had looked before the recusal, and wrote after it.
    """
    worker = world.staff["grid_worker"]
    colleague = small.staff("colleague", "grid_worker", GRID)
    case = open_matter(first_move="to_grid")
    (held,) = queries.case_state(case).holdings

    def recuse() -> Any:
        told = {"reason": "interest", "words": "反映的是我家开的店"}
        return actions.recuse_oneself(actor=worker, case=case, **told)

    def take() -> Any:
        if how == "claim":
            return actions.claim_item(actor=worker, item=held.id)
        return actions.assign_item(actor=colleague, item=held.id, account=worker.account or 0)

    results = together([take, recuse], HOLD_ITEM, [held.id], waiters=2)
    state = queries.case_state(case)
    assert state.recused == (worker.account,), results
    assert [h.claimed_by for h in state.holdings] == [None]


HOLD_CASE = "SELECT 1 FROM procedures_case WHERE id = %s FOR UPDATE"


def test_one_is_taken_back_while_another_is_ordered(world: World) -> None:
    """Seen failing (the newcomer is named by a recusal and not by the case, which the database

    refuses at the commit) with `hold_case` taken out of both: each wrote the accounts that it had
    read.
    """
    worker, superior = world.staff["grid_worker"], world.staff["street_secretary"]
    colleague = small.staff("colleague", "grid_worker", GRID)
    case = open_matter(first_move="to_grid")
    told: dict[str, Any] = {"reason": "interest", "words": "反映的是我家开的店"}
    actions.recuse_oneself(actor=worker, case=case, **told)
    (first,) = queries.recusals_of(queries.case_state(case))

    def take_back() -> Any:
        return actions.take_back_recusal(
            actor=superior, case=case, recusal=first.id, words="查明并无关系"
        )

    def order() -> Any:
        account = colleague.account or 0
        return actions.order_recusal(actor=superior, case=case, account=account, **told)

    results = together([take_back, order], HOLD_CASE, [case], waiters=2)
    assert not [one for one in results if isinstance(one, Exception)], results
    state = queries.case_state(case)
    assert state.recused == (colleague.account,)
    assert [one.name for one in queries.recusals_of(state)] == ["colleague"]
