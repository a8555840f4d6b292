"""Every scenario of every shipped procedure, played on the real engine."""

from __future__ import annotations

from typing import Any

import pytest

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import GongzhiError
from gongzhi.kernel.policy import ALLOWED
from gongzhi.organisations.tests import support as small
from gongzhi.procedures import actions, queries
from gongzhi.procedures.choices import EFFECTS, GUARDS, OPENERS
from gongzhi.procedures.definition import Scenario, Span, Step
from gongzhi.procedures.definition.directory import check_directory
from gongzhi.procedures.definition.scenarios import play, steps_to
from gongzhi.procedures.definition.vocabulary import read_vocabulary
from gongzhi.procedures.models import Case
from gongzhi.procedures.tests.support import (
    BASE,
    GRID,
    MOMENT,
    STREET,
    World,
    close_child,
    days,
    filled,
    make,
    mover,
    open_matter,
)

REPORT = check_directory(BASE, read_vocabulary(guards=GUARDS, effects=EFFECTS, openers=OPENERS))
# The rule of the steps: their order, none skipped, no closing without the residents' evaluation.
SHOWS = {"six-step-deliberation": "001-33", "five-step-deliberation": "002-13"}
TOLD = [
    pytest.param(
        definition.key,
        scenario,
        id=f"{definition.key}: {scenario.name}",
        marks=[pytest.mark.requirement(SHOWS[definition.key])] if definition.key in SHOWS else [],
    )
    for definition in REPORT.definitions
    for scenario in definition.scenarios
    if not scenario.given
]


class _UndoneError(Exception):
    """Takes a tried move back."""


@action
def _try(engine: Engine, step: Step) -> None:
    """Make the move and take it back, evidence and all."""
    engine.move(step)
    raise _UndoneError


class Engine:
    """Plays steps on real cases, as whoever may make them."""

    def __init__(self, world: World, procedure: str) -> None:
        self.world = world
        self.procedure = procedure
        self.version = queries.current_version(procedure, GRID)
        self.definition = queries.definition_of(self.version)
        self.moment = MOMENT
        self.case = 0

    def begin(self, stage: str) -> None:
        with clock.travel_to(self.moment):
            self.case = open_matter(procedure=self.procedure, subject=self.definition.subject)
            for step in steps_to(self.definition, stage) or ():
                self._go(step)

    def settle(self) -> None:
        """Let what the stage waits for be done: every sub-case comes to its end."""
        open_ones = Case.objects.filter(parent_id=self.case, status="open")
        for child in open_ones.values_list("pk", flat=True):
            close_child(self.world, child)

    def refusal(self, step: Step) -> str:
        try:
            _try(self, step)
        except _UndoneError:
            return ""
        except GongzhiError as error:
            return str(error)
        raise AssertionError("a tried move is always undone")

    def move(self, step: Step) -> None:
        with clock.travel_to(self.moment):
            self._go(step)

    def _go(self, step: Step) -> None:
        state = queries.case_state(self.case)
        found = self.definition.move(state.stage, step.move)
        if found is not None and state.is_open:
            for kind, count in found.evidence.items():
                for number in range(count):
                    self._show(kind, str(number))
        if not state.is_open:
            actions.move_case(actor=SYSTEM, case=self.case, move=step.move, data=dict(step.data))
        elif step.data:
            actions.move_case(
                actor=self._mover(step), case=self.case, move=step.move, data=dict(step.data)
            )
        elif found is not None and found.kind == "clock":
            actions.move_case(
                actor=SYSTEM,
                case=self.case,
                move=found.key,
                data=filled(self.world, state, found.key),
            )
        else:
            make(self.world, self.case, step.move)

    def _mover(self, step: Step) -> Any:
        return mover(self.world, queries.case_state(self.case), step.move)

    def _show(self, kind: str, reference: str) -> None:
        actions.add_evidence(actor=SYSTEM, case=self.case, kind=kind, reference=reference)

    def wait(self, span: Span) -> None:
        self.moment += days(span.amount) if span.unit == "days" else days(span.amount * 2)
        with clock.travel_to(self.moment):
            actions.fire_timers(actor=SYSTEM)

    def place(self) -> str:
        state = queries.case_state(self.case)
        return state.stage if state.is_open else state.outcome


@pytest.fixture
def counsellor(world: World) -> None:
    """Somebody who takes what the small district has nobody for."""
    world.staff["counsellor"] = small.staff("counsellor", "counsellor", STREET)


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What guards of mediation wait for is taken as recorded; its own tests record it."""
    for name, one in list(GUARDS.items()):
        if one.__module__.startswith("gongzhi.mediation."):
            monkeypatch.setitem(GUARDS, name, lambda _situation: ALLOWED)


@pytest.mark.usefixtures("counsellor", "recorded")
@pytest.mark.parametrize(("procedure", "scenario"), TOLD)
def test_scenario(world: World, procedure: str, scenario: Scenario) -> None:
    engine = Engine(world, procedure)
    assert play(scenario, engine, engine.definition) == []


def test_the_shipped_procedures_have_no_fault() -> None:
    assert REPORT.problems == ()
    assert len(TOLD) > 20
