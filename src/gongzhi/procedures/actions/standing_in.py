"""Who takes over where everybody who would hold a part is recused: the superior of the stage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from gongzhi.procedures import queries
from gongzhi.procedures.actions.entering import Entrance, Ownership, holder_key
from gongzhi.procedures.definition import Stage
from gongzhi.procedures.errors import NoHolder
from gongzhi.procedures.queries import CaseState
from gongzhi.procedures.queries.recusals import left_of


def superior(state: CaseState, stage: Stage, recused: Collection[int]) -> str | None:
    """Return whom an overdue stage reaches, else who orders recusals; None when nobody is left."""
    rule = queries.definition_of(state.version).recuse
    named = [stage.escalation.to if stage.escalation else None, rule.by if rule else None]
    for owner in (one for one in named if one is not None and one.role):
        try:
            key = holder_key(owner, state.area)
        except NoHolder:
            continue
        if left_of(key, recused):
            return key
    return None


def without_recused(state: CaseState, stage: Stage, entrance: Entrance) -> Entrance:
    """Return an entrance in which nobody's part lies with recused people alone.

    Where nobody can take over either it stays as it is: overdue, it goes to the next level.
    """
    if not state.recused:
        return entrance
    return replace(entrance, items=tuple(_item(state, stage, one) for one in entrance.items))


def _item(state: CaseState, stage: Stage, item: Ownership) -> Ownership:
    if left_of(item.owner, state.recused):
        return item
    key = superior(state, stage, state.recused)
    return replace(item, owner=key, pool=True) if key else item
