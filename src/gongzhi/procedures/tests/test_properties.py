"""Whatever anybody presses: a case is always carried or closed, and its log tells the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, REPORTER, SYSTEM, Actor
from gongzhi.kernel.errors import GongzhiError
from gongzhi.procedures import actions, queries
from gongzhi.procedures.definition import Definition, Move, parse
from gongzhi.procedures.models import Case, Entry, WorkItem
from gongzhi.procedures.tests.support import GRID, MOMENT, World, answer, carried, open_matter, show

PROCEDURES = {
    "matter": "matters.matter",
    "six-step-deliberation": "deliberation.topic",
    "five-step-deliberation": "deliberation.topic",
    "four-deliberations-two-disclosures": "deliberation.topic",
    "joint": "matters.matter",
}
EVIDENCE = ("minutes", "vote", "survey_answers", "resident_rating", "notice", "document")
# Parts and sub-cases within two presses: two of several organisations, then any of the tasks.
JOINT = """
procedure: joint
name: 分办与任务
subject: matters.matter
fields:
  units: {label: 单位, type: organisations}
  task: {label: 做什么, type: text}
  responsible: {label: 承办单位, type: organisation}
  person: {label: 承办人, type: person}
  finish_by: {label: 完成期限, type: date}
  tasks: {label: 任务, type: rows, columns: [task!, responsible, person, finish_by!], maximum: 3}
stages:
  plan: {name: 安排, owner: {pool: grid_worker at grid}, due: 3 days}
  share:
    name: 分办
    owner: {fan_out: units}
    join: 2
    due: 3 days
    objection: {ruling: {role: district_clerk, level: district}, upheld: plan}
  carry:
    name: 落实
    owner: {role: community_secretary, level: community}
    spawn: {opener: each_row, of: tasks, procedure: resolution-task}
    join: any
    due: 9 days
moves:
  - {id: share, from: plan, to: share, name: 分办, form: [units!]}
  - {id: tasks, from: plan, to: carry, name: 列任务, form: [tasks!]}
  - {id: shared, from: share, to: plan, name: 分办完, kind: back}
  - {id: again, from: carry, to: plan, name: 再议, kind: back}
  - {id: end, from: carry, to: done, name: 办结}
outcomes:
  done: {name: 已落实, kind: solved}
  cancelled: {name: 已撤销, kind: cancelled}
reopen: {by: {role: community_secretary, level: community}, to: [carry, plan]}
cancel: {by: {role: community_secretary, level: community}, outcome: cancelled}
"""
RUBBISH: list[Any] = [None, "", "x", -1, 10**30, [], {"a": 1}, True, "2026-13-45", "\x00"]


class Watched(RuleBasedStateMachine):
    """What must hold after every press, and the pressing; whose rules are played a machine says."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.moment: datetime = MOMENT
        self.last: int = 0
        liaisons = self.world.liaisons.values()
        self.people: list[Actor] = [
            *self.world.staff.values(),
            *liaisons,
            REPORTER,
            SYSTEM,
            ANONYMOUS,
        ]

    def attempt(self, call: Callable[[], Any]) -> bool:
        """Press; whatever the engine refuses it refuses as one of its errors."""
        with clock.travel_to(self.moment):
            try:
                call()
            except GongzhiError:
                return False
        return True

    def definition(self, case: int) -> Definition:
        return queries.definition_of(queries.case_state(case, named=False).version)

    def data(self, move: Move, draw: st.DataObject) -> dict[str, Any]:
        """Mostly right answers, sometimes rubbish."""
        if draw.draw(st.integers(0, 5), "rubbish") == 0:
            keys = [field.key for field in move.form] or ["nothing"]
            return {key: draw.draw(st.sampled_from(RUBBISH)) for key in keys}
        answers = {field.key: answer(self.world, field) for field in move.form if field.required}
        for field in move.form:
            if field.key == "units":
                units = st.lists(st.sampled_from(self.world.departments), min_size=1, unique=True)
                answers["units"] = draw.draw(units, "units")
            elif field.type == "rows":
                answers[field.key] *= draw.draw(st.integers(1, 3), "rows")
        return answers

    def open(self, procedure: str) -> int:
        """Open a case and look at it."""
        with clock.travel_to(self.moment):
            self.last = open_matter(procedure=procedure, subject=PROCEDURES[procedure], area=GRID)
        return self.last

    @invariant()
    def carried_or_closed(self) -> None:
        if not self.last:
            return
        with connection.cursor() as cursor:
            # The database's own deferred check speaks now, not at a commit that never comes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for case in self.family():
            status, held, ticking = carried(case)
            assert (held or ticking) if status == "open" else not (held or ticking)

    def family(self) -> list[int]:
        """Return the case pressed last, what opened it, and what it opened."""
        around = Q(pk=self.last) | Q(parent_id=self.last) | Q(children__pk=self.last)
        return list(Case.objects.filter(around).order_by("pk").values_list("pk", flat=True))

    @invariant()
    def sub_cases_are_opened_once_and_waited_for(self) -> None:
        for case in self.family() if self.last else []:
            row = Case.objects.get(pk=case)
            children = Case.objects.filter(parent_id=case)
            waiting = set(children.filter(status="open").values_list("parent_visit", flat=True))
            stage = queries.definition_of(row.version_id).stages[row.stage]
            here = row.status == "open" and stage.spawn is not None
            assert waiting <= ({row.visit} if here else set()), "a sub-case nobody waits for"
            decided = [f for f in facts_of(case) if f.data.get("target") == "carry"]
            entries = Entry.objects.filter(pk__in=[f.data["entry"] for f in decided])
            rows = sum(len(data["tasks"]) for data in entries.values_list("data", flat=True))
            assert row.procedure != "joint" or children.count() == rows

    @invariant()
    def no_stage_is_skipped_and_the_log_agrees(self) -> None:
        for case in self.family() if self.last else []:
            self.log_agrees(case)

    def log_agrees(self, case: int) -> None:
        """Compare where a case stands with what its facts alone tell."""
        state = queries.case_state(case, named=False)
        edges = {(m.source, m.key, m.target) for m in self.definition(case).moves}
        told = facts_of(case)
        for fact in told:
            if fact.kind == "procedures.moved":
                assert (fact.data["source"], fact.data["move"], fact.data["target"]) in edges
        assert _replayed([(fact.kind, fact.data) for fact in told]) == (
            state.status,
            state.stage,
            state.outcome,
        )
        entered = [f.data["visit"] for f in told if f.kind == "procedures.stage_entered"]
        # A case opened with its first move made begins at its second visit.
        assert entered in (list(range(1, state.visit + 1)), list(range(2, state.visit + 1)))


class Anybody(Watched):
    """Persons who press whatever there is to press, rightly or wrongly, and a clock that runs."""

    cases: Bundle[int] = Bundle("cases")

    @initialize(target=cases, procedure=st.sampled_from(sorted(PROCEDURES)))
    def first(self, procedure: str) -> int:
        return self.open(procedure)

    @rule(target=cases, procedure=st.sampled_from(sorted(PROCEDURES)))
    def another(self, procedure: str) -> int:
        return self.open(procedure)

    @rule(case=cases, draw=st.data())
    def anybody_makes_any_move(self, case: int, draw: st.DataObject) -> None:
        self.last = case
        move = draw.draw(st.sampled_from(self.definition(case).moves), "move")
        actor = draw.draw(st.sampled_from(self.people), "actor")
        data = self.data(move, draw)
        self.attempt(lambda: actions.move_case(actor=actor, case=case, move=move.key, data=data))

    @rule(case=cases, draw=st.data())
    def the_right_person_moves_and_presses_again(self, case: int, draw: st.DataObject) -> None:
        self.last = case
        state = queries.case_state(case)
        offers = [(who, m) for who in self.people for m in queries.next_moves(who, state)]
        if not offers:
            return
        actor, offer = draw.draw(st.sampled_from(offers), "offer")
        move = self.definition(case).move(state.stage, offer.key)
        data = self.data(move, draw) if move else {"note": "已配合"}

        def press() -> None:
            actions.move_case(
                actor=actor, case=case, move=offer.key, data=data, revision=state.revision
            )

        if self.attempt(press) and offer.key != queries.CLOSE_PART:
            told = len(facts_of(case))
            row = Case.objects.filter(pk=case).values().get()
            assert not self.attempt(press), "a second press moved the case again"
            assert Case.objects.filter(pk=case).values().get() == row
            assert len(facts_of(case)) == told

    @rule(case=cases, draw=st.data())
    def evidence_is_put(self, case: int, draw: st.DataObject) -> None:
        self.last = case
        kind = draw.draw(st.sampled_from(EVIDENCE))
        actor = draw.draw(st.sampled_from(self.people))
        for number in range(draw.draw(st.integers(1, 10))):
            self.attempt(
                lambda n=number: actions.add_evidence(  # type: ignore[misc]
                    actor=actor, case=case, kind=kind, reference=f"{n}"
                )
            )

    @rule(case=cases, draw=st.data())
    def items_change_hands(self, case: int, draw: st.DataObject) -> None:
        self.last = case
        items = list(WorkItem.objects.filter(case_id=case).values_list("pk", flat=True))
        actor = draw.draw(st.sampled_from(self.people))
        if not items:
            return
        item = draw.draw(st.sampled_from(items))
        take = draw.draw(st.sampled_from([actions.claim_item, actions.release_item]))
        self.attempt(lambda: take(actor=actor, item=item))

    @rule(case=cases, draw=st.data(), yes=st.booleans())
    def rulings_and_pauses(self, case: int, draw: st.DataObject, yes: bool) -> None:
        self.last = case
        actor = draw.draw(st.sampled_from(self.people))
        calls: list[Callable[[], Any]] = [
            lambda: actions.ask_pause(actor=actor, case=case, workdays=2, reason="等配件"),
            lambda: actions.rule_pause(actor=actor, case=case, approved=yes),
            lambda: actions.resume_case(actor=actor, case=case),
            lambda: actions.object_to_dispatch(actor=actor, case=case, reason="不属于本单位"),
            lambda: actions.rule_objection(actor=actor, case=case, upheld=yes, ruling="按清单"),
            lambda: actions.cancel_case(actor=actor, case=case, reason="重复"),
        ]
        if (reopen := self.definition(case).reopen) is not None:
            stage = draw.draw(st.sampled_from(reopen.to))
            calls.append(
                lambda: actions.reopen_case(actor=actor, case=case, stage=stage, reason="又发生")
            )
        self.attempt(draw.draw(st.sampled_from(calls)))

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.moment += timedelta(days=days, hours=5)
        with clock.travel_to(self.moment):
            actions.fire_timers(actor=SYSTEM)


class Together(Watched):
    """Those whose turn it is share one case out, open its tasks, call off and open again."""

    root = 0

    @initialize()
    def first(self) -> None:
        self.root = self.open("joint")

    def one_of_them(self, draw: st.DataObject) -> int:
        """Choose the case or one of its tasks, the newest first."""
        tasks = Case.objects.filter(parent_id=self.root).order_by("-id")
        self.last = draw.draw(
            st.sampled_from([self.root, *tasks.values_list("pk", flat=True)]), "case"
        )
        return self.last

    @rule(draw=st.data())
    def whose_turn_it_is_moves(self, draw: st.DataObject) -> None:
        case = self.one_of_them(draw)
        state = queries.case_state(case)
        if not state.is_open:
            return
        show(case)
        offers = [(who, m) for who in self.people for m in queries.next_moves(who, state)]
        actor, offer = draw.draw(st.sampled_from(offers), "offer")
        move = self.definition(case).move(state.stage, offer.key)
        data = self.data(move, draw) if move else {"note": "已配合"}
        self.attempt(lambda: actions.move_case(actor=actor, case=case, move=offer.key, data=data))

    @rule(draw=st.data())
    def a_part_objects(self, draw: st.DataObject) -> None:
        liaisons = sorted(self.world.liaisons)
        actor = self.world.liaisons[draw.draw(st.sampled_from(liaisons))]
        self.last = self.root
        self.attempt(
            lambda: actions.object_to_dispatch(actor=actor, case=self.root, reason="不归我")
        )

    @rule(upheld=st.booleans())
    def it_is_ruled(self, upheld: bool) -> None:
        self.last = self.root
        clerk = self.world.staff["district_clerk"]
        self.attempt(
            lambda: actions.rule_objection(
                actor=clerk, case=self.root, upheld=upheld, ruling="按清单"
            )
        )

    @rule(draw=st.data())
    def the_secretary_calls_off(self, draw: st.DataObject) -> None:
        case = self.one_of_them(draw)
        secretary = self.world.staff["community_secretary"]
        self.attempt(lambda: actions.cancel_case(actor=secretary, case=case, reason="另有安排"))

    @rule(draw=st.data())
    def the_secretary_opens_again(self, draw: st.DataObject) -> None:
        case = self.one_of_them(draw)
        secretary = self.world.staff["community_secretary"]
        reopen = self.definition(case).reopen
        assert reopen is not None
        self.attempt(
            lambda: actions.reopen_case(
                actor=secretary, case=case, stage=reopen.to[0], reason="又发生"
            )
        )

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.moment += timedelta(days=days, hours=5)
        with clock.travel_to(self.moment):
            actions.fire_timers(actor=SYSTEM)


def _replayed(told: list[tuple[str, dict[str, Any]]]) -> tuple[str, str, str]:
    """Return status, stage and outcome as the log alone tells them; each step follows the last."""
    stage, outcome, status = "", "", "open"
    begun = False
    for kind, data in told:
        if kind == "procedures.stage_entered":
            stage, outcome, status, begun = data["stage"], "", "open", True
        elif kind == "procedures.moved":
            assert status == "open"
            assert data["source"] == stage or not begun, "a move began where the case was not"
        elif kind == "procedures.case_closed":
            assert status == "open", "a case was closed twice"
            outcome, status = data["outcome"], "closed"
    return status, stage, outcome


@pytest.mark.parametrize("machine", [Anybody, Together])
def test_whatever_is_pressed_by_whomever(world: World, machine: type[Watched]) -> None:
    machine.world = world
    actions.publish_procedure(actor=SYSTEM, definition=parse(JOINT, file="joint.yaml"))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
