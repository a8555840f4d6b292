"""Cancelling an open case and opening a closed one again: by the roles the procedure names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.actions.entering import OwnDue, enter
from gongzhi.procedures.actions.moving import check_revision
from gongzhi.procedures.actions.placing import (
    entrance_columns,
    outcome_columns,
    put_in_place,
    tell_arrival,
)
from gongzhi.procedures.actions.standing_in import without_recused
from gongzhi.procedures.actions.subcases import call_off_subcases, carry_over, may_reopen
from gongzhi.procedures.errors import AnswersInvalid, ReopenRefused
from gongzhi.procedures.queries import CaseState


@action
def cancel_case(*, actor: Actor, case: int, reason: str, revision: int | None = None) -> CaseState:
    """Call off an open case and its open sub-cases.

    Raises `NotAllowed`, `CaseClosed`, `CaseMoved`, `AnswersInvalid`.
    """
    state = queries.case_by_id(actor, case)
    require(policies.can_cancel(actor, state))
    check_revision(state, revision)
    if not reason.strip():
        raise AnswersInvalid(_("请写明撤销的理由"), field="reason")
    definition = queries.definition_of(state.version)
    assert definition.cancel is not None  # the policy has refused otherwise
    outcome = definition.outcomes[definition.cancel.outcome]
    entry = put_in_place(
        actor, state, outcome_columns(state, outcome), "cancel", {"reason": reason.strip()[:1000]}
    )
    emit(
        facts.CaseCancelled(stage=state.stage, outcome=outcome.key, entry=entry),
        area=state.area,
        case=case,
    )
    tell_arrival(state, None, outcome, clock.now())
    call_off_subcases(state=state, leaving=False)
    return queries.case_state(case)


@action
def reopen_case(*, actor: Actor, case: int, stage: str, reason: str) -> CaseState:
    """Open a closed case again in one of the stages its procedure allows.

    A stage that waits for sub-cases waits for those of the last round again; a sub-case is opened
    again only while its parent still waits for it.

    Raises `NotAllowed`, `ReopenRefused`, `AnswersInvalid`, `NoHolder`, `CaseMoved`.
    """
    state = queries.case_by_id(actor, case)
    require(policies.can_reopen(actor, state))
    definition = queries.definition_of(state.version)
    reopen = definition.reopen
    if state.is_open or reopen is None or stage not in reopen.to:
        raise ReopenRefused(field="stage")
    if reopen.within is not None and state.closed_at is not None:
        last = queries.calendar().due(state.closed_at, reopen.within.amount, reopen.within.unit).at
        if clock.now() > last:
            raise ReopenRefused(_("已超过可以重新打开的时间"))
    if not reason.strip():
        raise AnswersInvalid(_("请写明重新打开的理由"), field="reason")
    may_reopen(case)
    target = definition.stages[stage]
    own = OwnDue.of(state.own_due, state.own_due_basis)
    found = enter(target, area=state.area, visit=state.visit + 1, answers={}, own=own)
    entrance = without_recused(state, target, found)
    words = {"reason": reason.strip()[:1000]}
    entry = put_in_place(actor, state, entrance_columns(entrance), "reopen", words)
    emit(facts.CaseReopened(stage=stage, entry=entry), area=state.area, case=case)
    tell_arrival(state, entrance, None, clock.now())
    if definition.stages[stage].spawn:
        carry_over(case=case, visit=entrance.visit)
    return queries.case_state(case)
