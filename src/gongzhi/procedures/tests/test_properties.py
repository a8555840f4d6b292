"""Whatever anybody presses: a case is always carried or closed, and its log tells the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
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
from gongzhi.procedures.definition import Definition, Move
from gongzhi.procedures.models import Case, WorkItem
from gongzhi.procedures.tests.support import GRID, MOMENT, World, answer, carried, open_matter

PROCEDURES = {
    "matter": "matters.matter",
    "six-step-deliberation": "deliberation.topic",
    "five-step-deliberation": "deliberation.topic",
    "four-deliberations-two-disclosures": "deliberation.topic",
}
EVIDENCE = ("minutes", "vote", "survey_answers", "resident_rating", "notice")
RUBBISH: list[Any] = [None, "", "x", -1, 10**30, [], {"a": 1}, True, "2026-13-45", "\x00"]


class Anybody(RuleBasedStateMachine):
    """Persons who press whatever there is to press, rightly or wrongly, and a clock that runs."""

    world: World
    cases: Bundle[int] = Bundle("cases")

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
        return {field.key: answer(self.world, field) for field in move.form if field.required}

    @initialize(target=cases, procedure=st.sampled_from(sorted(PROCEDURES)))
    def first(self, procedure: str) -> int:
        return self.open(procedure)

    @rule(target=cases, procedure=st.sampled_from(sorted(PROCEDURES)))
    def another(self, procedure: str) -> int:
        return self.open(procedure)

    def open(self, procedure: str) -> int:
        """Open a case and look at it."""
        with clock.travel_to(self.moment):
            self.last = open_matter(procedure=procedure, subject=PROCEDURES[procedure], area=GRID)
        return self.last

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
            lambda: actions.reopen_case(actor=actor, case=case, stage="street", reason="又发生"),
        ]
        self.attempt(draw.draw(st.sampled_from(calls)))

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.moment += timedelta(days=days, hours=5)
        with clock.travel_to(self.moment):
            actions.fire_timers(actor=SYSTEM)

    @invariant()
    def carried_or_closed(self) -> None:
        if not self.last:
            return
        with connection.cursor() as cursor:
            # The database's own deferred check speaks now, not at a commit that never comes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        status, held, ticking = carried(self.last)
        assert (held or ticking) if status == "open" else not (held or ticking)

    @invariant()
    def no_stage_is_skipped_and_the_log_agrees(self) -> None:
        if not self.last:
            return
        state = queries.case_state(self.last, named=False)
        edges = {(m.source, m.key, m.target) for m in self.definition(self.last).moves}
        told = facts_of(self.last)
        for fact in told:
            if fact.kind == "procedures.moved":
                assert (fact.data["source"], fact.data["move"], fact.data["target"]) in edges
        assert _replayed([(fact.kind, fact.data) for fact in told]) == (
            state.status,
            state.stage,
            state.outcome,
        )
        entered = [f.data["visit"] for f in told if f.kind == "procedures.stage_entered"]
        assert entered == list(range(1, state.visit + 1))


def _replayed(told: list[tuple[str, dict[str, Any]]]) -> tuple[str, str, str]:
    """Return status, stage and outcome as the log alone tells them; each step follows the last."""
    stage, outcome, status = "", "", "open"
    for kind, data in told:
        if kind == "procedures.stage_entered":
            stage, outcome, status = data["stage"], "", "open"
        elif kind == "procedures.moved":
            assert status == "open"
            assert data["source"] == stage, "a move began where the case was not"
        elif kind == "procedures.case_closed":
            assert status == "open", "a case was closed twice"
            outcome, status = data["outcome"], "closed"
    return status, stage, outcome


def test_whatever_is_pressed_by_whomever(world: World) -> None:
    Anybody.world = world
    run_state_machine_as_test(
        Anybody,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
