"""What was done, in public: kind, community, end and days, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.kernel import clock
from gongzhi.kernel.held import forget_all
from gongzhi.matters.errors import MatterUnknown
from gongzhi.matters.queries.done import done_in_public
from gongzhi.matters.tests.support import GRID, STREET, WORDS, report
from gongzhi.matters.tests.test_pages_matters import text
from gongzhi.procedures.tests.support import MOMENT, World, make


def finish(world: World, day: int = 0, **more: Any) -> str:
    """Report a matter on a day after MOMENT and bring it to its end two days later."""
    with clock.travel_to(MOMENT + timedelta(days=day)):
        found = report(**more)
        make(world, found.case, "answer")
    with clock.travel_to(MOMENT + timedelta(days=day + 2)):
        make(world, found.case, "verdict_solved")
    return found.reference


def test_a_line_tells_kind_community_end_and_days_and_no_words(world: World) -> None:
    reference = finish(world)
    (row,) = done_in_public().items
    assert (row.outcome_kind, row.days) == ("solved", 2)
    page = text(Client().get("/done/"))
    assert "停车秩序" in page
    assert "一社区" in page
    assert "用了 2 天" in page
    for hidden in (reference, WORDS[:10], "一网格"):
        assert hidden not in page


def test_only_what_was_done_is_listed_the_newest_first(world: World) -> None:
    report()
    finish(world, category="")
    finish(world, day=1, category="noise-life")
    finish(world, day=3, category="sanitation")
    assert [row.category for row in done_in_public().items] == ["环境卫生", "生活噪声"]


def test_pages_follow_each_other_without_loss(world: World) -> None:
    for day in range(3):
        finish(world, day=day)
    first = done_in_public(size=2)
    second = done_in_public(size=2, cursor=first.next or "")
    assert [len(first.items), len(second.items), second.next] == [2, 1, None]
    assert first.items[-1].closed_at > second.items[0].closed_at


def test_it_can_be_narrowed_to_a_street_and_no_deeper_than_the_community(world: World) -> None:
    finish(world)
    assert len(done_in_public(area=STREET).items) == 1
    assert not done_in_public(area="320602002").items
    for wrong in (GRID, "999999", "320602\x00"):
        with pytest.raises(MatterUnknown):
            done_in_public(area=wrong)
    assert Client().get("/done/?area=1").status_code == 404
    assert Client().get("/done/?cursor=zzz").status_code in (404, 422)


def test_many_lines_take_the_statements_of_one(world: World) -> None:
    counts = []
    for day in range(3):
        finish(world, day=day)
        if day in (0, 2):
            forget_all()
            with CaptureQueriesContext(connection) as asked:
                done_in_public()
            counts.append(len(asked))
    assert counts[0] == counts[1]
