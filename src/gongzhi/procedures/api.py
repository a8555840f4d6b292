"""REST operations of procedures: which are in force, what each asks for; recusal from any case.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Id, Key, Strict, Words
from gongzhi.kernel.web import json_response
from gongzhi.procedures import actions, queries

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


class RecusalBody(Strict):
    """The ground, a key of the procedure's list, with words; an account when it is ordered."""

    reason: Key
    words: Words
    account: Id | None = None


class TakeBackBody(Strict):
    """Why the recusal is taken back; it stays on record."""

    words: Words


class RecusedAnswer(Schema):
    """Where the case stands after it."""

    reference: str
    status: str
    stage: str
    owner_label: str
    recused: list[int]
    revision: int


def _told(state: queries.CaseState) -> HttpResponse:
    return json_response({name: getattr(state, name) for name in RecusedAnswer.model_fields})


@router.get(
    "/cases/{reference}/recusals", response=list[queries.RecusalRow], summary="Who is recused"
)
@access(face="account")
def list_recusals(request: HttpRequest, reference: str) -> Any:
    """List the recusals from any case that the caller sees, those taken back as well."""
    state = queries.case_by_reference(actor_of(request), reference)
    return json_response(queries.every_recusal_of(state))


@router.post("/cases/{reference}/recusals", response=RecusedAnswer, summary="Step aside")
@access(face="account")
def recuse(request: HttpRequest, reference: str, body: RecusalBody) -> Any:
    """Step aside from any case, or tell somebody to as the superior; its parts follow."""
    actor = actor_of(request)
    case = queries.case_by_reference(actor, reference).id
    why = {"reason": body.reason, "words": body.words}
    if body.account in (None, actor.account):
        state = actions.recuse_oneself(actor=actor, case=case, **why)
    else:
        state = actions.order_recusal(actor=actor, case=case, account=body.account, **why)
    return _told(state)


@router.post(
    "/cases/{reference}/recusals/{recusal}/take-back",
    response=RecusedAnswer,
    summary="Take a recusal back",
)
@access(face="account")
def take_back(request: HttpRequest, reference: str, recusal: Id, body: TakeBackBody) -> Any:
    """Let somebody near the case again, as who may order it; the recusal stays on record."""
    actor = actor_of(request)
    case = queries.case_by_reference(actor, reference).id
    words = body.words
    return _told(actions.take_back_recusal(actor=actor, case=case, recusal=recusal, words=words))
