"""What can be done with several cases in one go: the moves and the people they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from gongzhi.kernel import references
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import CARRYING, FACES, Part
from gongzhi.procedures.queries import CaseState, Holding

SHORT = frozenset({"text", "long_text", "choice", "boolean", "integer", "date", "datetime"})
"""What can be said once for many cases; an organisation, a photo, a list of rows is of one."""
_LONGEST_ID = 19  # digits of a number in the database


@dataclass(frozen=True, slots=True)
class CommonMove:
    """A move that all the chosen cases have in common, with what it asks; `ends` closes them."""

    key: str
    name: str
    ends: bool
    form: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """The chosen cases that the actor sees and that still go on, and what they share."""

    cases: tuple[CaseState, ...]
    moves: tuple[CommonMove, ...]
    people: tuple[tuple[int, str], ...]


def together(actor: Actor, chosen: Iterable[str]) -> Together:
    """Return what *actor* may do with these cases at once, in a bounded number of statements.

    A case is named by its reference, or by the number of one of its items.
    """
    cases = _cases(actor, set(chosen))
    return Together(cases, _moves(actor, cases), _people(actor, cases))


def _cases(actor: Actor, chosen: set[str]) -> tuple[CaseState, ...]:
    items = {int(one) for one in chosen if one.isdecimal() and len(one) < _LONGEST_ID}
    named = {_reference(one) for one in chosen} - {""}
    visible = procedures.visible_cases(actor).filter(status="open", subject__in=list(FACES))
    rows = {row.pk: row for row in visible.filter(reference__in=named)} if named else {}
    if items:
        rows |= {row.pk: row for row in visible.filter(items__id__in=items)}
    held = procedures.holdings_of(rows)
    found = [procedures.as_state(row, held.get(row.pk, ())) for row in rows.values()]
    return tuple(sorted(found, key=lambda state: state.reference))


def _reference(text: str) -> str:
    try:
        return references.check(text)
    except InvalidInput:
        return ""


def _moves(actor: Actor, cases: Sequence[CaseState]) -> tuple[CommonMove, ...]:
    """Return the common moves; a guard that refuses one case is told when the move is made."""
    shared: list[CommonMove] = []
    for number, state in enumerate(cases):
        mine = _open_to(actor, state)
        shared = mine if number == 0 else [one for one in shared if one in mine]
    return tuple(shared)


def move_for_many(actor: Actor, cases: Sequence[CaseState], key: str) -> CommonMove | None:
    """Return the move under this key of the first of the cases that still has it."""
    found = (one for state in cases for one in _open_to(actor, state) if one.key == key)
    return next(found, None)


def _open_to(actor: Actor, state: CaseState) -> list[CommonMove]:
    definition = procedures.definition_for(state)
    return [
        CommonMove(move.key, move.name, definition.is_outcome(move.target), _asked(move))
        for move in definition.moves_from(state.stage)
        if _is_for_many(move) and _may(actor, state, move)
    ]


def _is_for_many(move: Any) -> bool:
    """Whether one answer can stand for many cases.

    A move with an effect of its own is not: what one person judged is not what ten did.
    """
    return not move.effect and all(one.type in SHORT for one in move.form if one.required)


def _asked(move: Any) -> tuple[Any, ...]:
    return tuple(one for one in move.form if one.type in SHORT)


def _may(actor: Actor, state: CaseState, move: Any) -> bool:
    if move.moved_by == "owner" and not any(
        held.part in CARRYING for held in procedures.mine(actor, state.holdings)
    ):
        return False  # asked first: the words of a refusal cost a statement for each case
    return bool(procedures.may_make(actor, state, move))


# --- who may be given them ---------------------------------------------------------------------
def assignable(actor: Actor, state: CaseState) -> Holding | None:
    """Return the item of a case that *actor* may give to somebody, its own first."""
    own = [h for h in procedures.mine(actor, state.holdings) if h.part in (*CARRYING, Part.ASSIST)]
    if not own and actor.may("matters.dispatch", area=state.area):
        own = [h for h in state.holdings if h.part in CARRYING]
    return next((held for held in own if not held.owner.startswith("acc:")), None)


def _people(actor: Actor, cases: Sequence[CaseState]) -> tuple[tuple[int, str], ...]:
    """Return who could have every one of the cases: those in a post where each of them lies."""
    items = [assignable(actor, state) for state in cases]
    owners = {item.owner for item in items if item is not None}
    if not owners or None in items:
        return ()
    roles = {tuple(owner.split("@", 1)) for owner in owners if "@" in owner}
    pairs = {(role, area) for role, area in roles}
    found = organisations.holders_of(pairs)
    groups = [{h.account: h.name for h in found.get(pair, ())} for pair in pairs]
    groups += [
        {h.account: h.name for h in organisations.holders_in([int(owner[4:])])}
        for owner in owners
        if owner.startswith("org:")
    ]
    shared = reduce(lambda left, right: left & right, (set(one) for one in groups))
    names = {account: name for one in groups for account, name in one.items()}
    return tuple(sorted(((one, names[one]) for one in shared), key=lambda pair: pair[1]))
