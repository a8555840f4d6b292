"""The whole way of a matter over the pages: up, down, to a property company, to the verdict."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from gongzhi.facts.queries import timeline
from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters.models import Matter
from gongzhi.matters.tests.support import DISTRICT, GRID, PHONE, report
from gongzhi.matters.tests.test_pages_matters import desk, send, text, visitor
from gongzhi.organisations import queries as organisations
from gongzhi.organisations.actions import NewOrganisation, establish_organisation
from gongzhi.organisations.tests import support as small
from gongzhi.procedures.tests.support import World


@pytest.fixture
def property_company(world: World) -> int:
    """Found a property company with its liaison, `property` among the staff."""
    new = NewOrganisation("property_company", "安居物业", DISTRICT, valid_from=small.FOUNDED)
    company = establish_organisation(actor=SYSTEM, new=new)
    account = small.person("property", DISTRICT)
    small.give(account, "property_liaison", organisation=company)
    world.staff["property"] = organisations.actor_for(account)
    liaison = next(iter(world.liaisons.values()))
    world.staff["department"] = liaison
    return company


def move(world: World, who: str, reference: str, key: str, **data: Any) -> None:
    """Make a move through the page and expect it done."""
    done = desk(world, who).post(reverse("procedures:move", args=[reference, key]), data)
    assert done.status_code == 302, text(done)


def moves(case: int) -> list[tuple[str, str]]:
    """Return (move, stage left) of every move of a case, each with who and when."""
    found = []
    for fact in timeline(case):
        if fact.kind == "procedures.moved":
            if fact.actor_kind == "person":
                assert fact.actor is not None
                assert fact.at is not None
            found.append((fact.data["move"], fact.data["source"]))
    return found


@pytest.mark.requirement("000-04")
def test_up_to_the_street_and_down_to_the_community_both_stamped(world: World) -> None:
    found = report()
    move(world, "grid_worker", found.reference, "pass_up", pass_reason="涉及执法")
    move(world, "community_worker", found.reference, "pass_up", pass_reason="社区无权处理")
    move(world, "street_officer", found.reference, "pass_down", pass_reason="请社区先劝导")
    told = moves(found.case)
    assert ("pass_up", "community") in told
    assert ("pass_down", "street") in told
    page = text(
        desk(world, "community_secretary").get(reverse("procedures:case", args=[found.reference]))
    )
    assert "社区无权处理" in page
    assert "请社区先劝导" in page
    stamps = [
        (fact.at, fact.actor)
        for fact in timeline(found.case)
        if fact.kind == "procedures.moved" and fact.data["source"] in ("community", "street")
    ]
    people = [world.staff[who].account for who in ("community_worker", "street_officer")]
    assert [actor for _at, actor in stamps] == people
    assert stamps[0][0] < stamps[1][0]


@pytest.mark.requirement("003-18")
def test_a_property_company_is_dispatched_to_helped_and_rated(
    world: World, property_company: int
) -> None:
    found = report(name="李秀英", phone=PHONE)
    url = reverse("procedures:case", args=[found.reference])
    assert desk(world, "property").get(url).status_code == 404
    move(world, "grid_worker", found.reference, "pass_up", pass_reason="要物业管")
    move(world, "community_worker", found.reference, "pass_up", pass_reason="要派单")
    move(
        world,
        "street_officer",
        found.reference,
        "dispatch",
        lead_organisation=property_company,
        assisting_organisations=[world.departments[0]],
        instruction="划线、立牌",
    )
    page = text(desk(world, "property").get(url))
    assert "对承办单位保密" in page
    assert "李**" not in page
    assert PHONE[-4:] not in page
    assert found.reference in text(desk(world, "property").get(reverse("matters:inbox")))
    assert "协办" in page
    helper = text(desk(world, "department").get(reverse("matters:inbox"), {"tab": "assist"}))
    assert found.reference in helper
    early = desk(world, "property").post(
        reverse("procedures:move", args=[found.reference, "answer"]),
        {"result": "solved", "answer": "好了"},
    )
    assert "协办单位" in text(early)
    move(world, "department", found.reference, "close_part", note="已配合划线")
    move(world, "property", found.reference, "answer", result="solved", answer="已划线立牌")
    link = reverse("matters:follow_one", args=[found.reference, found.secret])
    judged = visitor().post(f"{link}verdict/", {"solved": "1", "satisfaction": "very_satisfied"})
    assert judged.status_code == 302
    matter = Matter.objects.select_related("case").get()
    assert (matter.case.outcome_kind, matter.satisfaction) == ("solved", "very_satisfied")


def test_a_department_objects_and_is_ruled_on(world: World, property_company: int) -> None:
    found = report()
    move(world, "grid_worker", found.reference, "pass_up", pass_reason="要部门管")
    move(world, "community_worker", found.reference, "pass_up", pass_reason="要派单")
    move(
        world,
        "street_officer",
        found.reference,
        "dispatch",
        instruction="请办理",
        lead_organisation=world.departments[0],
    )
    step = reverse("procedures:step", args=[found.reference, "object"])
    assert desk(world, "department").post(step, {"reason": "不是我们的职责"}).status_code == 302
    page = text(
        desk(world, "district_clerk").get(reverse("procedures:case", args=[found.reference]))
    )
    rule = reverse("procedures:step", args=[found.reference, "rule_objection"])
    assert rule in page
    done = desk(world, "district_clerk").post(rule, {"upheld": "1", "ruling": "改派物业"})
    assert done.status_code == 302
    assert Matter.objects.select_related("case").get().case.stage == "command"


@pytest.mark.requirement("003-07")
def test_three_sources_end_in_one_queue(world: World) -> None:
    web = send(visitor(), phone=PHONE).url
    clerk = desk(world, "community_worker")
    for channel in ("phone", "window", "hotline"):
        entered = clerk.post(
            reverse("matters:new"),
            {
                "channel": channel,
                "words": f"来自{channel}",
                "area": [GRID],
                "key": channel * 8,
            },
        )
        assert entered.status_code == 302, text(entered)
    queue = text(desk(world, "grid_worker").get(reverse("matters:inbox")))
    assert web.split("/")[3] in queue
    assert queue.count("data-row>") == 4
    assert set(Matter.objects.values_list("channel", flat=True)) == {
        "web",
        "phone",
        "window",
        "hotline",
    }


@pytest.mark.requirement("000-25")
def test_one_leads_two_assist_and_each_closes_its_own_part(world: World) -> None:
    lead, *helping = world.departments
    for number, organisation in enumerate(world.departments):
        world.staff[f"department{number}"] = world.liaisons[organisation]
    found = report()
    move(world, "grid_worker", found.reference, "pass_up", pass_reason="要部门管")
    move(world, "community_worker", found.reference, "pass_up", pass_reason="要派单")
    move(
        world,
        "street_officer",
        found.reference,
        "dispatch",
        instruction="联合办理",
        lead_organisation=lead,
        assisting_organisations=helping,
    )
    for number in (1, 2):
        move(world, f"department{number}", found.reference, "close_part", note=f"部分{number}")
    move(world, "department0", found.reference, "answer", result="solved", answer="一起办好了")
    closed = [f for f in timeline(found.case) if f.kind == "procedures.part_closed"]
    assert [fact.data["owner"] for fact in closed] == [f"org:{unit}" for unit in helping]
    link = reverse("matters:follow_one", args=[found.reference, found.secret])
    for _press in range(2):
        visitor().post(f"{link}verdict/", {"solved": "1"})
    ended = [f for f in timeline(found.case) if f.kind == "procedures.case_closed"]
    assert len(ended) == 1
