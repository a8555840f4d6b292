"""The moves of a dispute or a consultation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.mediation import queries
from gongzhi.mediation.choices import CONSULTATION, DISPUTE
from gongzhi.procedures.actions import move_case
from gongzhi.procedures.queries import CaseState


@action
def move_record(
    *,
    actor: Actor,
    reference: str,
    move: str,
    data: Mapping[str, Any],
    revision: int | None = None,
    photos: Mapping[str, Sequence[bytes]] | None = None,  # noqa: ARG001  # no form asks for any
) -> CaseState:
    """Make one move of a dispute or consultation that *actor* sees.

    Raises `RecordUnknown`, and what `move_case` raises.
    """
    state = queries.case_of(actor, reference, DISPUTE, CONSULTATION)
    return move_case(actor=actor, case=state, move=move, data=data, revision=revision)
