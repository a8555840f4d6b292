"""回避: somebody steps aside from a case, or is told to, and never comes near it again."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.standing_in import superior
from gongzhi.procedures.errors import AnswersInvalid, RecusalRefused
from gongzhi.procedures.models import Case, Recusal, WorkItem
from gongzhi.procedures.queries import CaseState, Holding
from gongzhi.procedures.queries.recusals import behind, recusable

_LONGEST = 1000


@action
def recuse_oneself(*, actor: Actor, case: int, reason: str, words: str) -> CaseState:
    """Step aside from a case that one holds a part of.

    What one claimed goes back to the pool, what nobody else holds to the superior. Raises
    `CaseUnknown`, `NotAllowed`, `AnswersInvalid`, and `RecusalRefused` when nobody could take over.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    require(policies.can_recuse(actor, state))
    return _recuse(actor, state, actor.account or 0, reason, words)


@action
def order_recusal(*, actor: Actor, case: int, account: int, reason: str, words: str) -> CaseState:
    """Tell somebody who stands behind a part of the case to step aside, as the superior.

    Raises as `recuse_oneself` does.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    require(policies.can_order_recusal(actor, state))
    if account not in dict(recusable(state)):
        mend = _("请从列表中选择")
        raise AnswersInvalid(_("此人不经办这件事项"), field="account", mend=mend)
    return _recuse(actor, state, account, reason, words)


def _recuse(actor: Actor, state: CaseState, account: int, reason: str, words: str) -> CaseState:
    rule = queries.definition_of(state.version).recuse
    if rule is None or reason not in rule.reasons:
        raise AnswersInvalid(_("没有这种回避情形"), field="reason", mend=_("请从列表中选择"))
    told = words.strip()
    if not told or len(told) > _LONGEST or "\x00" in told:
        raise AnswersInvalid(_("请写明情况"), field="words", mend=_("1 到 1000 个字"))
    ordered = account != actor.account
    found = Recusal(
        case_id=state.id,
        account=account,
        reason=reason,
        words=told,
        ordered_by=actor.account if ordered else None,
        at=clock.now(),
    )
    found.save(force_insert=True)
    recused = [*state.recused, account]
    Case.objects.filter(pk=state.id).update(recused=recused, revision=state.revision + 1)
    fact = facts.Recused(recusal=found.pk, account=account, ordered=ordered)
    emit(fact, area=state.area, case=state.id)
    _leave(state, account, recused)
    return queries.case_state(state.id)


@action
def inherit_recusals(*, actor: Actor, case: int, whole: int) -> None:
    """Keep away from a case whoever is recused from the one that it was split off.

    Called with the case newly opened, whose items nobody has claimed.
    """
    for one in Recusal.objects.filter(case_id=whole).order_by("id"):
        state = queries.case_state(case, named=False)
        Recusal.objects.create(
            case_id=case,
            account=one.account,
            reason=one.reason,
            words=one.words,
            ordered_by=one.ordered_by,
            at=one.at,
        )
        recused = [*state.recused, one.account]
        Case.objects.filter(pk=case).update(recused=recused)
        _leave(state, one.account, recused)


def _leave(state: CaseState, account: int, recused: list[int]) -> None:
    """Take every open item off somebody: to the others who hold it, else to the superior."""
    people = behind(held.owner for held in state.holdings)
    for held in state.holdings:
        if account not in people[held.owner] | {held.claimed_by}:
            continue
        if people[held.owner] - set(recused):
            _release(state, held, account)
        else:
            _hand_over(state, held, recused)


def _release(state: CaseState, held: Holding, account: int) -> None:
    """Give back what was claimed; what was not is open to the others already."""
    mine = WorkItem.objects.filter(pk=held.id, done_at=None, claimed_by=account)
    if mine.update(claimed_by=None):
        emit(facts.ItemReleased(item=held.id), area=state.area, case=state.id)


def _hand_over(state: CaseState, held: Holding, recused: list[int]) -> None:
    stage = queries.definition_of(state.version).stages[state.stage]
    owner = superior(state, stage, recused)
    if owner is None:
        raise RecusalRefused(_("没有别人能接手"), mend=_("请先请上级安排接手的人"))
    try:
        with transaction.atomic():
            WorkItem.objects.filter(pk=held.id, done_at=None).update(
                owner=owner, pool=True, claimed_by=None
            )
    except IntegrityError:
        # The superior has a part of the same kind already: one carries both.
        raise RecusalRefused(_("上级已经在办同一环节的另一部分")) from None
    fact = facts.ItemHandedOver(item=held.id, owner=owner)
    emit(fact, area=state.area, case=state.id)
