"""Joins over several parts: how many must close, what becomes of the rest, objections of one."""

from __future__ import annotations

import pytest

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.definition import parse
from gongzhi.procedures.models import WorkItem
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.contradictions import contradictions
from gongzhi.procedures.tests.support import MOMENT, World, days, make, open_matter

PARTS = """
procedure: parts
name: 几家办理
subject: matters.matter
fields:
  lead: {label: 主办, type: organisation}
  units: {label: 单位, type: organisations}
stages:
  send: {name: 派发, owner: {pool: street_officer at street}, due: 1 workday}
  work:
    name: 几家办理
    owner: {fan_out: units}
    join: all
    due: 3 workdays
    pause: {approver: {role: street_secretary, level: street}, max: 1}
    objection: {ruling: {role: district_clerk, level: district}, upheld: send}
moves:
  - {id: dispatch, from: send, to: work, name: 派发, form: [lead!, units!]}
  - {id: finish, from: work, to: done, name: 办好, form: [note]}
  - {id: recall, from: work, to: send, name: 收回重派, by: {role: street_officer, level: street}}
outcomes:
  done: {name: 已办好, kind: solved}
  cancelled: {name: 已撤销, kind: cancelled}
cancel: {by: {role: street_secretary, level: street}, outcome: cancelled}
"""


def dispatched(world: World, *, join: str = "all", assisted: bool = False) -> int:
    """Bring a case to three equal parts, or to a lead with two assistants."""
    text = PARTS.replace("join: all", f"join: {join}")
    units = world.departments
    if assisted:
        text = text.replace("{fan_out: units}", "{lead: lead, assist: units}")
        units = world.departments[1:]
    actions.publish_procedure(actor=SYSTEM, definition=parse(text, file="parts.yaml"))
    case = open_matter(procedure="parts")
    make(world, case, "dispatch", lead=world.departments[0], units=units)
    return case


def press(world: World, case: int, unit: int, move: str = "finish") -> CaseState:
    """Let one department press."""
    return actions.move_case(
        actor=world.liaisons[world.departments[unit]], case=case, move=move, data={"note": "已办"}
    )


def kinds(case: int) -> list[str]:
    """Return what the log tells of a case."""
    return [fact.kind.removeprefix("procedures.") for fact in facts_of(case)]


@pytest.mark.parametrize(("join", "closing"), [("all", 3), ("any", 1), ("2", 2), ("9", 3)])
def test_equal_parts_end_the_stage_when_enough_are_closed(
    world: World, join: str, closing: int
) -> None:
    case = dispatched(world, join=join)
    for unit in range(closing):
        assert queries.case_state(case).is_open
        press(world, case, unit)
        if unit < closing - 1:
            with pytest.raises(errors.NotYours):
                press(world, case, unit)
    state = queries.case_state(case)
    assert (state.status, state.outcome) == ("closed", "done")
    assert kinds(case).count("part_closed") == closing - 1
    assert kinds(case).count("case_closed") == 1
    assert not WorkItem.objects.filter(case_id=case, done_at=None).exists()
    for unit in range(3):
        liaison = world.liaisons[world.departments[unit]]
        assert case not in [line.id for line in queries.inbox(liaison).items]
        assert queries.visible_cases(liaison).filter(pk=case).exists()
        with pytest.raises(errors.CaseClosed):
            press(world, case, unit)
    assert contradictions() == []


@pytest.mark.parametrize(("join", "closing"), [("all", 2), ("any", 1), ("2", 2), ("9", 2)])
def test_the_lead_waits_for_as_many_assistants_as_the_join_says(
    world: World, join: str, closing: int
) -> None:
    case = dispatched(world, join=join, assisted=True)
    lead = world.liaisons[world.departments[0]]
    for unit in range(1, closing + 1):
        (offered,) = queries.next_moves(lead, queries.case_state(case))
        assert not offered.allowed
        with pytest.raises(errors.GuardRefuses, match="协办单位") as refused:
            press(world, case, 0)
        assert str(refused.value).startswith(offered.reason)
        with pytest.raises(errors.NotYours):
            press(world, case, unit)  # an assistant closes its part, never the stage
        press(world, case, unit, "close_part")
    assert [move.allowed for move in queries.next_moves(lead, queries.case_state(case))] == [True]
    assert press(world, case, 0).outcome == "done"
    assert not WorkItem.objects.filter(case_id=case, done_at=None).exists()


def test_each_part_has_the_due_time_and_an_approved_pause_moves_them_all(world: World) -> None:
    with clock.travel_to(MOMENT):
        case = dispatched(world)
        due = queries.case_state(case).due_at
        assert {h.due_at for h in queries.case_state(case).holdings} == {due}
        liaison, secretary = world.liaisons[world.departments[0]], world.staff["street_secretary"]
        actions.ask_pause(actor=liaison, case=case, workdays=1, reason="等材料")
        actions.rule_pause(actor=secretary, case=case, approved=True)
    with clock.travel_to(MOMENT + days(2)):
        actions.fire_timers(actor=SYSTEM)
    state = queries.case_state(case)
    assert due is not None
    assert {h.due_at for h in state.holdings} == {state.due_at}
    assert state.due_at is not None
    assert state.due_at > due
    press(world, case, 0)
    assert queries.case_state(case).due_at == state.due_at  # a closed part resets nothing


def test_an_upheld_objection_takes_one_part_off_and_the_others_go_on(world: World) -> None:
    case = dispatched(world, join="2")
    clerk = world.staff["district_clerk"]
    objecting, second = (world.liaisons[unit] for unit in world.departments[:2])
    actions.object_to_dispatch(actor=objecting, case=case, reason="不属本部门职责")
    with pytest.raises(errors.ObjectionRefused, match="正在裁定"):
        actions.object_to_dispatch(actor=second, case=case, reason="也不归我")
    actions.rule_objection(actor=clerk, case=case, upheld=True, ruling="确不属其职责")
    state = queries.case_state(case)
    assert (state.stage, len(state.holdings)) == ("work", 2)
    with pytest.raises(errors.NotYours):
        press(world, case, 0)
    press(world, case, 1)
    assert queries.case_state(case).is_open  # what was taken off is not one of the two
    assert press(world, case, 2).outcome == "done"


def test_each_part_may_object_once_and_the_last_one_sends_the_case_back(world: World) -> None:
    case = dispatched(world, join="all")
    clerk = world.staff["district_clerk"]
    for unit, upheld in ((0, False), (1, True)):
        liaison = world.liaisons[world.departments[unit]]
        actions.object_to_dispatch(actor=liaison, case=case, reason="不属本部门职责")
        actions.rule_objection(actor=clerk, case=case, upheld=upheld, ruling="按清单")
        with pytest.raises((errors.ObjectionRefused, errors.NotYours)):
            actions.object_to_dispatch(actor=liaison, case=case, reason="再提")
    press(world, case, 0)
    last = world.liaisons[world.departments[2]]
    actions.object_to_dispatch(actor=last, case=case, reason="不属本部门职责")
    actions.rule_objection(actor=clerk, case=case, upheld=True, ruling="按清单")
    state = queries.case_state(case)
    assert (state.stage, [h.part for h in state.holdings]) == ("send", ["lead"])


def test_an_assistant_taken_off_no_longer_holds_up_the_lead(world: World) -> None:
    case = dispatched(world, assisted=True)
    helper, clerk = world.liaisons[world.departments[1]], world.staff["district_clerk"]
    actions.object_to_dispatch(actor=helper, case=case, reason="不属本部门职责")
    with pytest.raises(errors.GuardRefuses, match="还没有裁定"):
        press(world, case, 0)
    actions.rule_objection(actor=clerk, case=case, upheld=True, ruling="按清单")
    press(world, case, 2, "close_part")
    assert press(world, case, 0).outcome == "done"


@pytest.mark.parametrize("assisted", [False, True])
def test_parts_called_back_or_called_off_are_nobodys_any_more(world: World, assisted: bool) -> None:
    case = dispatched(world, assisted=assisted)
    press(world, case, 1, "close_part" if assisted else "finish")
    actions.move_case(actor=world.staff["street_officer"], case=case, move="recall", data={})
    with pytest.raises((errors.NotYours, errors.NoSuchMove)):
        press(world, case, 2)
    make(world, case, "dispatch", lead=world.departments[0], units=world.departments[1:])
    assert len(queries.case_state(case).holdings) == (3 if assisted else 2)  # a round of its own
    actions.cancel_case(actor=world.staff["street_secretary"], case=case, reason="重复")
    assert not WorkItem.objects.filter(case_id=case, done_at=None).exists()
    assert contradictions() == []
