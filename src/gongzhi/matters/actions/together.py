"""The same thing done with several cases, each by itself: one refused does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.facts.actions import Answer, answer_once, content_digest
from gongzhi.kernel.action import running
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import GongzhiError, InvalidInput
from gongzhi.matters.queries.together import assignable
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import ITEM_ACTIONS, assign_held
from gongzhi.procedures.choices import FACES
from gongzhi.procedures.errors import CaseClosed, NotYours

MOST_TOGETHER = 50  # as many as a page shows
_LONGEST_ID = 19  # digits of a number in the database


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one of the chosen; `error` is None when it was done."""

    chosen: str
    error: GongzhiError | None = None


def move_together(
    *, actor: Actor, references: Iterable[str], move: str, data: Mapping[str, Any], key: str = ""
) -> list[Fate]:
    """Make one move of several cases, through the action that makes it of one.

    With a *key* each case is moved once, however often it is sent. Raises `InvalidInput` for none
    and for more than 50.
    """

    def make(reference: str) -> None:
        state = procedures.case_by_reference(actor, reference)
        face = FACES.get(state.subject)
        if face is None:
            raise NotYours()
        face.move(
            actor=actor,
            reference=state.reference,
            move=move,
            data=data,
            revision=state.revision,
            photos=None,
        )

    return _each(actor, references, make, key, {"move": move, "data": dict(data)})


def assign_together(
    *, actor: Actor, references: Iterable[str], account: int, key: str = ""
) -> list[Fate]:
    """Give several cases to one person, each by its own item; keys and errors as for moves."""

    def give(reference: str) -> None:
        state = procedures.case_by_reference(actor, reference)
        if not state.is_open:
            raise CaseClosed()
        item = assignable(actor, state)
        if item is None:
            raise NotYours(_("只有承办方或派单岗位可以指派"))
        if item.claimed_by != account:
            assign_held(actor=actor, case=state, item=item.id, owner=item.owner, account=account)

    return _each(actor, references, give, key, {"account": account})


def take_together(*, actor: Actor, items: Iterable[str], what: str, key: str = "") -> list[Fate]:
    """Claim or release several items of the pool; keys and errors as for moves."""

    def take(item: str) -> None:
        known = item.isdecimal() and len(item) < _LONGEST_ID
        ITEM_ACTIONS[what](actor=actor, item=int(item) if known else 0)

    return _each(actor, items, take, key, {"what": what})


def _each(
    actor: Actor,
    chosen: Iterable[str],
    call: Callable[[str], None],
    key: str,
    content: Mapping[str, Any],
) -> list[Fate]:
    # One order for everybody: two who choose the same cases must not wait for each other.
    wanted = sorted({one[:40] for one in chosen if one.isascii() and one.isprintable()})
    if not 0 < len(wanted) <= MOST_TOGETHER:
        mend = _("请选 1 到 %(most)d 件") % {"most": MOST_TOGETHER}
        raise InvalidInput(_("一次办不了这么多") if wanted else _("还没有选"), mend=mend)
    return [_one(actor, one, call, key, content) for one in wanted]


def _one(
    actor: Actor, chosen: str, call: Callable[[str], None], key: str, content: Mapping[str, Any]
) -> Fate:
    try:
        if key:
            digest = content_digest(chosen.encode(), orjson.dumps(content, default=str))
            answer_once(
                actor=actor,
                key=f"{key[:64]}:{chosen}",
                digest=digest,
                call=lambda: _answered(call, chosen),
            )
        else:
            _alone(call, chosen)
    except GongzhiError as error:
        return Fate(chosen, error)
    return Fate(chosen)


def _answered(call: Callable[[str], None], chosen: str) -> Answer:
    call(chosen)
    return Answer(200, b"{}")


def _alone(call: Callable[[str], None], chosen: str) -> None:
    """Call in a transaction of its own, or within one that runs: refused, nothing of it stays."""
    run = running()
    if run is None:
        call(chosen)
        return
    before = len(run.emitted)
    try:
        with transaction.atomic():
            call(chosen)
    except GongzhiError:
        del run.emitted[before:]
        raise
