"""Opening a case: its version, its reference, its first stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongzhi.areas.queries import reference_prefix
from gongzhi.kernel import clock, references
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.entering import Entrance, OwnDue, enter
from gongzhi.procedures.definition import Definition
from gongzhi.procedures.errors import NoSuchMove
from gongzhi.procedures.models import Entry


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case is about. `first_move` is made at once by the system, e.g. when located.

    `answers` are what that move's form would ask: whoever opens the case has checked them. `due`
    ("5 workdays") and `due_basis` are the time that the subject brings along, if any.
    """

    procedure: str
    area: str
    subject: str
    subject_id: int
    title: str = ""
    first_move: str = ""
    parent: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    due: str = ""
    due_basis: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The new case, its reference, and the owners who now hold it."""

    id: int
    reference: str
    area: str
    stage: str
    revision: int
    entrance: Entrance


@action
def open_case(*, actor: Actor, opening: Opening) -> Opened:
    """Open a case at an area.

    Raises `ProcedureUnknown`, `NoHolder`, `NoSuchMove` (an unknown first move). Who may open one is
    the business of the subject's own action.
    """
    version = queries.current_version(opening.procedure, opening.area)
    definition = queries.definition_of(version)
    stage, visit = _first_stage(definition, opening.first_move)
    told = opening.answers
    own = OwnDue.of(opening.due, opening.due_basis)
    entrance = enter(
        definition.stages[stage], area=opening.area, visit=visit, answers=told, own=own
    )
    reference = next_reference(opening.area)
    case = _insert(opening, version, definition, reference, entrance)
    entry = _keep_answers(actor, opening, definition, case) if told else None
    opened = facts.CaseOpened(
        procedure=definition.key,
        version=version,
        subject=opening.subject,
        subject_id=opening.subject_id,
        reference=reference,
        entry=None if opening.first_move else entry,
    )
    emit(opened, area=opening.area, case=case)
    _tell_arrival(opening, definition, entrance, case, entry)
    return Opened(case, reference, opening.area, stage, 1, entrance)


def next_reference(area: str) -> str:
    """Return the next reference number of the district of *area* in this month."""
    prefix = reference_prefix(area)
    month = clock.today()
    series = f"reference_{prefix.lower()}_{month:%y%m}"
    found = row("procedures", "next_number", {"series": series})
    return references.make(prefix, month, int((found or {})["number"]))


def _first_stage(definition: Definition, first_move: str) -> tuple[str, int]:
    if not first_move:
        return definition.start, 1
    move = definition.move(definition.start, first_move)
    if move is None or move.target not in definition.stages:
        raise NoSuchMove()
    return move.target, 2


def _insert(
    opening: Opening, version: int, definition: Definition, reference: str, entrance: Entrance
) -> int:
    params: dict[str, Any] = {
        **entrance.columns(),
        "reference": reference,
        "version": version,
        "now": clock.now(),
        "procedure": definition.key,
        "subject": opening.subject,
        "title": opening.title[:120],
        "subject_id": opening.subject_id,
        "area": opening.area,
        "parent": opening.parent,
        "own_due": opening.due,
        "own_due_basis": opening.due_basis,
    }
    return int((row("procedures", "open_case", params) or {})["id"])


def _keep_answers(actor: Actor, opening: Opening, definition: Definition, case: int) -> int:
    entry = Entry(
        case_id=case,
        stage=definition.start,
        visit=1,
        move=opening.first_move,
        data=dict(opening.answers),
        account=actor.account,
        at=clock.now(),
    )
    entry.save(force_insert=True)
    return int(entry.pk)


def _tell_arrival(
    opening: Opening, definition: Definition, entrance: Entrance, case: int, entry: int | None
) -> None:
    if opening.first_move:
        move = definition.move(definition.start, opening.first_move)
        emit(
            facts.Moved(
                move=move.key if move else "",
                source=definition.start,
                target=entrance.stage,
                entry=entry,
                owner="",
            ),
            area=opening.area,
            case=case,
        )
    emit(entered_fact(entrance), area=opening.area, case=case)


def entered_fact(entrance: Entrance) -> facts.StageEntered:
    """Return the fact that a case came to rest in a stage."""
    return facts.StageEntered(
        stage=entrance.stage,
        visit=entrance.visit,
        owners=[item.owner for item in entrance.items],
        due_at=entrance.due_at.isoformat() if entrance.due_at else None,
    )
