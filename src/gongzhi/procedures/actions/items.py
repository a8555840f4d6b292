"""Items: claimed from the pool, given back, given to a person; evidence put to a stage."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.kernel.sql import row
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.errors import AnswersInvalid, ItemTaken, NotYours
from gongzhi.procedures.models import Evidence, WorkItem
from gongzhi.procedures.queries import CaseState


def _item(actor: Actor, item: int) -> tuple[WorkItem, CaseState]:
    """Return an item and its case, scoped; raise `CaseUnknown`."""
    found = WorkItem.objects.filter(pk=item).first()
    state = queries.case_by_id(actor, found.case_id if found else 0)
    assert found is not None  # case_by_id has raised otherwise
    return found, state


@action
def claim_item(*, actor: Actor, item: int) -> CaseState:
    """Take an item from the pool for oneself.

    The conditional update decides a race: of any number of concurrent callers exactly one gets
    the item. Raises `CaseUnknown`, `NotYours`, `NotAllowed` (recused), `ItemTaken`.
    """
    found, state = _item(actor, item)
    if found.owner not in queries.owner_keys(actor) or actor.account is None:
        raise NotYours()
    require(policies.not_recused(actor, state))
    _give(item, state.id, actor.account, over=False)
    emit(facts.ItemClaimed(item=item, account=actor.account), area=state.area, case=state.id)
    return queries.case_state(state.id)


def _give(item: int, case: int, account: int, *, over: bool) -> None:
    """Let one item be *account*'s, *over* who has it now; raise `ItemTaken` for who is too late."""
    wanted = {"item": item, "case": case, "account": account, "over": over}
    if row("procedures", "take_item", wanted) is None:
        raise ItemTaken()


@action
def release_item(*, actor: Actor, item: int) -> CaseState:
    """Give a claimed item back to the pool. Raises `CaseUnknown`, `ItemTaken`."""
    _found, state = _item(actor, item)
    freed = WorkItem.objects.filter(pk=item, done_at=None, claimed_by=actor.account).update(
        claimed_by=None
    )
    if not freed:
        raise ItemTaken(_("这一项不在您手上"))
    emit(facts.ItemReleased(item=item), area=state.area, case=state.id)
    return queries.case_state(state.id)


@action
def assign_item(*, actor: Actor, item: int, account: int) -> CaseState:
    """Give an item to a person who holds a post there. Raises `NotAllowed`, `AnswersInvalid`."""
    found, state = _item(actor, item)
    assign_held(actor=actor, case=state, item=item, owner=found.owner, account=account)
    return queries.case_state(state.id)


@action
def assign_held(*, actor: Actor, case: CaseState, item: int, owner: str, account: int) -> None:
    """Give an item of a case that the actor has just read, as `assign_item` does."""
    require(policies.can_assign(actor, case))
    role, _at, area = owner.partition("@")
    holders = {h.account for h in organisations.holders(role, area)} if area else set()
    if owner.startswith("org:"):
        holders = {h.account for h in organisations.holders_in([int(owner[4:])])}
    if account not in holders:
        raise AnswersInvalid(_("此人在这里没有任职"), field="account", mend=_("请从列表中选择"))
    if account in case.recused:
        raise AnswersInvalid(_("此人已回避这件事项"), field="account", mend=_("请另选一人"))
    _give(item, case.id, account, over=True)
    emit(facts.ItemAssigned(item=item, account=account), area=case.area, case=case.id)


@action
def add_evidence(*, actor: Actor, case: int, kind: str, reference: str) -> None:
    """Put a piece of evidence to the stage a case is in; the same piece counts once."""
    state = queries.case_by_id(actor, case)
    if not queries.mine(actor, state.holdings):
        raise NotYours()
    made: Any = Evidence.objects.get_or_create(
        case_id=case,
        visit=state.visit,
        kind=kind,
        reference=reference[:120],
        defaults={"at": clock.now()},
    )
    if made[1]:
        emit(
            facts.EvidenceAdded(evidence=kind, reference=reference[:120], visit=state.visit),
            area=state.area,
            case=case,
        )


ITEM_ACTIONS = {"claim": claim_item, "release": release_item}
"""What can be done with one item of the pool, by the word in its address."""
