"""Sets the time that a case's subject brings along, and what it means for the stage now open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.entering import OwnDue, in_force, lights_for, timed
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.definition import Due, Stage
from gongzhi.procedures.models import Case, WorkItem
from gongzhi.procedures.queries import CaseState


@action
def set_own_due(*, actor: Actor, case: int, due: str, basis: str) -> CaseState:
    """Let a case go by another time of its subject ("5 workdays"; '' for none) from now on.

    An open stage that asks for it is dated anew from the day it began, so that nothing is won by
    the edit; what it stood still for is kept. Who may do so, and how it is told, is the business
    of the subject's own action. Raises `CaseUnknown`, and `ValueError` for no length of time.
    """
    own = OwnDue.of(due, basis)
    hold_case(case)
    state = queries.case_state(case)
    if (state.own_due, state.own_due_basis) == (due, own.basis):
        return state
    Case.objects.filter(pk=case).update(own_due=due, own_due_basis=own.basis)
    stage = queries.definition_of(state.version).stages[state.stage]
    if state.is_open and state.due_at is not None and stage.due and stage.due.by_category:
        _date_anew(state, stage, stage.due, own)
    return queries.case_state(case)


def _date_anew(state: CaseState, stage: Stage, rule: Due, own: OwnDue) -> None:
    begin = Case.objects.values_list("entered_at", flat=True).get(pk=state.id)
    before = OwnDue.of(state.own_due, state.own_due_basis)
    stood = (state.due_at or begin) - _due(rule, before, begin)[0]
    due_at, words = _due(rule, own, begin)
    due_at += max(stood, timedelta(0))
    if due_at == state.due_at and words["due_basis"] == state.due_basis:
        return
    yellow, red = lights_for(stage, due_at)
    moments = timed(stage, due_at=due_at, yellow_at=yellow, red_at=red, clock_at=state.clock_at)
    Case.objects.filter(pk=state.id).update(
        due_at=due_at,
        yellow_at=yellow,
        red_at=red,
        revision=state.revision + 1,
        **words,
        **_waking(state, [moment for moment, _kind in moments], begin),
    )
    WorkItem.objects.filter(case_id=state.id, done_at=None, due_at=state.due_at).update(
        due_at=due_at
    )
    fact = facts.DueSet(stage=state.stage, due_at=due_at.isoformat())
    emit(fact, area=state.area, case=state.id)


def _due(rule: Due, own: OwnDue, begin: datetime) -> tuple[datetime, dict[str, str]]:
    span, basis = in_force(rule, own, begin)
    found = queries.calendar().due(begin, span.amount, span.unit)
    return found.at, {"due_basis": basis, "due_note": found.note}


def _waking(state: CaseState, moments: list[datetime], begin: datetime) -> dict[str, Any]:
    """Return when the clock wakes: for what is over by the new date at once, if not paused."""
    if state.paused_at is not None:
        return {}
    now = clock.now()
    over = any(begin < moment <= now for moment in moments)
    later = min((moment for moment in moments if moment > now), default=None)
    return {"wake_at": now if over else later, "woken_to": begin if over else now}
