"""Plays the told examples of a procedure: on the definition alone, or on a real engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gongzhi.procedures.definition.graph import way_to
from gongzhi.procedures.definition.model import Definition, Move, Scenario, Span, Step
from gongzhi.procedures.definition.problems import Problem
from gongzhi.procedures.definition.rules import broken_rules

_MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "workdays": 1440 * 7 // 5}
_LONGEST_RUN = 100
_MEND = "改正示例，或改正流程"


class Player(Protocol):
    """What can play a scenario. The engine's own tests give one that writes real cases."""

    def begin(self, stage: str) -> None:
        """Put a fresh case into this stage."""

    def settle(self) -> None:
        """Let everything that the stage waits for be done: sub-cases and others' parts."""

    def refusal(self, step: Step) -> str:
        """Why this move is impossible now; '' when it would be possible. Changes nothing."""

    def move(self, step: Step) -> None:
        """Make the move, which `refusal` has just allowed."""

    def wait(self, span: Span) -> None:
        """Let time pass; clocks that run out move the case."""

    def place(self) -> str:
        """The stage where the case is, or the outcome with which it was closed."""


class Walker:
    """Plays on the definition alone: no persons, no calendar, a working day is 1.4 days."""

    def __init__(self, definition: Definition, given: Mapping[str, bool] | None = None) -> None:
        self.definition = definition
        self.given = dict(given or {})
        self.here = definition.start
        self.waited = 0
        self.rows: dict[str, int] = {}
        self.open = 0

    def begin(self, stage: str) -> None:
        self._enter(stage)

    def place(self) -> str:
        return self.here

    def settle(self) -> None:
        self.open = 0

    def refusal(self, step: Step) -> str:
        if self.definition.is_outcome(self.here):
            return "事项已经办结"
        move = self.definition.move(self.here, step.move)
        if move is None:
            return f"环节“{self._name(self.here)}”没有步骤“{step.move}”"
        closed = [guard for guard in move.guard if not self.given.get(guard, True)]
        if closed:
            return f"条件 {closed[0]} 不满足"
        if self.open:
            return "还有子事项没有办结"
        return self._data_refusal(move, step)

    def move(self, step: Step) -> None:
        move = self.definition.move(self.here, step.move)
        if move is None:
            raise ValueError(self.refusal(step))
        self.rows |= {k: len(v) for k, v in step.data.items() if isinstance(v, list)}
        self._enter(move.target)

    def wait(self, span: Span) -> None:
        self.waited += minutes(span)
        for _round in range(_LONGEST_RUN):
            stage = self.definition.stages.get(self.here)
            clock = stage.clock if stage else None
            if clock is None or self.waited < minutes(clock.after):
                return
            if clock.unless and self.given.get(clock.unless, False):
                return
            left = self.waited - minutes(clock.after)
            move = self.definition.move(self.here, clock.move)
            if move is None:
                return
            self._enter(move.target)
            self.waited = left

    def _enter(self, place: str) -> None:
        self.here = place
        self.waited = 0
        stage = self.definition.stages.get(place)
        self.open = 0
        if stage is not None and stage.spawn is not None and stage.join is not None:
            # Told without rows, there is one.
            opened = self.rows.get(stage.spawn.of, 1)
            self.open = opened if stage.join.mode == "all" else min(opened, stage.join.count)

    def _name(self, place: str) -> str:
        stage = self.definition.stages.get(place)
        return stage.name if stage else place

    def _data_refusal(self, move: Move, step: Step) -> str:
        """A step told without data is taken to be filled in rightly."""
        if not step.data:
            return ""
        for field in move.form:
            if field.required and step.data.get(field.key) in (None, "", []):
                return f"没有填写“{field.label}”"
            answer = step.data.get(field.key)
            if field.choices and answer not in (None, *(choice.key for choice in field.choices)):
                return f"“{field.label}”没有选项 {answer}"
        broken = broken_rules(move, step.data)
        return broken[0].plain if broken else ""


def minutes(span: Span) -> int:
    """The span in minutes, a working day counted as seven fifths of a day."""
    return span.amount * _MINUTES[span.unit]


def play(scenario: Scenario, player: Player, definition: Definition) -> list[Problem]:
    """Play one scenario; what did not go as told, at the scenario's line.

    As a step told without data is filled in rightly, so a step of the walk finds done what its
    stage waits for; what is to be refused is tried on the case as it stands.
    """
    player.begin(scenario.start or definition.start)
    for step in scenario.walk:
        if step.wait is not None:
            player.wait(step.wait)
            continue
        player.settle()
        reason = player.refusal(step)
        if reason:
            return [_problem(scenario, f"走不到“{step.move}”：{reason}")]
        player.move(step)
    found = [
        _problem(scenario, f"“{step.move}”本应被拒绝，却走得通")
        for step in scenario.refuse
        if not player.refusal(step)
    ]
    if scenario.ends and player.place() != scenario.ends:
        told, real = scenario.ends, player.place()
        found.append(_problem(scenario, f"应当停在 {told}，实际停在 {real}"))
    return found


def play_all(definition: Definition) -> list[Problem]:
    """Play every scenario on the definition alone."""
    found: list[Problem] = []
    for scenario in definition.scenarios:
        faults = _unknown_names(definition, scenario)
        walker = Walker(definition, scenario.given)
        found.extend(faults or play(scenario, walker, definition))
    return found


def steps_to(definition: Definition, stage: str) -> tuple[Step, ...] | None:
    """Steps that bring a fresh case to this stage: how an engine plays `from: stage`."""
    way = way_to(definition, stage)
    return None if way is None else tuple(Step(move=move.key) for move in way)


def _unknown_names(definition: Definition, scenario: Scenario) -> list[Problem]:
    """Names that the definition does not know: a misspelt refusal would pass for ever."""
    moves = {name for move in definition.moves for name in (move.key, move.name)}
    fields = {field.key for move in definition.moves for field in move.form}
    places = set(definition.stages) | set(definition.outcomes)
    steps = (*scenario.walk, *scenario.refuse)
    found = [
        f"没有步骤“{step.move}”" for step in steps if step.wait is None and step.move not in moves
    ]
    found += [f"没有字段 {key}" for step in steps for key in step.data if key not in fields]
    found += ["不能等在 refuse 里" for step in scenario.refuse if step.wait is not None]
    if scenario.start and scenario.start not in definition.stages:
        found.append(f"没有环节 {scenario.start}")
    if scenario.ends and scenario.ends not in places:
        found.append(f"没有环节或结果 {scenario.ends}")
    return [_problem(scenario, words) for words in found]


def _problem(scenario: Scenario, words: str) -> Problem:
    return Problem(scenario.file, scenario.line, f"示例“{scenario.name}”：{words}", _MEND)
