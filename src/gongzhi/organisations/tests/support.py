"""A small district for tests: areas, kinds, roles, and accounts in posts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongzhi.areas.choices import KINDS_OF_LEVEL
from gongzhi.areas.models import Area
from gongzhi.kernel import codes
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.organisations import queries
from gongzhi.organisations.actions import NewPost, add_post, load_district_definitions
from gongzhi.people.actions import NewAccount, open_account

BASE = Path(__file__).resolve().parents[2] / "districts" / "_base"
FOUNDED = date(2020, 1, 1)

PLACES = {
    "32": "甲省",
    "3206": "甲市",
    "320602": "甲区",
    "320602001": "一街道",
    "320602001001": "一社区",
    "320602001001001": "一网格",
    "320602001001001001": "一号楼",
    "320602001001002": "二网格",
    "320602001002": "二社区",
    "320602001002001": "三网格",
    "320602002": "二街道",
    "320602002001": "三社区",
}
DISTRICT, STREET, COMMUNITY = "320602", "320602001", "320602001001"
GRID, BUILDING, OTHER_STREET = "320602001001001", "320602001001001001", "320602002"


@action
def _load_areas(*, actor: Actor) -> None:
    Area.objects.bulk_create(
        Area(
            code=code,
            name=name,
            short_name=name,
            kind=KINDS_OF_LEVEL[codes.level_of(code)][0],
            valid_from=FOUNDED,
        )
        for code, name in PLACES.items()
    )


def small_district() -> None:
    """Load the areas, and the roles and kinds that ship."""
    _load_areas(actor=SYSTEM)
    load_district_definitions(actor=SYSTEM, folders=[BASE])


def person(username: str, area: str = COMMUNITY, **more: object) -> int:
    """Open a staff account."""
    new = NewAccount(username, area, display_name=username, is_staff_member=True, **more)  # type: ignore[arg-type]
    return open_account(actor=SYSTEM, new=new)


def give(account: int, role: str, area: str | None = None, organisation: int | None = None) -> int:
    """Give a post from the founding on."""
    post = NewPost(account, role, area, organisation, valid_from=FOUNDED)
    return add_post(actor=SYSTEM, post=post)


def staff(username: str, role: str, area: str) -> Actor:
    """Open a staff account in a post and return it as an actor."""
    account = person(username, area)
    give(account, role, area)
    return queries.actor_for(account)
