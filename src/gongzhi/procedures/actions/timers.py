"""What the clock does to cases: reminders, lights, escalation, moves by time, pauses that end."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit, running
from gongzhi.kernel.actor import Actor
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.entering import holder_key, timed
from gongzhi.procedures.actions.moving import carry_out
from gongzhi.procedures.actions.pausing import resume_case
from gongzhi.procedures.actions.supervising import supervise_by_itself
from gongzhi.procedures.choices import GUARDS, Part, Trigger
from gongzhi.procedures.definition import Stage
from gongzhi.procedures.errors import NoHolder
from gongzhi.procedures.models import Case, WorkItem
from gongzhi.procedures.queries import CaseState

log = structlog.get_logger(__name__)
_AGAIN = timedelta(minutes=10)
_TAKE = """
SELECT id FROM procedures_case WHERE wake_at <= %s ORDER BY wake_at LIMIT 1
FOR UPDATE SKIP LOCKED
"""


def fire_timers(*, actor: Actor, limit: int = 500) -> int:
    """Wake at most *limit* cases whose moment has come, each in its own transaction.

    Any number of workers may call this at once: a case is held by one. Returns how many woke.
    """
    woken = 0
    while woken < limit and wake_next(actor=actor):
        woken += 1
    return woken


@action
def wake_next(*, actor: Actor) -> bool:
    """Wake the case that has waited longest; return False when none is due."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [now])
        found = cursor.fetchone()
    if found is None:
        return False
    _wake_or_postpone(actor, int(found[0]), now)
    return True


def _wake_or_postpone(actor: Actor, case: int, now: datetime) -> None:
    """Wake a case under a savepoint; one that cannot be woken must not hold up the others."""
    run = running()
    emitted = run.emitted if run else []
    before = len(emitted)
    try:
        with transaction.atomic():
            state = queries.case_state(case)
            if state.resume_at is not None:
                resume_case(actor=actor, case=case)
            else:
                _wake(actor, state, now)
    except Exception:
        # Guards and effects are others' code; a place may also have lost its last post.
        log.exception("case_not_woken", case=case)
        del emitted[before:]
        Case.objects.filter(pk=case).update(wake_at=now + _AGAIN)


def _wake(actor: Actor, state: CaseState, now: datetime) -> None:
    """Do what has come due since the case last woke, then sleep until the next moment."""
    stage = queries.definition_of(state.version).stages[state.stage]
    moments = timed(
        stage,
        due_at=state.due_at if stage.due else None,
        yellow_at=state.yellow_at,
        red_at=state.red_at,
        clock_at=state.clock_at,
    )
    woken_to = Case.objects.filter(pk=state.id).values_list("woken_to", flat=True)[0]
    due = [kind for at, kind in moments if at <= now and (woken_to is None or at > woken_to)]
    for kind in due:
        if kind == "clock":
            if _clock_moves(actor, state, stage):
                return
        else:
            _act(actor, state, stage, kind)
    later = min((at for at, _kind in moments if at > now), default=None)
    if "clock" in due and stage.clock is not None:
        # The clock is held up by its `unless`: it asks again in an hour.
        retry = queries.calendar().due(now, 1, "hours").at
        later = min(retry, later) if later else retry
        Case.objects.filter(pk=state.id).update(clock_at=retry)
    Case.objects.filter(pk=state.id).update(wake_at=later, woken_to=now)


def _clock_moves(actor: Actor, state: CaseState, stage: Stage) -> bool:
    assert stage.clock is not None
    if stage.clock.unless and stage.clock.unless in GUARDS:
        held = GUARDS[stage.clock.unless](queries.situation_of(state, stage.clock.move, {}))
        if held:
            return False
    move = queries.definition_of(state.version).move(state.stage, stage.clock.move)
    if move is None:
        return False
    carry_out(actor, state, move, {})
    return True


def _act(actor: Actor, state: CaseState, stage: Stage, kind: str) -> None:
    if kind == "remind" and state.due_at is not None:
        fact: facts.Reminded | facts.LightTurned = facts.Reminded(
            stage=stage.key, due_at=state.due_at.isoformat()
        )
        emit(fact, area=state.area, case=state.id)
    elif kind in ("yellow", "red"):
        emit(facts.LightTurned(stage=stage.key, light=kind), area=state.area, case=state.id)
    elif kind == "escalate":
        _escalate(state, stage)


def _escalate(state: CaseState, stage: Stage) -> None:
    """Give the next level a part of its own in the overdue stage; the first owner keeps its."""
    assert stage.escalation is not None
    try:
        owner = holder_key(stage.escalation.to, state.area)
    except NoHolder:
        return
    WorkItem.objects.get_or_create(
        case_id=state.id,
        visit=state.visit,
        part=Part.ESCALATION,
        owner=owner,
        done_at=None,
        defaults={
            "stage": stage.key,
            "pool": True,
            "opened_at": clock.now(),
            "due_at": state.due_at,
        },
    )
    emit(facts.Escalated(stage=stage.key, owner=owner), area=state.area, case=state.id)
    escalated = WorkItem.objects.filter(case_id=state.id, part=Part.ESCALATION).count()
    supervise_by_itself(state, Trigger.OVERDUE, escalated)
