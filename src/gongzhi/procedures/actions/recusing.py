"""回避: somebody steps aside from a case, or is told to; a recusal is taken back, never deleted."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.stepping_aside import Ground, ground_of, step_aside
from gongzhi.procedures.errors import AnswersInvalid, RecusalRefused, RecusalUnknown
from gongzhi.procedures.models import Case, Recusal
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.recusals import recusable

_LONGEST = 1000
# What the words are sealed for; nothing else opens them.
_WORDS = "procedures.recusal"


@action
def recuse_oneself(*, actor: Actor, case: int, reason: str, words: str) -> CaseState:
    """Step aside from a case that one holds a part of, and from its sub-cases.

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
    sealed = _sealed(words)
    by = actor.account if account != actor.account else None
    step_aside(state, Ground(account, reason, state.version, sealed, by, clock.now()))
    return queries.case_state(state.id)


def _sealed(words: str) -> bytes:
    told = words.strip()
    if not told or len(told) > _LONGEST or "\x00" in told:
        raise AnswersInvalid(_("请写明情况"), field="words", mend=_("1 到 1000 个字"))
    return crypto.seal(told, _WORDS)


@action
def take_back_recusal(*, actor: Actor, case: int, recusal: int, words: str) -> CaseState:
    """Let somebody near a case again, as who may order recusals there, saying why.

    The recusal stays on record as one that was taken back, and those that followed it in the
    sub-cases are taken back with it; what went to the superior meanwhile stays there. Raises
    `CaseUnknown`, `RecusalUnknown`, `NotAllowed`, `AnswersInvalid`, and `RecusalRefused` for one
    that follows from the case above, where alone it is taken back.
    """
    hold_case(case)
    state = queries.case_by_id(actor, case)
    require(policies.can_order_recusal(actor, state))
    found = Recusal.objects.filter(pk=recusal, case_id=case).first()
    if found is None:
        raise RecusalUnknown(field="recusal")
    if found.taken_back_at is not None:
        raise RecusalRefused(_("这次回避已经撤回"))
    if found.inherited_id is not None or _holds_above(state, found.account):
        mend = _("请到所属事项里撤回")
        raise RecusalRefused(_("此人回避了所属事项，在这里也须回避"), mend=mend)
    _take_back(actor, found, _sealed(words))
    return queries.case_state(case)


def _holds_above(state: CaseState, account: int) -> bool:
    """Whether somebody is recused from the case above too."""
    if state.parent is None:
        return False
    return Case.objects.filter(pk=state.parent, recused__contains=[account]).exists()


def _take_back(actor: Actor, found: Recusal, sealed: bytes) -> None:
    """Take a recusal back, and those in sub-cases that follow it: each case is held before."""
    taken = {
        "taken_back_at": clock.now(),
        "taken_back_by": actor.account,
        "taken_back_sealed": sealed,
    }
    Recusal.objects.filter(pk=found.pk).update(**taken)
    without = Func(F("recused"), Value(found.account), function="array_remove")
    case = Case.objects.filter(pk=found.case_id)
    case.update(recused=without, revision=F("revision") + 1)
    fact = facts.RecusalTakenBack(recusal=found.pk, account=found.account)
    emit(fact, area=case.values_list("area", flat=True)[0], case=found.case_id)
    for one in Recusal.objects.filter(inherited_id=found.pk, taken_back_at=None).order_by("case"):
        hold_case(one.case_id)
        _take_back(actor, one, sealed)


@action
def inherit_recusals(*, actor: Actor, case: int, whole: int) -> None:
    """Keep away from a case whoever is recused from the one that it was split off.

    Called with the case newly opened, whose items nobody has claimed. From then on each of the
    two goes its own way: taken back in one, a recusal stays in the other.
    """
    version = queries.case_state(whole, named=False).version
    for one in Recusal.objects.filter(case_id=whole, taken_back_at=None).order_by("id"):
        step_aside(queries.case_state(case, named=False), ground_of(one, version), anew=False)


@action
def forget_recusal_words(*, actor: Actor, cases: Collection[int]) -> None:
    """Erase why somebody was recused from these cases, when what is told there has had its time."""
    Recusal.objects.filter(case_id__in=cases).update(words_sealed=None, taken_back_sealed=None)
