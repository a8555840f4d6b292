"""The engine as its users meet it: owners, moves, forms, parts, pauses, objections, clocks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import ANONYMOUS, REPORTER, SYSTEM, Actor
from gongzhi.kernel.errors import NotAllowed
from gongzhi.kernel.held import forget_all
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.models import Case, ProcedureVersion
from gongzhi.procedures.tests.support import (
    BASE,
    COMMUNITY,
    GRID,
    MOMENT,
    World,
    carried,
    days,
    filled,
    make,
    open_matter,
)


def test_a_located_matter_belongs_to_its_grid(world: World) -> None:
    state = queries.case_state(open_matter(first_move="to_grid"))
    assert [h.owner for h in state.holdings] == [f"grid_worker@{GRID}"]
    assert state.owner_label == "一网格 网格员"
    assert state.reference.count("-") == 3


@pytest.mark.requirement("000-04")
def test_a_matter_passes_up_and_the_answer_down_and_both_are_stamped(world: World) -> None:
    case = open_matter(first_move="to_grid")
    with clock.travel_to(MOMENT):
        make(world, case, "pass_up", pass_reason="请社区协调")
    with clock.travel_to(MOMENT + days(1)):
        state = make(world, case, "pass_down", pass_reason="请网格答复，社区已协调")
    assert state.stage == "grid"
    moved = [f for f in facts_of(case) if f.kind == "procedures.moved"][1:]
    assert [(f.data["move"], f.at) for f in moved] == [
        ("pass_up", MOMENT),
        ("pass_down", MOMENT + days(1)),
    ]
    assert all(f.actor for f in moved)
    words = [said.words for line in queries.timeline(state) for said in line.said]
    assert words == ["请社区协调", "请网格答复，社区已协调"]


@pytest.mark.parametrize("who", ["community_worker", "street_officer", "district_clerk"])
def test_only_the_owner_moves(world: World, who: str) -> None:
    case = open_matter(first_move="to_grid")
    with pytest.raises(errors.NotYours):
        actions.move_case(
            actor=world.staff[who], case=case, move="pass_up", data={"pass_reason": "x"}
        )
    assert queries.case_state(case).revision == 1


def test_nobody_sees_or_moves_what_is_out_of_reach(world: World) -> None:
    case = open_matter(first_move="to_grid")
    for stranger in (ANONYMOUS, world.liaisons[world.departments[0]]):
        assert not queries.visible_cases(stranger).exists()
        with pytest.raises(errors.CaseUnknown):
            actions.move_case(actor=stranger, case=case, move="pass_up", data={})


def test_a_form_names_every_field_that_is_wrong(world: World) -> None:
    case = open_matter()
    with pytest.raises(errors.AnswersInvalid) as caught:
        actions.move_case(
            actor=world.staff["district_clerk"],
            case=case,
            move="decline",
            data={"decline_reason": "too tired", "unknown": 1},
        )
    assert {p.field for p in caught.value.problems} == {"decline_reason", "reason", "unknown"}
    assert queries.case_state(case).stage == "intake"


@pytest.mark.requirement("000-25")
def test_lead_and_two_assisting_departments_each_close_their_part_and_the_case_once(
    world: World,
) -> None:
    case = open_matter(first_move="to_grid")
    make(world, case, "pass_up")
    make(world, case, "pass_up")
    lead, *helping = world.departments
    officer = world.staff["street_officer"]
    actions.move_case(
        actor=officer,
        case=case,
        move="dispatch",
        data={
            "lead_organisation": lead,
            "assisting_organisations": helping,
            "instruction": "请会办",
        },
    )
    solved = {"result": "solved", "answer": "已办"}
    for left in (2, 1):
        with pytest.raises(errors.GuardRefuses, match="协办单位"):
            actions.move_case(actor=world.liaisons[lead], case=case, move="answer", data=solved)
        helper = world.liaisons[helping[left - 1]]
        actions.move_case(actor=helper, case=case, move="close_part", data={"note": "本单位已办"})
        with pytest.raises((errors.NotYours, errors.CaseUnknown)):
            actions.move_case(actor=helper, case=case, move="close_part", data={"note": "再来"})
    state = actions.move_case(actor=world.liaisons[lead], case=case, move="answer", data=solved)
    assert state.stage == "feedback"
    kinds = [f.kind for f in facts_of(case)]
    assert kinds.count("procedures.part_closed") == 2
    state = actions.move_case(
        actor=REPORTER, case=case, move="verdict_solved", data={"satisfaction": "satisfied"}
    )
    assert (state.status, state.outcome) == ("closed", "solved")
    assert [f.kind for f in facts_of(case)].count("procedures.case_closed") == 1


def test_a_closed_case_moves_no_more(world: World) -> None:
    case = open_matter(first_move="to_grid")
    make(world, case, "answer")
    make(world, case, "verdict_solved")
    assert carried(case) == ("closed", False, False)
    with pytest.raises(errors.CaseClosed):
        actions.move_case(actor=SYSTEM, case=case, move="verdict_solved", data={})


def test_a_stale_revision_changes_nothing(world: World) -> None:
    case = open_matter(first_move="to_grid")
    worker = world.staff["grid_worker"]
    data = {"pass_reason": "请协调"}
    actions.move_case(actor=worker, case=case, move="pass_up", data=data, revision=1)
    with pytest.raises(errors.CaseMoved):
        actions.move_case(
            actor=world.staff["community_worker"], case=case, move="pass_up", data=data, revision=1
        )
    assert queries.case_state(case).revision == 2


def test_a_claimed_item_is_its_claimers(world: World) -> None:
    from gongzhi.organisations.tests import support as small

    case = open_matter(first_move="to_grid")
    second = small.staff("second", "grid_worker", GRID)
    (item,) = queries.case_state(case).holdings
    actions.claim_item(actor=second, item=item.id)
    with pytest.raises(errors.ItemTaken):
        actions.claim_item(actor=world.staff["grid_worker"], item=item.id)
    with pytest.raises(errors.NotYours, match="second"):
        actions.move_case(
            actor=world.staff["grid_worker"], case=case, move="pass_up", data={"pass_reason": "x"}
        )
    actions.release_item(actor=second, item=item.id)
    make(world, case, "pass_up")


def test_due_times_count_working_days_and_no_edit_resets_them(world: World) -> None:
    friday = MOMENT + days(2)
    with clock.travel_to(friday):
        case = open_matter(first_move="to_grid")
    due = queries.case_state(case).due_at
    assert due is not None
    assert clock.local(due).strftime("%m-%d %H:%M") == "03-10 18:00"  # two working days later
    (item,) = queries.case_state(case).holdings
    with clock.travel_to(friday + days(3)):
        actions.claim_item(actor=world.staff["grid_worker"], item=item.id)
    assert queries.case_state(case).due_at == due


def test_the_clock_reminds_turns_lights_and_escalates_once(world: World) -> None:
    with clock.travel_to(MOMENT):
        case = open_matter(first_move="to_grid")
    for day in range(8):
        with clock.travel_to(MOMENT + days(day)):
            actions.fire_timers(actor=SYSTEM)
            actions.fire_timers(actor=SYSTEM)
    kinds = [f.kind.removeprefix("procedures.") for f in facts_of(case)]
    assert kinds.count("reminded") == 1
    assert [f.data["light"] for f in facts_of(case) if f.kind.endswith("light_turned")] == [
        "yellow",
        "red",
    ]
    assert kinds.count("escalated") == 1
    state = queries.case_state(case)
    assert f"community_secretary@{COMMUNITY}" in [h.owner for h in state.holdings]
    actions.move_case(
        actor=world.staff["community_secretary"],
        case=case,
        move="pass_up",
        data={"pass_reason": "超期督办"},
    )
    assert queries.case_state(case).stage == "community"


def test_an_unrated_answer_closes_by_the_clock(world: World) -> None:
    with clock.travel_to(MOMENT):
        case = open_matter(first_move="to_grid")
        make(world, case, "answer")
    with clock.travel_to(MOMENT + days(6)):
        actions.fire_timers(actor=SYSTEM)
        assert queries.case_state(case).is_open
    with clock.travel_to(MOMENT + days(8)):
        actions.fire_timers(actor=SYSTEM)
        state = queries.case_state(case)
    assert (state.status, state.outcome) == ("closed", "unrated")


def test_an_approved_pause_moves_the_due_time_and_a_refused_one_does_not(world: World) -> None:
    officer, secretary = world.staff["street_officer"], world.staff["street_secretary"]
    with clock.travel_to(MOMENT):
        case = open_matter(first_move="to_grid")
        make(world, case, "pass_up")
        make(world, case, "pass_up")
        due = queries.case_state(case).due_at
        actions.ask_pause(actor=officer, case=case, workdays=2, reason="等施工许可")
        with pytest.raises(errors.NotYours):
            actions.rule_pause(actor=officer, case=case, approved=True)
        actions.rule_pause(actor=secretary, case=case, approved=False)
        assert queries.case_state(case).due_at == due
        actions.ask_pause(actor=officer, case=case, workdays=2, reason="等施工许可")
        actions.rule_pause(actor=secretary, case=case, approved=True)
        assert queries.case_state(case).light == "waiting"
    with clock.travel_to(MOMENT + days(6)):
        actions.fire_timers(actor=SYSTEM)
        state = queries.case_state(case)
    assert state.paused_at is None
    assert due is not None
    assert state.due_at is not None
    assert state.due_at > due


def test_an_objection_is_ruled_once_and_not_raised_again(world: World) -> None:
    case = open_matter(first_move="to_grid")
    make(world, case, "pass_up")
    make(world, case, "pass_up")
    make(world, case, "dispatch")
    liaison, clerk = world.liaisons[world.departments[0]], world.staff["district_clerk"]
    actions.object_to_dispatch(actor=liaison, case=case, reason="不属本部门职责")
    with pytest.raises(errors.NotYours):
        actions.rule_objection(actor=liaison, case=case, upheld=True, ruling="x")
    state = actions.rule_objection(actor=clerk, case=case, upheld=False, ruling="属其职责")
    assert state.stage == "department"
    with pytest.raises(errors.ObjectionRefused):
        actions.object_to_dispatch(actor=liaison, case=case, reason="还是不归我")


def test_an_upheld_objection_goes_back_to_be_dispatched_anew(world: World) -> None:
    case = open_matter(first_move="to_grid")
    for move in ("pass_up", "pass_up", "dispatch"):
        make(world, case, move)
    liaison, clerk = world.liaisons[world.departments[0]], world.staff["district_clerk"]
    actions.object_to_dispatch(actor=liaison, case=case, reason="不属本部门职责")
    state = actions.rule_objection(actor=clerk, case=case, upheld=True, ruling="确不属其职责")
    assert (state.stage, carried(case)[1]) == ("command", True)
    assert queries.visible_cases(liaison).filter(pk=case).exists()  # a party may still read it


def test_reopen_and_cancel_need_the_named_role_and_a_reason(world: World) -> None:
    case = open_matter(first_move="to_grid")
    secretary = world.staff["community_secretary"]
    with pytest.raises(NotAllowed):
        actions.cancel_case(actor=world.staff["grid_worker"], case=case, reason="x")
    with pytest.raises(errors.AnswersInvalid):
        actions.cancel_case(actor=secretary, case=case, reason=" ")
    state = actions.cancel_case(actor=secretary, case=case, reason="误报")
    assert (state.outcome, carried(case)) == ("cancelled", ("closed", False, False))
    with pytest.raises(errors.ReopenRefused):
        actions.reopen_case(actor=secretary, case=case, stage="department", reason="x")
    state = actions.reopen_case(actor=secretary, case=case, stage="grid", reason="并非误报")
    assert (state.stage, state.is_open, carried(case)[1]) == ("grid", True, True)


def test_bulk_moves_tell_each_case_its_fate(world: World) -> None:
    cases = [open_matter(first_move="to_grid") for _ in range(3)]
    make(world, cases[1], "pass_up")
    results = actions.bulk_move(
        actor=world.staff["grid_worker"],
        cases=cases,
        move="pass_up",
        data={"pass_reason": "集中上报"},
    )
    assert [r.error is None for r in results] == [True, False, True]


def test_an_open_case_without_owner_and_clock_is_refused_by_the_database(world: World) -> None:
    @action
    def abandon(*, actor: Actor, case: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procedures_workitem SET done_at = now() WHERE case_id = %s", [case]
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    case = open_matter(first_move="to_grid")
    with pytest.raises(IntegrityError, match="neither owner nor clock"):
        abandon(actor=SYSTEM, case=case)


def test_a_published_version_is_immutable_and_running_cases_keep_theirs(world: World) -> None:
    @action
    def tamper(*, actor: Actor) -> None:
        ProcedureVersion.objects.update(source="")

    case = open_matter(first_move="to_grid")
    with pytest.raises(Exception, match="immutable"):
        tamper(actor=SYSTEM)
    assert actions.load_procedures(actor=SYSTEM, directory=BASE, scope="")
    assert ProcedureVersion.objects.filter(procedure="matter").count() == 1
    newer = BASE.parent / "wuda"
    actions.load_procedures(actor=SYSTEM, directory=newer, scope="320602")
    queries.forget_versions()
    assert queries.case_state(case).version != queries.current_version("matter", GRID)


@pytest.mark.parametrize("rows", [1, 3])
def test_an_inbox_takes_the_same_few_statements(
    world: World, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        open_matter(first_move="to_grid")
    worker = world.staff["grid_worker"]
    forget_all()
    with django_assert_num_queries(3):
        page = queries.inbox(worker)
    assert len(page.items) == rows
    with django_assert_num_queries(1):
        assert queries.inbox_counts(worker).total == rows


def test_a_move_takes_few_statements(world: World, django_assert_max_num_queries: Any) -> None:
    worker = world.staff["grid_worker"]
    for case in [open_matter(first_move="to_grid") for _ in range(2)]:
        data = filled(world, queries.case_state(case), "pass_up")
        with django_assert_max_num_queries(13):
            actions.move_case(actor=worker, case=case, move="pass_up", data=data)


def test_the_inbox_pages_by_key_and_sorts_by_due(world: World) -> None:
    for day in (3, 0, 1, 2):
        with clock.travel_to(MOMENT + days(day)):
            open_matter(first_move="to_grid")
    seen, cursor = [], ""
    while True:
        page = queries.inbox(world.staff["grid_worker"], cursor=cursor, limit=1)
        seen += [item.due_at for item in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == 4
    assert seen == sorted(seen)  # type: ignore[type-var]


def test_levels_come_from_posts_not_from_the_area(world: World) -> None:
    """Where nobody holds the role, the next level up does not take it silently."""
    with pytest.raises(errors.NoHolder):
        open_matter(first_move="to_grid", area="320602001002001")
    assert not Case.objects.exists()
