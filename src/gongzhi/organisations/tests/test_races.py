"""Races over posts and organisations: of any number at once, the constraints let one through."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Q

from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import GongzhiError
from gongzhi.organisations import queries
from gongzhi.organisations.actions import (
    NewOrganisation,
    NewPost,
    abolish_organisation,
    add_post,
    establish_organisation,
    hand_over_post,
)
from gongzhi.organisations.errors import RolesApart, RoleTaken
from gongzhi.organisations.models import Organisation, Post
from gongzhi.organisations.tests.support import DISTRICT, GRID, STREET, give, person, small_district

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def district(transactional_db: None) -> None:
    small_district()


def at_once(calls: list[Callable[[], object]]) -> tuple[int, list[GongzhiError]]:
    """Start every call at the same moment; return how many went through, and the refusals."""
    gate = threading.Barrier(len(calls))
    done: list[object] = []
    refused: list[GongzhiError] = []

    def run(call: Callable[[], object]) -> None:
        gate.wait()
        try:
            done.append(call())
        except GongzhiError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(refused) == len(calls)
    return len(done), refused


def test_of_eight_appointed_at_once_one_becomes_the_single_holder() -> None:
    """Without the exclusion constraint organisations_single_holder all eight hold the role.

    Seen: with the constraint dropped the test fails with 8 went through.
    """
    accounts = [person(f"leader{number}") for number in range(8)]

    def take(account: int) -> Callable[[], object]:
        return lambda: add_post(actor=SYSTEM, post=NewPost(account, "grid_leader", GRID))

    through, refused = at_once([take(account) for account in accounts])
    assert through == 1
    assert all(isinstance(error, RoleTaken) for error in refused)
    assert len(queries.holders("grid_leader", GRID)) == 1


def test_nobody_becomes_two_of_the_three_administrators_by_asking_at_once() -> None:
    """Without the exclusion constraint organisations_roles_apart one person holds all three.

    Seen: with the constraint dropped the test fails with 3 went through.
    """
    for round_ in range(4):
        account = person(f"admin{round_}", DISTRICT)

        def take(role: str, account: int = account) -> Callable[[], object]:
            return lambda: add_post(actor=SYSTEM, post=NewPost(account, role, DISTRICT))

        roles = ("system_admin", "security_admin", "auditor")
        through, refused = at_once([take(role) for role in roles])
        assert through == 1
        assert all(isinstance(error, RolesApart) for error in refused)
        assert len(queries.actor_for(account).posts) == 1


def test_a_post_handed_over_twice_at_once_has_one_successor() -> None:
    """The post's row is held first. Without the lock and the constraint there are two leaders.

    Seen: with select_for_update taken out of `_locked` and the constraint dropped, 2 went through.
    """
    post = give(person("leader"), "grid_leader", GRID)
    heirs = [person("heir1"), person("heir2")]

    def hand(heir: int) -> Callable[[], object]:
        return lambda: hand_over_post(actor=SYSTEM, post=post, to=heir)

    through, _refused = at_once([hand(heir) for heir in heirs])
    assert through == 1
    today = clock.today()
    running = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
    assert Post.objects.filter(running, role="grid_leader", area=GRID).count() == 1


def test_a_child_founded_while_its_parent_is_abolished_never_hangs_in_the_air() -> None:
    """The trigger holds the parent FOR SHARE. Without that lock both sometimes go through.

    Seen: with FOR SHARE taken out of organisations_check_place the test fails in most runs.
    """
    top = establish_organisation(
        actor=SYSTEM, new=NewOrganisation("district_committee", "甲区委", DISTRICT)
    )
    for number in range(12):
        parent = establish_organisation(
            actor=SYSTEM,
            new=NewOrganisation("street_working_committee", f"大工委{number}", STREET, top),
        )
        child = NewOrganisation("community_committee", "x", f"{STREET}001", parent)

        def abolish(parent: int = parent) -> object:
            return abolish_organisation(actor=SYSTEM, organisation=parent)

        def found(child: NewOrganisation = child) -> object:
            return establish_organisation(actor=SYSTEM, new=child)

        through, _refused = at_once([abolish, found])
        assert through == 1
        ended = Organisation.objects.get(pk=parent).valid_to is not None
        assert Organisation.objects.filter(parent=parent).exists() is not ended
