"""Sub-cases as a community meets them: opened by the resolution, waited for, called off with it."""

from __future__ import annotations

from typing import Any

import pytest

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, SYSTEM
from gongzhi.organisations.tests import support as small
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.definition import parse
from gongzhi.procedures.models import Case, ProcedureVersion
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.children import children_of, parent_of
from gongzhi.procedures.queries.contradictions import contradictions
from gongzhi.procedures.tests.support import (
    COMMUNITY,
    MOMENT,
    World,
    close_child,
    days,
    make,
    open_matter,
    show,
)

LOOP = """
procedure: loop
name: 任务可以再议
subject: matters.matter
fields:
  task: {label: 做什么, type: text}
  responsible: {label: 承办单位, type: organisation}
  person: {label: 承办人, type: person}
  finish_by: {label: 完成期限, type: date}
  tasks: {label: 任务, type: rows, columns: [task!, responsible, person, finish_by!], maximum: 5}
stages:
  plan: {name: 定任务, owner: {role: community_secretary, level: community}, due: 3 days}
  carry:
    name: 落实
    owner: {role: community_secretary, level: community}
    spawn: {opener: each_row, of: tasks, procedure: resolution-task}
    join: all
    due: 30 days
moves:
  - {id: decide, from: plan, to: carry, name: 议定, form: [tasks!]}
  - {id: again, from: carry, to: plan, name: 再议, kind: back}
  - {id: end, from: carry, to: done, name: 办结}
outcomes:
  done: {name: 已落实, kind: solved}
  cancelled: {name: 已撤销, kind: cancelled}
reopen: {by: {role: community_secretary, level: community}, to: [carry]}
cancel: {by: {role: community_secretary, level: community}, outcome: cancelled}
"""


def rows(world: World) -> list[dict[str, Any]]:
    """Three tasks: a department's, a person's, the community's own."""
    day = "2026-03-20"
    worker = world.staff["grid_worker"].account
    return [
        {"task": "划线", "responsible": world.departments[0], "finish_by": day},
        {"task": "劝导", "person": worker, "finish_by": "2026-03-12"},
        {"task": "公告", "finish_by": day},
    ]


def begin(world: World, join: str = "all") -> int:
    """Publish the small procedure with this join and bring a case of it to its tasks."""
    text = LOOP.replace("join: all", f"join: {join}")
    actions.publish_procedure(actor=SYSTEM, definition=parse(text, file="loop.yaml"))
    case = open_matter(procedure="loop", area=COMMUNITY)
    make(world, case, "decide", tasks=rows(world))
    return case


def children(case: int) -> list[CaseState]:
    """Return the sub-cases, all of them."""
    return children_of(SYSTEM, queries.case_state(case))


def test_a_resolution_opens_one_case_for_each_of_its_tasks(world: World) -> None:
    with clock.travel_to(MOMENT):
        case = open_matter(
            procedure="six-step-deliberation", subject="deliberation.topic", area=COMMUNITY
        )
        for move in ("提交审定", "列入议题", "完成调研"):
            show(case)
            make(world, case, move)
        show(case)
        make(world, case, "形成决议", attended=30, approved=20, tasks=rows(world))
        assert children(case) == []
    with clock.travel_to(MOMENT + days(8)):
        actions.fire_timers(actor=SYSTEM)
        actions.fire_timers(actor=SYSTEM)
    worker = world.staff["grid_worker"].account
    found = children(case)
    assert queries.case_state(case).stage == "follow_up"
    assert [(c.title, c.stage, [h.owner for h in c.holdings]) for c in found] == [
        ("划线", "organisation", [f"org:{world.departments[0]}"]),
        ("劝导", "person", [f"acc:{worker}"]),
        ("公告", "community", [f"community_worker@{COMMUNITY}"]),
    ]
    due = [clock.local(c.due_at).strftime("%m-%d %H:%M") for c in found if c.due_at]
    assert due == ["03-20 18:00", "03-12 18:00", "03-20 18:00"]
    assert {c.parent for c in found} == {case}
    told = queries.timeline(found[0])
    assert any(said.words == "划线" for line in told for said in line.said)


def test_the_timeline_tells_the_tasks_in_words(world: World) -> None:
    state = queries.case_state(begin(world))
    (decided,) = [line for line in queries.timeline(state) if line.text == "议定"]
    first, second, third = decided.said[0].words.split("；")
    assert first.startswith("划线，")
    assert "2026-03-20" in first
    assert "劝导" in second
    assert world.staff["grid_worker"].name in second
    assert not any(str(number) in first for number in (world.departments[0], "["))
    assert third == "公告，2026-03-20"


def test_a_topic_is_closed_only_when_all_its_tasks_are(world: World) -> None:
    case = begin(world)
    secretary = world.staff["community_secretary"]
    for left in (3, 2, 1):
        with pytest.raises(errors.GuardRefuses, match=f"还有 {left} 件子事项"):
            actions.move_case(actor=secretary, case=case, move="end", data={})
        close_child(world, children(case)[3 - left].id)
    state = actions.move_case(actor=secretary, case=case, move="end", data={})
    assert (state.status, state.outcome) == ("closed", "done")


def test_a_second_press_opens_nothing(world: World) -> None:
    actions.publish_procedure(actor=SYSTEM, definition=parse(LOOP, file="loop.yaml"))
    case = open_matter(procedure="loop", area=COMMUNITY)
    secretary = world.staff["community_secretary"]
    data = {"tasks": rows(world)}
    actions.move_case(actor=secretary, case=case, move="decide", data=data, revision=1)
    with pytest.raises(errors.CaseMoved):
        actions.move_case(actor=secretary, case=case, move="decide", data=data, revision=1)
    with pytest.raises(errors.NoSuchMove):
        actions.move_case(actor=secretary, case=case, move="decide", data=data)
    assert Case.objects.filter(parent_id=case).count() == 3


@pytest.mark.parametrize(("join", "closed"), [("any", 1), ("2", 2), ("9", 3)])
def test_any_or_some_tasks_are_enough_and_the_rest_is_called_off(
    world: World, join: str, closed: int
) -> None:
    case = begin(world, join)
    secretary = world.staff["community_secretary"]
    for child in children(case)[:closed]:
        with pytest.raises(errors.GuardRefuses, match="子事项"):
            actions.move_case(actor=secretary, case=case, move="end", data={})
        close_child(world, child.id)
    actions.move_case(actor=secretary, case=case, move="end", data={})
    outcomes = [c.outcome for c in children(case)]
    assert outcomes == ["done"] * closed + ["cancelled"] * (3 - closed)
    for child in children(case):
        assert [f.kind for f in facts_of(child.id)].count("procedures.case_closed") == 1
    assert contradictions() == []


def test_only_this_rounds_tasks_are_counted(world: World) -> None:
    case = begin(world, "any")
    secretary = world.staff["community_secretary"]
    close_child(world, children(case)[0].id)
    actions.move_case(actor=secretary, case=case, move="again", data={})
    assert {c.status for c in children(case)} == {"closed"}
    actions.move_case(actor=secretary, case=case, move="decide", data={"tasks": rows(world)[:1]})
    assert len(children(case)) == 4
    with pytest.raises(errors.GuardRefuses):
        actions.move_case(actor=secretary, case=case, move="end", data={})


def test_a_topic_called_off_takes_its_open_tasks_along(world: World) -> None:
    case = begin(world)
    close_child(world, children(case)[0].id)
    secretary = world.staff["community_secretary"]
    actions.cancel_case(actor=secretary, case=case, reason="居民撤回")
    assert [c.outcome for c in children(case)] == ["done", "cancelled", "cancelled"]
    assert contradictions() == []
    with pytest.raises(errors.ReopenRefused, match="请先重新打开"):
        actions.reopen_case(actor=secretary, case=children(case)[1].id, stage="given", reason="x")


def test_a_task_called_off_no_longer_holds_its_topic(world: World) -> None:
    case = begin(world)
    secretary = world.staff["community_secretary"]
    for child in children(case):
        actions.cancel_case(actor=secretary, case=child.id, reason="另有安排")
    state = actions.move_case(actor=secretary, case=case, move="end", data={})
    assert state.outcome == "done"


def test_a_reopened_topic_waits_for_the_same_tasks_and_opens_none(world: World) -> None:
    case = begin(world)
    secretary = world.staff["community_secretary"]
    for child in children(case):
        close_child(world, child.id)
    actions.move_case(actor=secretary, case=case, move="end", data={})
    actions.reopen_case(actor=secretary, case=case, stage="carry", reason="划线褪色")
    assert len(children(case)) == 3
    first = children(case)[0].id
    actions.reopen_case(actor=secretary, case=first, stage="given", reason="重划")
    with pytest.raises(errors.GuardRefuses, match="还有 1 件子事项"):
        actions.move_case(actor=secretary, case=case, move="end", data={})
    close_child(world, first)
    assert actions.move_case(actor=secretary, case=case, move="end", data={}).outcome == "done"


def test_a_task_is_seen_by_those_who_see_its_place_and_by_its_owner(world: World) -> None:
    case = begin(world)
    state = queries.case_state(case)
    secretary, stranger = (
        world.staff["community_secretary"],
        small.staff("elsewhere", "community_worker", "320602002001"),
    )
    owner, other = (world.liaisons[i] for i in world.departments[:2])
    first = children(case)[0]
    assert [c.title for c in children_of(secretary, state)] == ["划线", "劝导", "公告"]
    assert [c.title for c in children_of(owner, state)] == ["划线"]
    for nobody in (other, stranger, ANONYMOUS):
        assert children_of(nobody, state) == []
        with pytest.raises(errors.CaseUnknown):
            queries.case_by_id(nobody, first.id)
    found = parent_of(secretary, first)
    assert found is not None
    assert found.id == case
    assert parent_of(owner, first) is None  # a department sees its task, not the whole topic
    assert parent_of(secretary, state) is None


def test_every_row_is_checked_and_each_fault_named(world: World) -> None:
    actions.publish_procedure(actor=SYSTEM, definition=parse(LOOP, file="loop.yaml"))
    case = open_matter(procedure="loop", area=COMMUNITY)
    secretary = world.staff["community_secretary"]

    def faults(tasks: Any) -> set[str]:
        with pytest.raises(errors.AnswersInvalid) as caught:
            actions.move_case(actor=secretary, case=case, move="decide", data={"tasks": tasks})
        return {problem.field for problem in caught.value.problems}

    good = rows(world)[2]
    assert faults([]) == {"tasks"}
    assert faults("划线") == {"tasks"}
    assert faults(["划线"]) == {"tasks"}
    assert faults([good] * 6) == {"tasks"}
    assert faults([good, {"task": "", "finish_by": "soon", "cost": 1}]) == {
        "tasks.2.task",
        "tasks.2.finish_by",
        "tasks.2.cost",
    }
    assert faults([{**good, "responsible": 10**9}]) == {"tasks.1.responsible"}
    assert children(case) == []


def test_a_task_of_nobody_waits_for_the_secretary_with_its_words(world: World) -> None:
    """Two owners fit no first move: the secretary decides, and reads what was decided."""
    actions.publish_procedure(actor=SYSTEM, definition=parse(LOOP, file="loop.yaml"))
    case = open_matter(procedure="loop", area=COMMUNITY)
    both = rows(world)[0] | {"person": world.staff["grid_worker"].account}
    make(world, case, "decide", tasks=[both])
    (child,) = children(case)
    assert child.stage == "given"
    assert any(s.words == "划线" for line in queries.timeline(child) for s in line.said)


def test_a_task_keeps_the_version_it_began_with(world: World) -> None:
    case = begin(world)
    text = ProcedureVersion.objects.get(procedure="resolution-task").source
    newer = parse(text.replace("任务完成", "任务办完"), file="resolution-task.yaml")
    actions.publish_procedure(actor=SYSTEM, definition=newer)
    names = {m.name for m in queries.next_moves(SYSTEM, children(case)[0])}
    assert "任务完成" in names
