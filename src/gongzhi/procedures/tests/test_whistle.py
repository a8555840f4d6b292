"""街乡吹哨、部门报到 as a street lives it: summoned, arrived or not, handled, judged, timed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.children import children_of, children_told
from gongzhi.procedures.tests.support import MOMENT, STREET, World, desk, make, open_matter

ARRIVE_BY = "2026-03-04T10:30"  # half an hour after the whistle


def whistled(world: World, **more: Any) -> int:
    """Bring a matter up to the street and let it whistle for three departments at MOMENT."""
    with clock.travel_to(MOMENT):
        case = open_matter()
        for move in ("to_grid", "pass_up", "pass_up"):
            make(world, case, move)
        sent = {"summoned": world.departments, "arrive_by": ARRIVE_BY, "scene": "三号楼北门"}
        make(world, case, "whistle", **(sent | more))
    return case


def parts(case: int) -> list[CaseState]:
    """Return the three departments' parts."""
    return children_of(SYSTEM, queries.case_state(case))


def kinds(case: int) -> list[str]:
    """Return what the log says of a case."""
    return [fact.kind.removeprefix("procedures.") for fact in facts_of(case)]


@pytest.mark.requirement("003-06")
def test_a_whistle_goes_to_three_departments_and_the_silent_one_is_escalated(world: World) -> None:
    case = whistled(world)
    first, second, late = parts(case)
    owners = [h.owner for one in (first, second, late) for h in one.holdings]
    assert owners == [f"org:{number}" for number in world.departments]
    assert {clock.local(one.due_at).strftime("%H:%M") for one in parts(case) if one.due_at} == {
        "10:30"
    }
    with clock.travel_to(MOMENT + timedelta(minutes=20)):
        for one in (first, second):
            make(world, one.id, "arrive", arrived="王工，10:20")
    with clock.travel_to(MOMENT + timedelta(minutes=65)):
        actions.fire_timers(actor=SYSTEM)
        state = queries.case_state(late.id)
        assert state.light == "late"
        assert any(h.owner.startswith("district_clerk@") for h in state.holdings)
        assert "escalated" in kinds(late.id)
        assert "escalated" not in kinds(first.id)
    street = world.staff["street_officer"]
    data = {"result": "solved", "answer": "已清理"}
    with pytest.raises(errors.GuardRefuses, match="还有 3 件子事项"):
        actions.move_case(actor=street, case=case, move="answer", data=data)
    for one in (first, second):
        make(world, one.id, "finish")
        make(world, one.id, "rate", whistle_rating="good")
    make(world, late.id, "absent", reason="电话催了两次，当天没有来")
    assert [one.outcome for one in parts(case)] == ["done", "done", "absent"]
    assert make(world, case, "answer").stage == "feedback"


def test_each_department_answers_for_itself_and_sees_only_its_own_part(world: World) -> None:
    first, second, _third = parts(whistled(world))
    stranger = world.liaisons[world.departments[1]]
    with pytest.raises(errors.CaseUnknown):
        queries.case_by_id(stranger, first.id)
    with pytest.raises(errors.CaseUnknown):
        actions.move_case(actor=stranger, case=first.id, move="arrive", data={"arrived": "我"})
    assert queries.case_by_id(stranger, second.id).stage == "summoned"


def test_the_department_is_told_what_the_street_asked_for(world: World) -> None:
    first = parts(whistled(world, whistle_request="清走堵住通道的车"))[0]
    said = {one.key: one.words for one in queries.opening_words(first)}
    assert said["scene"] == "三号楼北门"
    assert said["whistle_request"] == "清走堵住通道的车"
    assert said["department"] == "部门0"


def test_who_whistled_judges_and_may_send_back(world: World) -> None:
    case = whistled(world)
    part = parts(case)[0].id
    make(world, part, "arrive")
    make(world, part, "finish")
    department = world.liaisons[world.departments[0]]
    with pytest.raises(errors.NotYours):
        actions.move_case(actor=department, case=part, move="rate", data={"whistle_rating": "good"})
    assert make(world, part, "redo").stage == "handling"
    make(world, part, "finish")
    assert make(world, part, "rate").outcome == "done"


def test_an_upheld_objection_goes_back_to_the_whistler_and_is_ruled_once(world: World) -> None:
    part = parts(whistled(world))[0].id
    department = world.liaisons[world.departments[0]]
    actions.object_to_dispatch(actor=department, case=part, reason="不是我们的职责")
    clerk = world.staff["district_clerk"]
    state = actions.rule_objection(actor=clerk, case=part, upheld=True, ruling="另派")
    assert state.stage == "called"
    assert [h.owner for h in state.holdings] == [f"street_officer@{STREET}"]


def test_a_time_that_is_over_is_refused_and_nothing_is_opened(world: World) -> None:
    with pytest.raises(errors.DueInPast) as refused:
        whistled(world, arrive_by="2026-03-04T09:00")
    assert refused.value.problems[0].field == "arrive_by"
    assert "call" not in {case.procedure for case in queries.visible_cases(SYSTEM)}
    assert not queries.visible_cases(SYSTEM).filter(procedure="whistle").exists()


def test_a_department_reports_on_the_page_of_its_part(world: World) -> None:
    part = parts(whistled(world))[0]
    client = desk(world.liaisons[world.departments[0]])
    page = client.get(f"/desk/cases/{part.reference}/").content.decode()
    assert "三号楼北门" in page
    assert "到场报到" in page
    sent = {"arrived": "王工", "revision": part.revision}
    answer = client.post(f"/desk/cases/{part.reference}/moves/arrive/", sent)
    assert answer.status_code == 302
    assert queries.case_state(part.id).stage == "handling"
    stranger = desk(world.liaisons[world.departments[1]])
    assert stranger.get(f"/desk/cases/{part.reference}/").status_code == 404


def test_the_street_sees_who_has_come_and_who_has_not(world: World) -> None:
    case = whistled(world)
    make(world, parts(case)[0].id, "arrive")
    reference = queries.case_state(case).reference
    page = desk(world.staff["street_officer"]).get(f"/desk/cases/{parts(case)[1].reference}/")
    assert page.status_code == 200
    told = children_told(world.staff["street_officer"], queries.case_state(case))
    assert [(one.asked, one.stage) for one in told] == [
        ("部门0", "部门办理"),
        ("部门1", "待报到"),
        ("部门2", "待报到"),
    ]
    assert {one.tag for one in told} == {"open", "late"}
    assert reference not in {one.reference for one in told}
