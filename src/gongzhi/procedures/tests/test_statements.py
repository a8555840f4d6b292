"""How many statements the busy ways take: asserted, so that they do not grow unseen."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures import actions, queries
from gongzhi.procedures.tests.support import World, filled, open_matter

# A month of the log is made sure of once a process, but again in each rolled-back transaction.
_AROUND = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SELECT fact_make_month)")


def _told(captured: CaptureQueriesContext) -> list[str]:
    """Return what was sent, without what begins and ends the transaction."""
    return [one["sql"][:90] for one in captured if not _AROUND.match(one["sql"])]


def test_a_move_takes_four_statements(world: World) -> None:
    """The case with its items, nearest holder, the move itself, its facts."""
    worker = world.staff["grid_worker"]
    first, second = (open_matter(first_move="to_grid") for _number in range(2))
    data = filled(world, queries.case_state(first), "pass_up")
    actions.move_case(actor=worker, case=first, move="pass_up", data=data)
    with CaptureQueriesContext(connection) as captured:
        state = actions.move_case(actor=worker, case=second, move="pass_up", data=data)
    assert len(_told(captured)) == 4, _told(captured)
    again = queries.case_state(second)
    assert (state.stage, state.revision) == (again.stage, again.revision)
    assert state.due_at == again.due_at
    assert [h.id for h in state.holdings] == [h.id for h in again.holdings]
    assert state.owner_label == again.owner_label


def test_opening_a_case_takes_five_statements(world: World) -> None:
    """Nearest holder, the districts (held once there are any), number, the case, its facts."""
    open_matter(actor=SYSTEM, first_move="to_grid")
    with CaptureQueriesContext(connection) as captured:
        open_matter(actor=SYSTEM, first_move="to_grid")
    assert len(_told(captured)) == 5, _told(captured)
