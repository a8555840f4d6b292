"""Writing where a case comes to rest, and telling it: what moves, rulings and endings share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from gongzhi.kernel import clock
from gongzhi.kernel.action import emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row
from gongzhi.procedures import facts
from gongzhi.procedures.actions.entering import Entrance
from gongzhi.procedures.actions.opening import entered_fact
from gongzhi.procedures.actions.supervising import end_with_case
from gongzhi.procedures.choices import Status
from gongzhi.procedures.definition import Outcome
from gongzhi.procedures.errors import CaseMoved, NoSuchMove
from gongzhi.procedures.queries import CaseState


def entrance_columns(entrance: Entrance | None) -> dict[str, Any]:
    """Return the columns of a case that comes to rest in a stage."""
    if entrance is None:
        raise NoSuchMove()
    return {
        **entrance.columns(),
        "status": Status.OPEN.value,
        "outcome": "",
        "outcome_kind": "",
        "closed_at": None,
    }


def outcome_columns(state: CaseState, outcome: Outcome) -> dict[str, Any]:
    """Return the columns of a case that comes to its end in the stage it is in."""
    return {
        "stage": state.stage,
        "visit": state.visit,
        "status": Status.CLOSED.value,
        "outcome": outcome.key,
        "outcome_kind": outcome.kind,
        "closed_at": clock.now(),
        "due_at": state.due_at,
        "due_basis": state.due_basis,
        "due_note": state.due_note,
        "yellow_at": None,
        "red_at": None,
        "clock_at": None,
        "wake_at": None,
        "parts": [],
        "owners": [],
        "pools": [],
        "parties": [],
    }


def write(
    actor: Actor,
    state: CaseState,
    place: Mapping[str, Any],
    move: str,
    answers: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Write a change of place; of all who saw this revision one does. Raises `CaseMoved`."""
    found = row(
        "procedures",
        "move_case",
        {
            **place,
            "case": state.id,
            "revision": state.revision,
            "now": now,
            "move": move,
            "from_stage": state.stage,
            "from_visit": state.visit,
            "account": actor.account,
            "data": orjson.dumps(answers).decode(),
        },
    )
    if found is None:
        raise CaseMoved(field="revision")
    if found["supervised"] and place["outcome"]:
        # As the row stands now: it may have been put on the list since the state was read.
        end_with_case(state)
    return found


def put_in_place(
    actor: Actor, state: CaseState, place: Mapping[str, Any], move: str, words: Mapping[str, Any]
) -> int | None:
    """Write a change of place that is no move of the file (ruling, reopening); return the entry."""
    entry: int | None = write(actor, state, place, move, words, clock.now())["entry"]
    return entry


def tell_arrival(
    state: CaseState, entrance: Entrance | None, outcome: Outcome | None, now: datetime
) -> None:
    """Emit that the case came to rest in a stage, or to its end."""
    if outcome is None:
        if entrance is not None:
            emit(entered_fact(entrance), area=state.area, case=state.id)
        return
    on_time = state.due_at is None or now <= state.due_at
    emit(
        facts.CaseClosed(
            outcome=outcome.key, outcome_kind=outcome.kind, stage=state.stage, on_time=on_time
        ),
        area=state.area,
        case=state.id,
    )
