"""派单异议: a dispatched organisation objects once, somebody rules, after that it stays.

The lead's upheld objection sends the whole case back; one of several parts is only taken off it.
"""

from __future__ import annotations

from django.db import IntegrityError
from django.db.transaction import atomic
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.entering import OwnDue, enter, holder_key
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.placing import entrance_columns, put_in_place, tell_arrival
from gongzhi.procedures.actions.standing_in import without_recused
from gongzhi.procedures.actions.subcases import call_off_subcases
from gongzhi.procedures.actions.supervising import supervise_by_itself
from gongzhi.procedures.choices import Part, Trigger
from gongzhi.procedures.definition.model import Objection as Rule
from gongzhi.procedures.errors import AnswersInvalid, ItemTaken, NotYours, ObjectionRefused
from gongzhi.procedures.models import Case, Objection, WorkItem
from gongzhi.procedures.queries import CaseState

_OBJECTING = (Part.LEAD, Part.FAN, Part.ASSIST)


@action
def object_to_dispatch(*, actor: Actor, case: int, reason: str) -> CaseState:
    """Say that the dispatched case is not one's own.

    One objection is ruled on at a time. Raises `NotYours`, `ObjectionRefused` (not possible here,
    another one waits, or one's own was ruled already).
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    stage = queries.definition_of(state.version).stages[state.stage]
    held = [h for h in queries.mine(actor, state.holdings) if h.part in _OBJECTING]
    if not held:
        raise NotYours()
    if not reason.strip():
        raise AnswersInvalid(_("请写明异议的理由和依据"), field="reason")
    ruled_against = Objection.objects.filter(case_id=case, owner=held[0].owner, upheld=False)
    if stage.objection is None or ruled_against.exists():
        raise ObjectionRefused()
    if any(h.part == Part.RULING for h in state.holdings):
        raise ObjectionRefused(_("另一项异议正在裁定，请稍后再提"))
    now = clock.now()
    objection = Objection(
        case_id=case,
        visit=state.visit,
        owner=held[0].owner,
        reason=reason.strip()[:1000],
        raised_by=actor.account,
        raised_at=now,
    )
    try:
        with atomic():
            objection.save(force_insert=True)
    except IntegrityError:
        raise ObjectionRefused() from None
    Case.objects.filter(pk=case).update(objected=True, revision=state.revision + 1)
    _ask_ruling(state, stage.objection)
    emit(
        facts.ObjectionRaised(objection=objection.pk, owner=held[0].owner),
        area=state.area,
        case=case,
    )
    return queries.case_state(case)


def _ask_ruling(state: CaseState, rule: Rule) -> None:
    """Open the item of whoever rules on objections here."""
    now = clock.now()
    due = queries.calendar().due(now, rule.due.amount, rule.due.unit).at if rule.due else None
    WorkItem(
        case_id=state.id,
        stage=state.stage,
        visit=state.visit,
        part=Part.RULING,
        owner=holder_key(rule.ruling, state.area),
        pool=True,
        opened_at=now,
        due_at=due or state.due_at,
    ).save(force_insert=True)


@action
def rule_objection(*, actor: Actor, case: int, upheld: bool, ruling: str) -> CaseState:
    """Rule on an objection: upheld sends the case, or takes the part, back from who objected.

    Ruled against, the case stays where it is and cannot be returned again. Raises `NotYours`,
    `AnswersInvalid`, `ItemTaken`.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    held = [h for h in queries.mine(actor, state.holdings) if h.part == Part.RULING]
    if not held:
        raise NotYours()
    if not ruling.strip():
        raise AnswersInvalid(_("请写明裁定的理由"), field="ruling")
    objection = Objection.objects.filter(case_id=case, visit=state.visit, upheld=None).first()
    now = clock.now()
    closed = WorkItem.objects.filter(pk=held[0].id, done_at=None).update(
        done_at=now, done_by=actor.account
    )
    if objection is None or not closed:
        raise ItemTaken()
    Objection.objects.filter(pk=objection.pk).update(
        upheld=upheld, ruling=ruling.strip()[:1000], ruled_by=actor.account, ruled_at=now
    )
    emit(facts.ObjectionRuled(objection=objection.pk, upheld=upheld), area=state.area, case=case)
    if not upheld:
        refused = Objection.objects.filter(case_id=case, upheld=False).count()
        supervise_by_itself(state, Trigger.REFUSED, refused)
    elif not _withdraw_part(actor, state, objection.owner):
        _send_back(actor, state)
    return queries.case_state(case)


def _withdraw_part(actor: Actor, state: CaseState, owner: str) -> bool:
    """Take one part off the case; False when the lead objected, or no equal part would be left."""
    held = next((h for h in state.holdings if h.owner == owner and h.part in _OBJECTING), None)
    if held is None or held.part == Part.LEAD:
        return False
    equal = [h for h in state.holdings if h.part == Part.FAN and h.id != held.id]
    if held.part == Part.FAN and not equal:
        return False
    WorkItem.objects.filter(pk=held.id, done_at=None).update(
        done_at=clock.now(), done_by=actor.account
    )
    return True


def _send_back(actor: Actor, state: CaseState) -> None:
    definition = queries.definition_of(state.version)
    objection = definition.stages[state.stage].objection
    assert objection is not None  # the ruling item exists only where the stage has one
    target = definition.stages[objection.upheld]
    own = OwnDue.of(state.own_due, state.own_due_basis)
    found = enter(target, area=state.area, visit=state.visit + 1, answers={}, own=own)
    entrance = without_recused(state, target, found)
    put_in_place(actor, state, entrance_columns(entrance), "objection_upheld", {})
    tell_arrival(state, entrance, None, clock.now())
    call_off_subcases(state=state, leaving=True)
