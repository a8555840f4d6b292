"""Accounts for the tests of this app: actors with powers at an area, made by hand."""

from __future__ import annotations

from gongzhi.kernel.actor import SYSTEM, Actor, PostHeld
from gongzhi.people.actions import NewAccount, open_account

DISTRICT, STREET, OTHER_STREET = "320602", "320602001", "320602002"
COMMUNITY, GRID = "320602001001", "320602001001001"
PASSWORD = "a-good-long-password"


def opened(username: str, area: str = GRID, **more: object) -> int:
    """Open an account and return its id."""
    return open_account(actor=SYSTEM, new=NewAccount(username, area, **more))  # type: ignore[arg-type]


def acting(account: int, *powers: str, area: str = STREET) -> Actor:
    """Return an actor with these powers at an area."""
    post = PostHeld(1, "test", area, None, frozenset(powers))
    return Actor("person", account, "tester", (post,))
