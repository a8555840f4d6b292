"""The face of a sub-case that stands for itself: what it was opened with is all it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongzhi.areas.queries import path_name
from gongzhi.kernel.actor import Actor
from gongzhi.procedures import queries
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.choices import Face
from gongzhi.procedures.queries import CaseState


@dataclass(frozen=True, slots=True)
class Task:
    """A case without a record of its own."""

    state: CaseState


def _find(_actor: Actor, state: CaseState) -> Task:
    return Task(state)


def _move(
    *,
    actor: Actor,
    reference: str,
    move: str,
    data: Mapping[str, Any],
    revision: int | None,
    photos: Mapping[str, Sequence[bytes]],  # noqa: ARG001  # no task's form asks for photos yet
) -> CaseState:
    state = queries.case_by_reference(actor, reference)
    return move_case(actor=actor, case=state, move=move, data=data, revision=revision)


def _context(_actor: Actor, record: Task) -> dict[str, Any]:
    return {
        "place": path_name(record.state.area),
        "procedure": queries.definition_for(record.state).name,
        "told_first": queries.opening_words(record.state),
    }


FACE = Face("procedures/case.html", _find, _move, _context)
