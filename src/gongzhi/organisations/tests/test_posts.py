"""Posts: where they may be held, by whom, from when, and what they allow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor, PostHeld
from gongzhi.kernel.errors import Conflict, GongzhiError, InvalidInput, NotAllowed
from gongzhi.organisations import queries
from gongzhi.organisations.actions import (
    NewOrganisation,
    NewPost,
    add_post,
    deputise,
    end_post,
    establish_organisation,
    hand_over_post,
    open_staffed_account,
)
from gongzhi.organisations.errors import PlaceRefused, PostUnknown, RolesApart, RoleTaken
from gongzhi.organisations.models import Post
from gongzhi.organisations.tests.support import (
    BUILDING,
    COMMUNITY,
    DISTRICT,
    FOUNDED,
    GRID,
    OTHER_STREET,
    PLACES,
    STREET,
    give,
    person,
    small_district,
    staff,
)
from gongzhi.people.actions import NewAccount, change_account, close_account, open_account
from gongzhi.people.queries import account_by_username

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def district(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        small_district()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("grid_worker", COMMUNITY),
        ("community_secretary", GRID),
        ("district_clerk", STREET),
        ("grid_worker", BUILDING),
        ("department_liaison", DISTRICT),
    ],
)
def test_a_role_is_held_only_at_its_levels(role: str, area: str) -> None:
    with pytest.raises(PlaceRefused) as refused:
        add_post(actor=SYSTEM, post=NewPost(person("one"), role, area))
    assert refused.value.field == "role"


@pytest.mark.django_db
def test_a_post_stands_at_one_place_exactly() -> None:
    account = person("one")
    office = establish_organisation(
        actor=SYSTEM, new=NewOrganisation("department", "住建局", DISTRICT)
    )
    for area, organisation in ((None, None), (GRID, office)):
        with pytest.raises(PlaceRefused):
            add_post(actor=SYSTEM, post=NewPost(account, "grid_worker", area, organisation))
    with pytest.raises(PlaceRefused):
        add_post(actor=SYSTEM, post=NewPost(account, "property_liaison", None, office))
    add_post(actor=SYSTEM, post=NewPost(account, "department_liaison", None, office))
    assert [held.name for held in queries.holders_in([office])] == ["one"]


@pytest.mark.django_db
def test_a_single_role_has_one_holder_at_a_place_at_a_time() -> None:
    first, second = person("first"), person("second")
    until = clock.today() + 10 * DAY
    post = NewPost(first, "grid_leader", GRID, valid_to=until)
    add_post(actor=SYSTEM, post=post)
    with pytest.raises(RoleTaken) as refused:
        add_post(actor=SYSTEM, post=NewPost(second, "grid_leader", GRID))
    assert "移交" in str(refused.value)
    add_post(actor=SYSTEM, post=NewPost(second, "grid_leader", GRID, valid_from=until))
    add_post(actor=SYSTEM, post=NewPost(second, "grid_worker", GRID))
    add_post(actor=SYSTEM, post=NewPost(first, "grid_worker", GRID))


@pytest.mark.django_db
def test_the_same_post_is_not_given_twice() -> None:
    account = person("one")
    give(account, "grid_worker", GRID)
    with pytest.raises(RoleTaken):
        give(account, "grid_worker", GRID)


@pytest.mark.django_db
def test_the_three_administrations_are_kept_apart_for_all_days() -> None:
    account = person("one")
    today = clock.today()
    until = today + 30 * DAY
    add_post(actor=SYSTEM, post=NewPost(account, "system_admin", DISTRICT, valid_to=until))
    for role in ("security_admin", "auditor"):
        with pytest.raises(RolesApart):
            add_post(
                actor=SYSTEM,
                post=NewPost(account, role, DISTRICT, valid_from=today + 29 * DAY),
            )
    add_post(actor=SYSTEM, post=NewPost(account, "auditor", DISTRICT, valid_from=until))


@pytest.mark.django_db
def test_a_deputy_is_kept_apart_as_well() -> None:
    admin, auditor = person("admin"), person("auditor")
    post = give(admin, "system_admin", DISTRICT)
    give(auditor, "auditor", DISTRICT)
    today = clock.today()
    with pytest.raises(RolesApart):
        deputise(actor=SYSTEM, post=post, deputy=auditor, first=today, until=today + DAY)


@pytest.mark.django_db
def test_a_deputy_acts_for_the_days_named_and_no_longer() -> None:
    leader, deputy = person("leader"), person("deputy")
    post = give(leader, "grid_leader", GRID)
    first = clock.today() + DAY
    deputise(actor=SYSTEM, post=post, deputy=deputy, first=first, until=first + 5 * DAY)
    assert not queries.actor_for(deputy).has("matters.handle")
    held = queries.holders("grid_leader", GRID, first)
    assert [(one.account, one.deputy, one.away) for one in held] == [
        (leader, False, True),
        (deputy, True, False),
    ]
    with clock.travel_to(clock.now() + 2 * DAY):
        actor = queries.actor_for(deputy)
        assert actor.may("matters.handle", area=GRID)
        assert actor.posts[0].deputy
    with clock.travel_to(clock.now() + 7 * DAY):
        assert not queries.actor_for(deputy).has("matters.handle")


@pytest.mark.django_db
def test_ending_the_post_ends_its_deputy() -> None:
    leader, deputy = person("leader"), person("deputy")
    post = give(leader, "grid_leader", GRID)
    today = clock.today()
    deputise(actor=SYSTEM, post=post, deputy=deputy, first=today, until=today + 5 * DAY)
    end_post(actor=SYSTEM, post=post)
    end_post(actor=SYSTEM, post=post)
    assert queries.holders("grid_leader", GRID) == []
    assert not queries.actor_for(deputy).has("matters.handle")
    assert FactRecord.objects.filter(kind="organisations.post_ended").count() == 1


@pytest.mark.django_db
def test_the_holder_names_his_own_deputy_but_no_stranger_does() -> None:
    leader = staff("leader", "grid_leader", GRID)
    deputy = person("deputy")
    today = clock.today()
    post = leader.posts[0].id
    deputise(actor=leader, post=post, deputy=deputy, first=today, until=today + DAY)
    stranger = staff("stranger", "grid_worker", GRID)
    with pytest.raises(NotAllowed):
        deputise(actor=stranger, post=post, deputy=deputy, first=today, until=today + DAY)
    with pytest.raises(PlaceRefused):
        deputise(
            actor=leader, post=post, deputy=leader.account or 0, first=today, until=today + DAY
        )


@pytest.mark.django_db
def test_hand_over_leaves_no_day_without_and_none_with_two() -> None:
    first, second = person("first"), person("second")
    post = give(first, "community_secretary", COMMUNITY)
    turn = clock.today() + 3 * DAY
    following = hand_over_post(actor=SYSTEM, post=post, to=second, on=turn)
    for offset in range(6):
        day = clock.today() + offset * DAY
        held = queries.holders("community_secretary", COMMUNITY, day)
        assert [one.account for one in held] == [first if day < turn else second]
    fact = FactRecord.objects.get(kind="organisations.post_handed_over")
    assert fact.data == {
        "post": post,
        "next_post": following,
        "role": "community_secretary",
        "on": str(turn),
    }


@pytest.mark.django_db
def test_a_refused_hand_over_leaves_the_post_as_it_was() -> None:
    first, second = person("first"), person("second")
    post = give(first, "system_admin", DISTRICT)
    give(second, "auditor", DISTRICT)
    with pytest.raises(RolesApart), transaction.atomic():
        _within(lambda: hand_over_post(actor=SYSTEM, post=post, to=second))
    assert Post.objects.get(pk=post).valid_to is None
    end_post(actor=SYSTEM, post=post)
    with pytest.raises(Conflict):
        hand_over_post(actor=SYSTEM, post=post, to=second)


def _within(call: object) -> None:
    """Run as a nested action, so that a test's transaction can be rolled back around it."""
    from gongzhi.kernel import action as kernel

    token = kernel._running.set(kernel.Run("test", SYSTEM))
    try:
        call()  # type: ignore[operator]
    finally:
        kernel._running.reset(token)


@pytest.mark.django_db
def test_nobody_gives_himself_a_post_nor_makes_administrators() -> None:
    boss = staff("boss", "street_secretary", STREET)
    worker = person("worker")
    with pytest.raises(NotAllowed):
        add_post(actor=boss, post=NewPost(boss.account or 0, "street_officer", STREET))
    with pytest.raises(NotAllowed):
        add_post(actor=boss, post=NewPost(worker, "street_officer", OTHER_STREET))
    with pytest.raises(NotAllowed):
        add_post(actor=boss, post=NewPost(worker, "district_clerk", DISTRICT))
    add_post(actor=boss, post=NewPost(worker, "grid_worker", GRID))
    system = staff("system", "system_admin", DISTRICT)
    with pytest.raises(NotAllowed):
        add_post(actor=system, post=NewPost(worker, "auditor", DISTRICT))
    security = staff("security", "security_admin", DISTRICT)
    with pytest.raises(NotAllowed):
        add_post(actor=security, post=NewPost(security.account or 0, "grid_worker", GRID))
    add_post(actor=security, post=NewPost(worker, "auditor", DISTRICT))


@pytest.mark.django_db
def test_a_closed_account_gets_no_post_and_holds_none() -> None:
    account = person("one")
    give(account, "grid_worker", GRID)
    close_account(actor=SYSTEM, account=account)
    assert queries.actor_for(account).kind == "anonymous"
    assert queries.holders("grid_worker", GRID) == []
    with pytest.raises(GongzhiError):
        add_post(actor=SYSTEM, post=NewPost(account, "grid_worker", GRID))


@pytest.mark.django_db
def test_a_resident_holds_no_post_so_that_no_power_goes_without_a_second_factor() -> None:
    resident = open_account(actor=SYSTEM, new=NewAccount("resident", GRID))
    with pytest.raises(InvalidInput) as refused:
        give(resident, "grid_worker", GRID)
    assert refused.value.code == "not-staff"
    change_account(actor=SYSTEM, account=resident, changes={"is_staff_member": True})
    give(resident, "grid_worker", GRID)
    change_account(actor=SYSTEM, account=resident, changes={"is_staff_member": False})
    assert Post.objects.get(account=resident).account.is_staff_member


@pytest.mark.django_db
def test_wrong_dates_and_unknown_posts_are_refused() -> None:
    account = person("one")
    today = clock.today()
    with pytest.raises(InvalidInput):
        add_post(
            actor=SYSTEM,
            post=NewPost(account, "grid_worker", GRID, valid_from=today, valid_to=today),
        )
    post = give(account, "grid_worker", GRID)
    with pytest.raises(InvalidInput):
        end_post(actor=SYSTEM, post=post, on=FOUNDED - DAY)
    with pytest.raises(PostUnknown):
        end_post(actor=SYSTEM, post=post + 1000)


@pytest.mark.django_db
def test_the_nearest_holder_is_found_up_the_tree() -> None:
    give(person("worker"), "grid_worker", GRID)
    give(person("officer"), "street_officer", STREET)
    assert queries.nearest_holder_area("grid_worker", BUILDING) == GRID
    assert queries.nearest_holder_area("street_officer", BUILDING) == STREET
    assert queries.nearest_holder_area("street_officer", OTHER_STREET) is None
    assert queries.nearest_holder_area("grid_worker", GRID, FOUNDED - DAY) is None
    found = queries.holders_of([("grid_worker", GRID), ("grid_worker", COMMUNITY)])
    assert list(found) == [("grid_worker", GRID)]


@pytest.mark.django_db
def test_posts_out_of_reach_are_not_listed() -> None:
    near = give(person("near"), "grid_worker", GRID)
    far = give(person("far"), "street_officer", OTHER_STREET)
    boss = staff("boss", "community_secretary", COMMUNITY)
    seen = {row.id for row in queries.list_posts(boss).items}
    assert near in seen
    assert far not in seen
    with pytest.raises(PostUnknown):
        queries.get_post(boss, far)


@pytest.mark.django_db
def test_the_database_refuses_a_post_at_two_places_or_none() -> None:
    account = person("one")

    @action
    def insert(*, actor: Actor, **place: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(
                account_id=account, role_id="grid_worker", valid_from=FOUNDED, **place
            )

    insert(actor=SYSTEM)
    insert(actor=SYSTEM, area=COMMUNITY)
    insert(actor=SYSTEM, area=GRID, valid_to=date(2019, 1, 1))


@pytest.mark.django_db
def test_an_account_whose_post_is_refused_is_not_opened_either() -> None:
    new = NewAccount("first", DISTRICT, display_name="周敏", is_staff_member=True)
    with pytest.raises(PlaceRefused), transaction.atomic():
        _within(
            lambda: open_staffed_account(actor=SYSTEM, new=new, role="grid_worker", area=DISTRICT)
        )
    assert account_by_username("first") is None
    account = open_staffed_account(actor=SYSTEM, new=new, role="auditor", area=DISTRICT)
    assert queries.actor_for(account).has("facts.audit")


# --- posts never widen each other -------------------------------------------------------------

_POWERS = ("matters.see", "matters.handle", "people.see", "posts.manage")
_HELD = st.builds(
    PostHeld,
    id=st.integers(1, 9),
    role=st.just("role"),
    area=st.sampled_from(list(PLACES)),
    organisation=st.none(),
    powers=st.frozensets(st.sampled_from(_POWERS)),
)
_INSIDE = st.builds(
    PostHeld,
    id=st.integers(1, 9),
    role=st.just("role"),
    area=st.none(),
    organisation=st.integers(1, 4),
    powers=st.frozensets(st.sampled_from(_POWERS)),
)


@given(
    posts=st.lists(st.one_of(_HELD, _INSIDE), max_size=5),
    power=st.sampled_from(_POWERS),
    area=st.sampled_from([*PLACES, None]),
    organisation=st.one_of(st.none(), st.integers(1, 4)),
    scopes=st.one_of(st.none(), st.frozensets(st.sampled_from(_POWERS))),
)
def test_what_all_posts_allow_is_what_some_single_post_allows(
    posts: list[PostHeld],
    power: str,
    area: str | None,
    organisation: int | None,
    scopes: frozenset[str] | None,
) -> None:
    together = Actor("person", 1, "x", tuple(posts), scopes)
    alone = [Actor("person", 1, "x", (post,), scopes) for post in posts]
    assert together.may(power, area=area, organisation=organisation) == any(
        one.may(power, area=area, organisation=organisation) for one in alone
    )
    if area is not None:
        listed = any(area.startswith(prefix) for prefix in together.areas_for(power))
        assert listed == together.may(power, area=area)
    assert set(together.organisations_for(power)) == {
        number for number in range(1, 5) if together.may(power, organisation=number)
    }
