"""Merging a matter that repeats another into it, and taking it out again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.policy import require
from gongzhi.matters import policies
from gongzhi.matters.actions.holding import hold_cases
from gongzhi.matters.actions.joining import count_reporters
from gongzhi.matters.errors import CannotMerge
from gongzhi.matters.facts import MatterMerged, MatterSplitOff
from gongzhi.matters.models import Matter
from gongzhi.matters.queries.detail import case_and_matter
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import cancel_case, move_case, reopen_case
from gongzhi.procedures.errors import NoHolder

_MERGE = "merge"


@action
def merge_matters(*, actor: Actor, reference: str, main: str) -> procedures.CaseState:
    """Merge the matter *reference* into *main*, and return the state of the case that goes on.

    Its own case ends as merged, by a move that only the system makes; its reporters follow the
    other from now on. What had been merged into it goes along. Raises `MatterUnknown`,
    `NotAllowed`, `CannotMerge`.
    """
    case, duplicate = case_and_matter(actor, reference)
    into_case, into = case_and_matter(actor, main)
    require(policies.can_merge(actor, case, into_case))
    if duplicate.pk == into.pk:
        raise CannotMerge(_("不能并入自己"), mend=_("请选另一件"))
    duplicate, into = _held(duplicate, into)
    if duplicate.main_id or into.main_id:
        raise CannotMerge(_("其中一件已经并入别的事项"), mend=_("请刷新后再看"))
    state = procedures.case_state(duplicate.case_id)
    if not state.is_open or not procedures.case_state(into.case_id).is_open:
        raise CannotMerge(_("已办结的不能再合并"), mend=_("请选办理中的事项"))
    Matter.objects.filter(main=duplicate).update(main=into)
    Matter.objects.filter(pk=duplicate.pk).update(main=into, merged_from=state.stage)
    words = _("与 %(reference)s 是同一件事，并在一起办理") % {"reference": into_case.reference}
    _end(state, words)
    fact = MatterMerged(duplicate.pk, into.pk)
    emit(fact, area=state.area, case=state.id)
    emit(fact, area=into_case.area, case=into_case.id)
    count_reporters(into)
    return procedures.case_state(into_case.id)


def _end(state: procedures.CaseState, words: str) -> None:
    """End the case as merged; where its procedure has no such end, as the calling off does."""
    if procedures.definition_for(state).move(state.stage, _MERGE) is None:
        cancel_case(actor=SYSTEM, case=state.id, reason=words)
    else:
        move_case(actor=SYSTEM, case=state, move=_MERGE, data={"reason": words})


def _held(*matters: Matter) -> list[Matter]:
    """Hold the cases until the action ends, and return the matters as they stand now.

    Without this lock A could be merged into B while B is merged into A, and neither would go on.
    """
    hold_cases(*(one.case_id for one in matters))
    found = Matter.objects.in_bulk([one.pk for one in matters])
    return [found[one.pk] for one in matters]


@action
def split_off(*, actor: Actor, reference: str) -> procedures.CaseState:
    """Take a merged matter out of its main, so that it goes on by itself where it was.

    Raises `MatterUnknown`, `NotAllowed`, `CannotMerge`, `ReopenRefused`.
    """
    case, matter = case_and_matter(actor, reference)
    require(policies.can_merge(actor, case))
    matter = _held(matter)[0]
    if matter.main_id is None:
        raise CannotMerge(_("这件没有并入别的事项"))
    before, main = matter.merged_from, matter.main_id
    Matter.objects.filter(pk=matter.pk).update(main=None, merged_from="")
    state = _again(case, before)
    fact = MatterSplitOff(matter.pk, main)
    emit(fact, area=case.area, case=case.id)
    return state


def _again(case: procedures.CaseState, before: str) -> procedures.CaseState:
    """Open the case where it was, else in the first stage to which its procedure leads back."""
    reopen = procedures.definition_for(case).reopen
    stages = reopen.to if reopen else ()
    words = _("拆回后继续办理")
    for stage in sorted(stages, key=lambda one: one != before):
        try:
            return reopen_case(actor=SYSTEM, case=case.id, stage=stage, reason=words)
        except NoHolder:
            continue  # nobody there: the next stage is tried
    raise CannotMerge(_("这件事项的规程没有可以回到的一步"))
