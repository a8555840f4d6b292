"""Nothing outside a community's list of duties can be dispatched to it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gongzhi.matters.actions import move_matter
from gongzhi.matters.tests.support import report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.errors import GuardRefuses
from gongzhi.procedures.tests.support import World


def at_street(world: World, category: str) -> str:
    """Report a matter of this category and bring it up to the street."""
    found = report(category=category)
    for role in ("grid_worker", "community_worker"):
        move(world, role, found.reference, "pass_up", pass_reason="办不了")
    return found.reference


def move(world: World, role: str, reference: str, name: str, **data: Any) -> Any:
    """Make a move as the holder of a role."""
    return move_matter(actor=world.staff[role], reference=reference, move=name, data=data)


def send_down(world: World, reference: str) -> Any:
    """Let the street send it down to the community."""
    return move(world, "street_officer", reference, "pass_down", pass_reason="请社区办")


def test_what_a_community_does_itself_may_be_sent_to_it(world: World) -> None:
    assert send_down(world, at_street(world, "security-quarrel")).stage == "community"


@pytest.mark.parametrize(
    ("category", "why"),
    [
        ("street-trade-stall", "已由上级收回"),  # named by the category above it
        ("lighting-street", "已由上级收回"),
        ("facilities-lift", "只配合，不能作为主责"),
        ("city", "不在它的职责清单之内"),
        ("", "请先选分类"),
    ],
)
def test_what_is_not_its_own_is_refused_with_the_reason(
    world: World, category: str, why: str
) -> None:
    reference = at_street(world, category)
    with pytest.raises(GuardRefuses, match=why):
        send_down(world, reference)
    street = world.staff["street_officer"]
    assert procedures.case_by_reference(street, reference).stage == "street"
    page = text(desk(world, "street_officer").get(f"/desk/cases/{reference}/"))
    assert why in page


def test_the_narrowest_line_of_the_list_decides(world: World) -> None:
    """Parking is the community's own, its penalties are not."""
    assert send_down(world, at_street(world, "parking-lane")).stage == "community"
    with pytest.raises(GuardRefuses, match="机动车违停的处罚"):
        send_down(world, at_street(world, "parking-disorder"))


def test_the_lists_are_shown_to_staff(world: World) -> None:
    page = text(desk(world, "community_secretary").get("/desk/duties/"))
    assert "调解邻里纠纷" in page
    assert "只配合" in page
    assert "道路路面" in page


def test_english_readers_read_the_basis_of_each_duty_in_english(world: World) -> None:
    client = desk(world, "community_secretary")
    client.cookies["django_language"] = "en"
    page = text(client.get("/desk/duties/"))
    cells = "".join(re.findall("<td>(.*?)</td>", page))
    assert "Mediation Law" in cells
    assert not re.search("[\u3001\u4e00-\u9fff]", cells)
