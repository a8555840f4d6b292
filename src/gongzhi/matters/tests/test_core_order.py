"""The list of matters: what is due first stands on top, page follows page without a gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock, paging
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.held import forget_all
from gongzhi.matters import queries
from gongzhi.matters.tests.support import Caller, is_problem, report
from gongzhi.procedures.models import Case
from gongzhi.procedures.tests.support import World

OPEN = queries.Filters(status="open")


@action
def _due(*, actor: Actor, reference: str, at: datetime | None) -> None:
    Case.objects.filter(reference=reference).update(due_at=at)


def _reported(*days: int | None) -> list[str]:
    """Report one matter for each of *days*, due so many days from now; return the references."""
    references = []
    for away in days:
        reference = report().reference
        at = None if away is None else clock.now() + timedelta(days=away)
        _due(actor=SYSTEM, reference=reference, at=at)
        references.append(reference)
    return references


def _walked(order: str = "due", limit: int = 2) -> list[str]:
    """Turn the pages of the list to its end."""
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = queries.list_matters(SYSTEM, OPEN, cursor, limit, order)
        seen += [row.reference for row in page.items]
        cursor = page.next
    return seen


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_the_most_overdue_comes_first_and_the_undated_last(world: World, limit: int) -> None:
    later, undated, late, soon, also_undated = _reported(9, None, -3, 1, None)
    assert _walked(limit=limit) == [late, soon, later, undated, also_undated]


def test_equal_due_times_are_neither_skipped_nor_repeated(world: World) -> None:
    references = _reported(1, 1, 1, None, None, None)
    at = clock.now()
    for reference in references[:3]:
        _due(actor=SYSTEM, reference=reference, at=at)
    assert _walked(limit=2) == references


def test_the_newest_first_is_a_choice(world: World) -> None:
    references = _reported(9, -3, None, 1, 2)
    assert _walked("newest") == references[::-1]


WRONG = (
    "x",
    "WyJhIl0",
    "WzFd" * 40,
    paging.encode(1),
    paging.encode("yesterday", 1),
    paging.encode("2026-11-22T10:00:00", 1),
    paging.encode(datetime(2026, 11, 22, tzinfo=UTC).isoformat(), 2**63),
    paging.encode(datetime(2026, 11, 22, tzinfo=UTC).isoformat(), -1),
    paging.encode("", "1"),
    paging.encode("\x00", 1),
    paging.encode(None, 1),
    paging.encode("", True),
)


@pytest.mark.parametrize("cursor", WRONG)
def test_a_place_that_is_none_is_refused_by_name(world: World, cursor: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        queries.list_matters(SYSTEM, OPEN, cursor=cursor)
    assert caught.value.problems[0].field == "cursor"


def test_a_place_at_the_edge_of_time_is_answered(world: World) -> None:
    _reported(1)
    for edge in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00"):
        queries.list_matters(SYSTEM, OPEN, cursor=paging.encode(edge, 1))


def test_the_api_lists_open_matters_by_due_time_unless_asked(world: World) -> None:
    later, late = _reported(2, -2)
    caller = Caller(world.staff["grid_worker"])

    def listed(**query: str) -> list[str]:
        return [row["reference"] for row in caller.get("/matters", **query).json()["items"]]

    assert listed() == [late, later]
    assert listed(order="newest") == [late, later]
    assert listed(status="closed") == []
    assert listed(status="") == [late, later]
    first = caller.get("/matters", limit="1").json()["next"]
    assert listed(cursor=first) == [later]
    is_problem(caller.get("/matters", cursor=first, order="newest"), 422, "cursor")
    is_problem(caller.get("/matters", order="best"), 422, "order")


def test_the_order_costs_no_statement_more(world: World) -> None:
    _reported(1)
    forget_all()
    with CaptureQueriesContext(connection) as one:
        queries.list_matters(SYSTEM)
    _reported(2, None)
    forget_all()
    with CaptureQueriesContext(connection) as three:
        queries.list_matters(SYSTEM)
    assert len(three) == len(one)
