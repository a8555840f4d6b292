"""REST operations of procedures: which are in force, and what each asks for.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from gongzhi.kernel.access import access, actor_of
from gongzhi.procedures import queries

router = Router(tags=["procedures"])


class ProcedureAnswer(Schema):
    """A published version; `scope` is the area prefix in which it is in force."""

    id: int
    procedure: str
    scope: str
    number: int
    name: str
    published_at: datetime


class Procedures(Schema):
    """The procedures in force in the caller's reach."""

    items: list[ProcedureAnswer]


class StageAnswer(Schema):
    """A stage in words."""

    key: str
    name: str
    owner: str
    due: str
    basis: str


class MoveAnswer(Schema):
    """A move in words, with what it asks for."""

    key: str
    name: str
    source: str
    target: str
    by: str
    asks: list[str]


class ProcedureDetail(ProcedureAnswer):
    """A version with its stages, moves and ways to end."""

    basis: str
    stages: list[StageAnswer]
    moves: list[MoveAnswer]
    outcomes: list[str]
    running: int


@router.get("/procedures", response=Procedures, summary="The procedures in force")
@access("procedures.see", face="api")
def list_procedures(request: HttpRequest) -> Any:
    """List the newest versions in the caller's reach."""
    return {"items": [asdict(row) for row in queries.visible_versions(actor_of(request))]}


@router.get("/procedures/{version}", response=ProcedureDetail, summary="One procedure")
@access("procedures.see", face="api")
def read_procedure(request: HttpRequest, version: int) -> Any:
    """Read one version: stages with owners and due times, moves with what they ask for."""
    view = queries.describe(actor_of(request), version)
    return {
        **asdict(view.row),
        "basis": view.basis,
        "running": view.running,
        "stages": [asdict(stage) for stage in view.stages],
        "moves": [asdict(move) for move in view.moves],
        "outcomes": list(view.outcomes),
    }
