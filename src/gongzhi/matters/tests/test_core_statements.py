"""How many statements the busy ways of the API take: asserted, so that they do not grow unseen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.matters.tests.support import NEW, Caller, report
from gongzhi.procedures.tests.support import World

# A month of the log is made sure of once a process, but again in each rolled-back transaction.
_AROUND = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SELECT fact_make_month)")


def told(ask: Any) -> list[str]:
    """Return what was sent when asked a second time, without what frames the transaction."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    assert answer.status_code < 300, answer.content
    return [one["sql"][:90] for one in captured if not _AROUND.match(one["sql"])]


@pytest.fixture
def caller(world: World) -> Caller:
    return Caller(world.staff["grid_worker"])


def test_one_matter_with_its_next_moves_takes_three_statements(caller: Caller) -> None:
    """Who asks; the case with its open items in the asker's reach; the matter with its photos."""
    reference = report().reference
    sent = told(lambda: caller.get(f"/matters/{reference}"))
    assert len(sent) == 3, sent


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_three_statements_for_any_number_of_rows(caller: Caller, rows: int) -> None:
    """Who asks; the rows; their open items."""
    for _number in range(rows):
        report()
    sent = told(lambda: caller.get("/matters"))
    assert len(sent) == 3, sent


def test_a_report_takes_eight_statements(caller: Caller) -> None:
    """Who reports; the place; numbers; the holder; the reference; case; matter; facts."""
    sent = told(lambda: caller.post("/matters", NEW))
    assert len(sent) == 8, sent


def test_a_move_takes_five_statements(caller: Caller, world: World) -> None:
    """Who moves; the case with its open items; the holder; the move itself; its facts."""
    references = iter([report().reference, report().reference])

    def move() -> Any:
        answers = {"data": {"pass_reason": "超出"}}
        return caller.post(f"/matters/{next(references)}/moves/pass_up", answers)

    sent = told(move)
    assert len(sent) == 5, sent
