"""督办: a case is put on a watched list, answered for by its carrier, taken off by who watches."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.policy import require
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.choices import CARRYING, Status, Trigger
from gongzhi.procedures.errors import (
    AnswersInvalid,
    CaseClosed,
    NotYours,
    SupervisionRefused,
)
from gongzhi.procedures.models import Case, Entry, Supervision
from gongzhi.procedures.queries import CaseState

_LONGEST = 1000


@action
def supervise_case(*, actor: Actor, case: int, trigger: str, reason: str) -> CaseState:
    """Put an open case under supervision, saying why.

    Raises `NotAllowed`, `CaseClosed`, `AnswersInvalid`, and `SupervisionRefused` when it is
    under supervision already.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    require(policies.can_supervise(actor, state))
    if not state.is_open:
        raise CaseClosed()
    if trigger not in Trigger.values:
        raise AnswersInvalid(_("没有这种督办情形"), field="trigger", mend=_("请从列表中选择"))
    _open(actor, state, trigger, _words(reason))
    return queries.case_state(case)


def supervise_by_itself(state: CaseState, trigger: str, count: int) -> None:
    """Put a case under supervision when its procedure says so after that many times.

    Called inside the action that counted. A case that has ended meanwhile, or is on the list,
    stays as it is.
    """
    rule = queries.definition_of(state.version).supervise
    needed = rule.on.get(trigger) if rule else None
    if needed is None or count < needed:
        return
    hold_case(state.id)
    if Case.objects.filter(pk=state.id, status=Status.OPEN, supervised=False).exists():
        _open(SYSTEM, state, trigger, "")


def _open(actor: Actor, state: CaseState, trigger: str, reason: str) -> None:
    rule = queries.definition_of(state.version).supervise
    due = rule.due if rule else None
    now = clock.now()
    due_at = queries.calendar().due(now, due.amount, due.unit).at if due else None
    found = Supervision(
        case_id=state.id, trigger=trigger, opened_by=actor.account, opened_at=now, due_at=due_at
    )
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        raise SupervisionRefused(_("已经在督办了")) from None
    Case.objects.filter(pk=state.id).update(supervised=True)
    entry = _write(actor, state, "supervise", reason)
    emit(
        facts.SupervisionOpened(
            supervision=found.pk,
            trigger=trigger,
            due_at=due_at.isoformat() if due_at else None,
            entry=entry,
        ),
        area=state.area,
        case=state.id,
    )


@action
def answer_supervision(*, actor: Actor, case: int, words: str) -> CaseState:
    """Answer for a supervised case, as who carries it. Raises `NotYours`, `SupervisionRefused`."""
    hold_case(case)
    state = queries.case_by_id(actor, case)
    if not [h for h in queries.mine(actor, state.holdings) if h.part in CARRYING]:
        raise NotYours()
    told = _words(words)
    found = _current(case)
    Supervision.objects.filter(pk=found.pk).update(replied_at=clock.now())
    entry = _write(actor, state, "answer_supervision", told)
    fact = facts.SupervisionAnswered(supervision=found.pk, entry=entry)
    emit(fact, area=state.area, case=case)
    return queries.case_state(case)


@action
def end_supervision(*, actor: Actor, case: int, words: str) -> CaseState:
    """Take a case off the watched list (销号), saying what came of it.

    Raises `NotAllowed`, `SupervisionRefused` when somebody already did.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    require(policies.can_supervise(actor, state))
    told = _words(words)
    if not _close(actor, state, told):
        raise SupervisionRefused(_("没有正在进行的督办"))
    return queries.case_state(case)


def end_with_case(state: CaseState) -> None:
    """Take a case that came to its end off the watched list; the end holds its row."""
    _close(SYSTEM, state, "")


def _close(actor: Actor, state: CaseState, words: str) -> bool:
    """Close the open supervision; the conditional update lets one of several callers do it."""
    found = Supervision.objects.filter(case_id=state.id, closed_at=None).first()
    open_ones = Supervision.objects.filter(pk=found.pk if found else 0, closed_at=None)
    if found is None or not open_ones.update(closed_at=clock.now(), closed_by=actor.account):
        return False
    Case.objects.filter(pk=state.id).update(supervised=False)
    entry = _write(actor, state, "end_supervision", words)
    fact = facts.SupervisionClosed(supervision=found.pk, entry=entry)
    emit(fact, area=state.area, case=state.id)
    return True


def _current(case: int) -> Supervision:
    found = Supervision.objects.filter(case_id=case, closed_at=None).first()
    if found is None:
        raise SupervisionRefused(_("没有正在进行的督办"))
    return found


def _words(given: str) -> str:
    words = given.strip()
    if not words or len(words) > _LONGEST or "\x00" in words:
        raise AnswersInvalid(_("请写明情况"), field="words", mend=_("1 到 1000 个字"))
    return words


def _write(actor: Actor, state: CaseState, move: str, words: str) -> int | None:
    if not words:
        return None
    entry = Entry(
        case_id=state.id,
        stage=state.stage,
        visit=state.visit,
        move=move,
        data={"note": words},
        account=actor.account,
        at=clock.now(),
    )
    entry.save(force_insert=True)
    return int(entry.pk)
