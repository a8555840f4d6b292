"""Replies to begin with: those for the category first, none where nothing is answered."""

from __future__ import annotations

from gongzhi.matters.replies import replies_for
from gongzhi.matters.tests.support import report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.procedures.tests.support import World


def test_the_narrower_reply_comes_first() -> None:
    names = [one.name for one in replies_for("grid", ("parking-lane", "parking", "safety"))]
    assert names == ["已劝离并巡查", "现场已处理"]
    assert "现场已处理" not in [one.name for one in replies_for("department", ())]


def test_the_page_offers_them_where_the_reporter_is_answered(world: World) -> None:
    found = report(category="parking-lane")
    page = text(desk(world, "grid_worker").get(f"/desk/cases/{found.reference}/"))
    assert page.count("data-fill=") == 1
    assert 'data-fill="id_answer_answer"' in page
    assert "已劝离并巡查" in page
    assert "已清运" not in page
