"""What it means for a case that somebody steps aside: nothing of it stays in his hands, or below.

Whoever is recused from a case is recused from its sub-cases as well, those there are already and
those to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.kernel import crypto
from gongzhi.kernel.action import emit
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.standing_in import superior
from gongzhi.procedures.errors import RecusalRefused
from gongzhi.procedures.models import Case, Recusal, WorkItem
from gongzhi.procedures.queries import CaseState, Holding
from gongzhi.procedures.queries.recusals import behind


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody is recused: `version` names the procedure whose list `reason` is from."""

    account: int
    reason: str
    version: int
    words: crypto.Sealed | None
    ordered_by: int | None
    at: datetime


def ground_of(found: Recusal, version: int) -> Ground:
    """Return the ground of a recusal from a case of this version."""
    return Ground(
        account=found.account,
        reason=found.reason,
        version=found.version_id or version,
        words=found.words_sealed,
        ordered_by=found.ordered_by,
        at=found.at,
    )


def step_aside(
    state: CaseState, ground: Ground, *, anew: bool = True, above: int | None = None
) -> None:
    """Keep somebody away from a case that is held, and from its sub-cases.

    Not *anew* it follows from another case's recusal, *above* when that goes on to decide. Nobody
    stays with the whole for the sake of a part: where nobody could take that over it stays as it
    is, and goes to the next level when overdue. Said anew, `RecusalRefused` is raised for it.
    """
    found = Recusal(
        case_id=state.id,
        account=ground.account,
        reason=ground.reason,
        version_id=ground.version if ground.version != state.version else None,
        words_sealed=ground.words,
        ordered_by=ground.ordered_by,
        at=ground.at,
        inherited_id=above,
    )
    found.save(force_insert=True)
    recused = [*state.recused, ground.account]
    Case.objects.filter(pk=state.id).update(recused=recused, revision=state.revision + 1)
    ordered = ground.ordered_by is not None
    fact: facts.Recused | facts.RecusalInherited = facts.RecusalInherited(found.pk, ground.account)
    if anew:
        fact = facts.Recused(recusal=found.pk, account=ground.account, ordered=ordered)
    emit(fact, area=state.area, case=state.id)
    _leave(state, ground.account, recused, stays=not anew)
    _pass_on(state.id, ground, found.pk)


def _pass_on(case: int, ground: Ground, above: int) -> None:
    """Keep somebody away from the sub-cases too: each is held after the case above it."""
    below = Case.objects.filter(parent_id=case).order_by("pk").values_list("pk", flat=True)
    for child in below:
        hold_case(child)
        state = queries.case_state(child, named=False)
        if ground.account not in state.recused:
            step_aside(state, ground, anew=False, above=above)


def follow_above(case: int, above: CaseState) -> None:
    """Keep away from a sub-case newly opened whoever is recused from the case above it."""
    if not above.recused:
        return
    for one in Recusal.objects.filter(case_id=above.id, taken_back_at=None).order_by("id"):
        state = queries.case_state(case, named=False)
        step_aside(state, ground_of(one, above.version), anew=False, above=one.pk)


def _leave(state: CaseState, account: int, recused: list[int], *, stays: bool) -> None:
    """Take every open item off somebody: to the others who hold it, else to the superior."""
    people = behind(held.owner for held in state.holdings)
    for held in state.holdings:
        if account not in people[held.owner] | {held.claimed_by}:
            continue
        if people[held.owner] - set(recused):
            _release(state, held, account)
            continue
        try:
            _hand_over(state, held, recused)
        except RecusalRefused:
            if not stays:
                raise
            _release(state, held, account)


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
