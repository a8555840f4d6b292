"""The tree of organisations: typed, dated, and kept by the database itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput, NotAllowed
from gongzhi.organisations import queries
from gongzhi.organisations.actions import (
    NewOrganisation,
    NewPost,
    abolish_organisation,
    add_post,
    change_organisation,
    end_post,
    establish_organisation,
)
from gongzhi.organisations.errors import OrganisationUnknown, PlaceRefused, StillInUse
from gongzhi.organisations.models import Organisation, OrganisationKind, OrganisationSpell, Post
from gongzhi.organisations.tests.support import (
    BUILDING,
    COMMUNITY,
    DISTRICT,
    FOUNDED,
    GRID,
    OTHER_STREET,
    STREET,
    person,
    small_district,
    staff,
)

pytestmark = pytest.mark.django_db
FIVE_LEVELS = [
    ("district_committee", "甲区委", DISTRICT),
    ("street_working_committee", "一街道大工委", STREET),
    ("community_committee", "一社区大党委", COMMUNITY),
    ("grid_branch", "一网格党支部", GRID),
    ("building_group", "一号楼党小组", BUILDING),
]


@pytest.fixture(autouse=True)
def district() -> None:
    small_district()


def found(kind: str, name: str, area: str, parent: int | None = None, **more: Any) -> int:
    new = NewOrganisation(kind, name, area, parent, valid_from=FOUNDED, **more)
    return establish_organisation(actor=SYSTEM, new=new)


def five_levels() -> dict[str, int]:
    made: dict[str, int] = {}
    parent = None
    for kind, name, area in FIVE_LEVELS:
        parent = made[kind] = found(kind, name, area, parent)
    return made


@action
def insert_raw(*, actor: Actor, **fields: Any) -> None:
    with transaction.atomic():
        Organisation.objects.create(since=FOUNDED, valid_from=FOUNDED, **fields)


@pytest.mark.requirement("000-02")
def test_the_party_has_five_levels_each_under_the_one_directly_above() -> None:
    made = five_levels()
    detail = queries.get_organisation(SYSTEM, made["building_group"])
    way = [row.kind for row in detail.above]
    assert [*way, detail.row.kind] == [kind for kind, _name, _area in FIVE_LEVELS]


@pytest.mark.requirement("000-02")
def test_a_building_group_under_a_street_is_refused_in_words() -> None:
    made = five_levels()
    with pytest.raises(PlaceRefused) as refused:
        found("building_group", "游离党小组", BUILDING, made["street_working_committee"])
    assert refused.value.field == "parent"
    assert "楼栋党小组不能设在街道大工委之下" in str(refused.value)
    assert "网格党支部" in str(refused.value)


@pytest.mark.requirement("000-02")
def test_the_database_refuses_every_wrong_parent_by_itself() -> None:
    made = five_levels()
    order = [kind for kind, _name, _area in FIVE_LEVELS]
    areas = {kind: area for kind, _name, area in FIVE_LEVELS}
    for child in order:
        for above in [None, *order]:
            right = order.index(child) == (0 if above is None else order.index(above) + 1)
            if right:
                continue
            with pytest.raises(IntegrityError):
                insert_raw(
                    actor=SYSTEM,
                    kind_id=child,
                    name="错位",
                    area=areas[child],
                    parent_id=made[above] if above else None,
                )
    with pytest.raises(IntegrityError, match="outside"):
        insert_raw(
            actor=SYSTEM,
            kind_id="street_working_committee",
            name="飞地",
            area="330000000",
            parent_id=made["district_committee"],
        )


def test_hanging_elsewhere_is_checked_the_same_way() -> None:
    made = five_levels()
    with pytest.raises(PlaceRefused):
        change_organisation(
            actor=SYSTEM,
            organisation=made["grid_branch"],
            parent=made["street_working_committee"],
        )
    other = found(
        "street_working_committee", "二街道大工委", OTHER_STREET, made["district_committee"]
    )
    with pytest.raises(PlaceRefused) as refused:
        change_organisation(actor=SYSTEM, organisation=made["community_committee"], parent=other)
    assert refused.value.field == "area"


def test_a_new_name_keeps_the_old_one_with_its_days() -> None:
    made = five_levels()
    top = made["district_committee"]
    turn = date(2023, 5, 1)
    change_organisation(
        actor=SYSTEM, organisation=top, name="中共甲区委", on=turn, document="甲委发〔2023〕5号"
    )
    detail = queries.get_organisation(SYSTEM, top)
    assert detail.row.name == "中共甲区委"
    spell = detail.spells[0]
    assert (spell.name, spell.valid_from, spell.valid_to) == ("甲区委", FOUNDED, turn)
    before = {id_: name for id_, _parent, name in queries.tree_on(SYSTEM, top, date(2022, 1, 1))}
    after = {id_: name for id_, _parent, name in queries.tree_on(SYSTEM, top, date(2024, 1, 1))}
    assert before[top] == "甲区委"
    assert after[top] == "中共甲区委"
    assert set(before) == set(after) == set(made.values())
    with pytest.raises(InvalidInput):
        change_organisation(actor=SYSTEM, organisation=top, name="新名", on=date(2022, 1, 1))


def test_spells_of_one_organisation_never_overlap() -> None:
    top = five_levels()["district_committee"]

    @action
    def overlap(*, actor: Actor) -> None:
        spells = [
            OrganisationSpell(
                organisation_id=top,
                name="甲",
                area=DISTRICT,
                valid_from=start,
                valid_to=date(2022, 1, 1),
            )
            for start in (date(2021, 1, 1), date(2021, 6, 1))
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganisationSpell.objects.bulk_create(spells)

    overlap(actor=SYSTEM)


def test_abolishing_waits_for_what_hangs_below_and_for_posts() -> None:
    made = five_levels()
    with pytest.raises(StillInUse):
        abolish_organisation(actor=SYSTEM, organisation=made["grid_branch"])
    office = found("department", "住建局", DISTRICT)
    post = add_post(
        actor=SYSTEM, post=NewPost(person("liaison"), "department_liaison", None, office)
    )
    with pytest.raises(StillInUse):
        abolish_organisation(actor=SYSTEM, organisation=office)
    end_post(actor=SYSTEM, post=post)
    abolish_organisation(actor=SYSTEM, organisation=office)


def test_an_abolished_organisation_stays_readable_with_its_successor() -> None:
    old = found("department", "城管局", DISTRICT)
    new = found("department", "城市管理局", DISTRICT)
    abolish_organisation(actor=SYSTEM, organisation=old, successor=new, document="甲编〔2026〕1号")
    assert queries.get_organisation(SYSTEM, old).successors == ((new, "城市管理局"),)
    assert queries.get_organisation(SYSTEM, new).predecessors == ((old, "城管局"),)
    standing = [row.id for row in queries.list_organisations(SYSTEM).items]
    assert standing == [new]
    everything = queries.list_organisations(SYSTEM, filters={"all": True})
    assert {row.id for row in everything.items} == {old, new}
    with pytest.raises(PlaceRefused):
        found("unit", "环卫所", DISTRICT, old)
    with pytest.raises(InvalidInput):
        abolish_organisation(actor=SYSTEM, organisation=old)
    assert FactRecord.objects.get(kind="organisations.abolished").data["successor"] == new


def test_organisations_are_managed_in_ones_area_only() -> None:
    made = five_levels()
    boss = staff("boss", "community_secretary", COMMUNITY)
    branch = NewOrganisation(
        "grid_branch", "二网格党支部", f"{COMMUNITY}002", made["community_committee"]
    )
    establish_organisation(actor=boss, new=branch)
    street = NewOrganisation(
        "street_working_committee", "x", OTHER_STREET, made["district_committee"]
    )
    with pytest.raises(NotAllowed):
        establish_organisation(actor=boss, new=street)
    with pytest.raises(NotAllowed):
        abolish_organisation(actor=boss, organisation=made["street_working_committee"])


def test_one_sees_what_stands_in_ones_area_and_above_it() -> None:
    made = five_levels()
    far = found(
        "street_working_committee", "二街道大工委", OTHER_STREET, made["district_committee"]
    )
    worker = staff("worker", "grid_worker", GRID)
    seen = {row.id for row in queries.list_organisations(worker).items}
    assert seen == set(made.values())
    with pytest.raises(OrganisationUnknown):
        queries.get_organisation(worker, far)


def test_who_serves_a_place_is_found_by_kind() -> None:
    office = found("department", "住建局", DISTRICT)
    near = found("property_company", "安居物业", COMMUNITY)
    found("property_company", "远方物业", OTHER_STREET)
    assert [row.id for row in queries.organisations_of_kind("department", GRID)] == [office]
    assert [row.id for row in queries.organisations_of_kind("property_company", GRID)] == [near]
    assert queries.organisation_names([office, near]) == {office: "住建局", near: "安居物业"}


def test_founding_in_the_future_is_not_standing_yet() -> None:
    later = clock.today() + timedelta(days=10)
    new = NewOrganisation("department", "筹备局", DISTRICT, valid_from=later)
    establish_organisation(actor=SYSTEM, new=new)
    assert queries.list_organisations(SYSTEM).items == ()


def test_verify_finds_nothing_until_something_is_bent_by_hand() -> None:
    five_levels()
    staff("leader", "grid_leader", GRID)
    assert queries.contradictions() == []

    @action
    def bend(*, actor: Actor) -> None:
        Post.objects.update(single=False)
        OrganisationKind.objects.filter(key="grid_branch").update(parents=[])

    bend(actor=SYSTEM)
    faults = queries.contradictions()
    assert len(faults) == 2
    assert "wrong kind" in faults[0]
    assert "rules of its role" in faults[1]
