"""What a procedure file promises, a test each: evidence, due times, pauses, versions, bulk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.definition import parse
from gongzhi.procedures.models import ProcedureVersion
from gongzhi.procedures.tests.support import (
    BASE,
    COMMUNITY,
    GRID,
    MOMENT,
    World,
    days,
    filled,
    make,
    open_matter,
    show,
)


def at_street(world: World) -> int:
    """Bring a matter to the street."""
    case = open_matter(first_move="to_grid")
    make(world, case, "pass_up")
    make(world, case, "pass_up")
    return case


def at_department(world: World) -> int:
    """Bring a matter to a lead and two assisting departments."""
    case = at_street(world)
    data = {
        "lead_organisation": world.departments[0],
        "assisting_organisations": world.departments[1:],
        "instruction": "请办理",
    }
    officer = world.staff["street_officer"]
    actions.move_case(actor=officer, case=case, move="dispatch", data=data)
    return case


def topic(world: World, *moves: str) -> int:
    """Bring a topic of the six steps so far."""
    case = open_matter(
        procedure="six-step-deliberation", subject="deliberation.topic", area=COMMUNITY
    )
    for move in moves:
        show(case)
        make(world, case, move)
    return case


def test_a_stage_is_left_only_with_its_evidence_and_each_piece_counts_once(world: World) -> None:
    case = topic(world, "提交审定", "列入议题")
    worker = world.staff["community_worker"]
    for number in (*range(9), 0, 1, 2):
        actions.add_evidence(
            actor=worker, case=case, kind="survey_answers", reference=f"答卷{number}"
        )
    with pytest.raises(errors.GuardRefuses, match="9/10"):
        make(world, case, "完成调研")
    actions.add_evidence(actor=worker, case=case, kind="survey_answers", reference="答卷9")
    assert make(world, case, "完成调研").stage == "consult"


def test_each_round_keeps_its_own_evidence(world: World) -> None:
    case = topic(world, "提交审定", "列入议题", "完成调研", "形成决议", "登记异议", "重新协商")
    with pytest.raises(errors.GuardRefuses, match="0/1"):
        make(world, case, "形成决议")
    show(case)
    assert make(world, case, "形成决议").stage == "publicise"


def test_no_edit_resets_a_due_time(world: World) -> None:
    """Claiming, giving, relocating, evidence, a closed part, an objection ruled against."""
    with clock.travel_to(MOMENT):
        case = at_department(world)
    state = queries.case_state(case)
    due, lead = state.due_at, world.liaisons[world.departments[0]]
    helper, clerk = world.liaisons[world.departments[1]], world.staff["district_clerk"]
    item = next(h.id for h in state.holdings if h.part == "lead")
    with clock.travel_to(MOMENT + days(1)):
        actions.claim_item(actor=lead, item=item)
        actions.release_item(actor=lead, item=item)
        actions.assign_item(actor=lead, item=item, account=lead.account or 0)
        actions.relocate_case(actor=lead, case=case, area=COMMUNITY)
        actions.add_evidence(actor=lead, case=case, kind="photo", reference="a")
        actions.move_case(actor=helper, case=case, move="close_part", data={"note": "已配合"})
        actions.object_to_dispatch(actor=lead, case=case, reason="不归我")
        actions.rule_objection(actor=clerk, case=case, upheld=False, ruling="按清单归你")
        actions.fire_timers(actor=SYSTEM)
    state = queries.case_state(case)
    assert state.due_at == due
    assert next(h.due_at for h in state.holdings if h.part == "lead") == due


def test_hours_run_through_the_night_and_working_days_do_not(world: World) -> None:
    friday = MOMENT + days(2)
    with clock.travel_to(friday):
        due = queries.case_state(open_matter()).due_at
    assert due == friday + days(1)


def test_a_year_whose_holidays_are_not_published_is_said(world: World) -> None:
    with clock.travel_to(datetime(2099, 3, 4, 2, tzinfo=UTC)):
        state = queries.case_state(open_matter(first_move="to_grid"))
    assert "2099年放假安排未发布" in state.due_note
    with clock.travel_to(MOMENT):
        assert queries.case_state(open_matter(first_move="to_grid")).due_note == ""


def test_the_light_is_yellow_before_and_red_after_the_due_time(world: World) -> None:
    with clock.travel_to(MOMENT):
        case = open_matter(first_move="to_grid")
    due = queries.case_state(case).due_at
    assert due is not None
    for moment, light in ((MOMENT, ""), (due - days(0), "late"), (due - days(1), "soon")):
        with clock.travel_to(moment):
            assert queries.case_state(case).light == light


def test_a_pause_needs_a_reason_and_has_its_bounds(world: World) -> None:
    officer, secretary = world.staff["street_officer"], world.staff["street_secretary"]
    case = at_street(world)

    def ask(workdays: int = 1, reason: str = "等材料") -> None:
        actions.ask_pause(actor=officer, case=case, workdays=workdays, reason=reason)

    for workdays, reason in ((1, " "), (0, "等"), (6, "等")):
        with pytest.raises(errors.AnswersInvalid):
            ask(workdays, reason)
    with pytest.raises(errors.NotYours):
        actions.ask_pause(
            actor=world.staff["grid_worker"], case=case, workdays=1, reason="不是我的"
        )
    for _round in range(2):
        ask()
        with pytest.raises(errors.PauseRefused, match="正在等待审批"):
            ask()
        actions.rule_pause(actor=secretary, case=case, approved=True)
        with pytest.raises(errors.PauseRefused):
            ask()
        actions.resume_case(actor=officer, case=case)
    with pytest.raises(errors.PauseRefused):
        ask()  # the file allows two a stage


def test_after_a_ruling_there_is_no_second_return_in_any_round(world: World) -> None:
    case = at_department(world)
    lead, clerk = world.liaisons[world.departments[0]], world.staff["district_clerk"]
    actions.object_to_dispatch(actor=lead, case=case, reason="不归我")
    actions.rule_objection(actor=clerk, case=case, upheld=False, ruling="按清单归你")
    make(world, case, "answer")
    make(world, case, "verdict_unsolved")
    make(world, case, "redo_department", lead_organisation=world.departments[0])
    with pytest.raises(errors.ObjectionRefused):
        actions.object_to_dispatch(actor=lead, case=case, reason="还是不归我")


def test_a_case_is_reopened_only_within_its_time(world: World) -> None:
    secretary = world.staff["community_secretary"]
    with clock.travel_to(MOMENT):
        case = open_matter(first_move="to_grid")
        make(world, case, "answer")
        make(world, case, "verdict_solved")
    reopen = {"case": case, "stage": "grid", "reason": "又堵了"}
    with (
        clock.travel_to(MOMENT + days(31)),
        pytest.raises(errors.ReopenRefused, match="已超过"),
    ):
        actions.reopen_case(actor=secretary, **reopen)  # type: ignore[arg-type]  # one shape
    with clock.travel_to(MOMENT + days(29)):
        actions.reopen_case(actor=secretary, **reopen)  # type: ignore[arg-type]  # one shape
    assert queries.case_state(case).is_open


def test_a_running_case_goes_on_by_the_version_it_began_with(world: World) -> None:
    running = open_matter(first_move="to_grid")
    text = ProcedureVersion.objects.get(procedure="matter").source
    renamed = text.replace("id: pass_up", "id: report_up").replace("pass_up", "report_up")
    assert actions.publish_procedure(actor=SYSTEM, definition=parse(renamed, file="matter.yaml"))
    queries.forget_versions()
    fresh = open_matter(first_move="to_grid")
    assert queries.case_state(running).version != queries.case_state(fresh).version
    data = {"pass_reason": "请协调"}
    worker = world.staff["grid_worker"]
    with pytest.raises(errors.NoSuchMove):
        actions.move_case(actor=worker, case=fresh, move="pass_up", data=data)
    actions.move_case(actor=worker, case=running, move="pass_up", data=data)
    community = world.staff["community_worker"]
    actions.move_case(actor=community, case=running, move="pass_up", data=data)
    assert queries.case_state(running).stage == "street"


def test_a_dry_run_tells_what_would_change_and_writes_nothing(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "procedures"
    folder.mkdir()
    text = (BASE / "procedures" / "matter.yaml").read_text(encoding="utf-8")
    (folder / "matter.yaml").write_text(text.replace("2 workdays", "3 workdays"), "utf-8")
    before = list(ProcedureVersion.objects.values_list("pk", "digest").order_by("pk"))

    def load(*, dry_run: bool) -> dict[str, str]:
        planned = actions.load_procedures(
            actor=SYSTEM, directory=tmp_path, scope="", dry_run=dry_run
        )
        return {one.procedure: one.change for one in planned}

    changes = load(dry_run=True)
    assert changes.pop("matter") == "changed"
    assert set(changes.values()) == {"same"}
    assert list(ProcedureVersion.objects.values_list("pk", "digest").order_by("pk")) == before
    assert load(dry_run=False)["matter"] == "changed"
    assert load(dry_run=False)["matter"] == "same"
    assert ProcedureVersion.objects.filter(procedure="matter").count() == 2


def test_a_bulk_move_tells_of_each_case_why_it_was_refused(world: World) -> None:
    worker = world.staff["grid_worker"]
    moved, passed_on, elsewhere = (open_matter(first_move="to_grid") for _number in range(3))
    make(world, passed_on, "pass_up")
    closed = open_matter(first_move="to_grid")
    actions.cancel_case(actor=world.staff["community_secretary"], case=closed, reason="重复")
    results = actions.bulk_move(
        actor=worker,
        cases=[moved, passed_on, closed, 10**9, moved],
        move="pass_up",
        data={"pass_reason": "集中上报"},
    )
    told = {one.case: type(one.error).__name__ for one in results}
    assert told == {
        moved: "NoneType",
        passed_on: "NotYours",
        closed: "CaseClosed",
        10**9: "CaseUnknown",
    }
    assert queries.case_state(moved).stage == "community"
    assert queries.case_state(elsewhere).revision == 1


def test_a_refused_move_leaves_nothing_half_written(world: World) -> None:
    """The next owner's role is held by nobody: the move, its words and its items stay away."""
    case = open_matter(first_move="to_grid")
    before = queries.case_state(case)
    data = filled(world, before, "pass_up")
    actions.relocate_case(actor=SYSTEM, case=case, area="320602001002001")
    with pytest.raises(errors.NoHolder):
        actions.move_case(actor=SYSTEM, case=case, move="pass_up", data=data)
    state = queries.case_state(case)
    assert (state.stage, [h.owner for h in state.holdings]) == ("grid", [f"grid_worker@{GRID}"])
    assert not any(line.said for line in queries.timeline(state))
