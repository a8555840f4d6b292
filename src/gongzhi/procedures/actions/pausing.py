"""Stopping the clock: asked for with a reason, approved by another, shifted when it runs on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.workcalendar import CalendarYearUnknown
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.entering import OwnDue, holder_key, in_force, lights_for, timed
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.choices import CARRYING, Part
from gongzhi.procedures.errors import AnswersInvalid, ItemTaken, NotYours, PauseRefused
from gongzhi.procedures.models import Case, Pause, WorkItem
from gongzhi.procedures.queries import CaseState

MOST_WORKDAYS = 60


@action
def ask_pause(*, actor: Actor, case: int, workdays: int, reason: str) -> CaseState:
    """Ask for the clock to stand still for some working days. Raises `PauseRefused`, `NotYours`."""
    hold_case(case)
    state = queries.case_by_id(actor, case)
    stage = queries.definition_of(state.version).stages[state.stage]
    if not [h for h in queries.mine(actor, state.holdings) if h.part in CARRYING]:
        raise NotYours()
    if not reason.strip():
        raise AnswersInvalid(_("请写明暂停的理由"), field="reason")
    paused = Case.objects.filter(pk=case).values_list("pauses", flat=True)[0]
    if stage.pause is None or state.paused_at or paused >= stage.pause.max:
        raise PauseRefused()
    longest = stage.pause.longest.amount if stage.pause.longest else MOST_WORKDAYS
    if not 1 <= workdays <= longest:
        raise AnswersInvalid(
            _("暂停天数须在 1 到 %(n)d 个工作日之间") % {"n": longest}, field="workdays"
        )
    if Pause.objects.filter(case_id=case, approved=None).exists():
        raise PauseRefused(_("已经申请过，正在等待审批"))
    pause = Pause(
        case_id=case,
        visit=state.visit,
        workdays=workdays,
        reason=reason.strip()[:1000],
        asked_by=actor.account,
        asked_at=clock.now(),
    )
    pause.save(force_insert=True)
    WorkItem(
        case_id=case,
        stage=state.stage,
        visit=state.visit,
        part=Part.APPROVAL,
        owner=holder_key(stage.pause.approver, state.area),
        pool=True,
        opened_at=clock.now(),
        due_at=state.due_at,
    ).save(force_insert=True)
    emit(facts.PauseAsked(pause=pause.pk, workdays=workdays), area=state.area, case=case)
    return queries.case_state(case)


@action
def rule_pause(*, actor: Actor, case: int, approved: bool) -> CaseState:
    """Approve or refuse the pause that waits. Raises `NotYours`, `ItemTaken`."""
    hold_case(case)
    state = queries.case_by_id(actor, case)
    held = [h for h in queries.mine(actor, state.holdings) if h.part == Part.APPROVAL]
    if not held:
        raise NotYours()
    pause = Pause.objects.filter(case_id=case, approved=None).first()
    now = clock.now()
    closed = WorkItem.objects.filter(pk=held[0].id, done_at=None).update(
        done_at=now, done_by=actor.account
    )
    if pause is None or not closed:
        raise ItemTaken()
    Pause.objects.filter(pk=pause.pk).update(
        approved=approved, ruled_by=actor.account, ruled_at=now
    )
    if approved:
        resume_at = queries.calendar().due(now, pause.workdays, "workdays").at
        Case.objects.filter(pk=case).update(
            paused_at=now,
            resume_at=resume_at,
            wake_at=resume_at,
            pauses=Pause.objects.filter(case_id=case, visit=state.visit, approved=True).count(),
            revision=state.revision + 1,
        )
    emit(facts.PauseRuled(pause=pause.pk, approved=approved), area=state.area, case=case)
    return queries.case_state(case)


@action
def resume_case(*, actor: Actor, case: int) -> CaseState:
    """Let the clock run on; the due time moves by the working days that it stood still."""
    hold_case(case)
    state = queries.case_by_id(actor, case)
    if state.paused_at is None:
        raise PauseRefused(_("这件事项没有暂停"))
    if not actor.is_system and not queries.mine(actor, state.holdings):
        raise NotYours()
    now = clock.now()
    definition = queries.definition_of(state.version)
    stage = definition.stages[state.stage]
    due_at = state.due_at
    if due_at is not None and stage.due is not None:
        due_at = _shifted(state, now)
    yellow, red = lights_for(stage, due_at)
    moments = timed(stage, due_at=due_at, yellow_at=yellow, red_at=red, clock_at=state.clock_at)
    waking = [moment for moment, _kind in moments if moment > now]
    Case.objects.filter(pk=case).update(
        paused_at=None,
        resume_at=None,
        due_at=due_at,
        yellow_at=yellow,
        red_at=red,
        wake_at=min(waking, default=None),
        woken_to=now,
        revision=state.revision + 1,
    )
    WorkItem.objects.filter(case_id=case, done_at=None).update(due_at=due_at)
    emit(facts.Resumed(due_at=due_at.isoformat() if due_at else None), area=state.area, case=case)
    return queries.case_state(case)


def _shifted(state: CaseState, now: datetime) -> datetime:
    """Return the due time moved by what the stage lost: working days, else plain time."""
    assert state.due_at is not None
    assert state.paused_at is not None
    stage = queries.definition_of(state.version).stages[state.stage]
    own = OwnDue.of(state.own_due, state.own_due_basis)
    if stage.due is None or in_force(stage.due, own, state.paused_at)[0].unit != "workdays":
        return state.due_at + (now - state.paused_at)
    try:
        lost = queries.calendar().workdays_between(state.paused_at, now)
    except CalendarYearUnknown:
        lost = (now - state.paused_at).days
    return queries.calendar().due(state.due_at, lost, "workdays").at
