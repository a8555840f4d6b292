"""REST operations of disputes: list, read, put on record, add to the record, move, reveal.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from gongzhi.kernel import paging
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Key, Plain, Strict, known_only
from gongzhi.kernel.web import json_response
from gongzhi.mediation import actions, queries
from gongzhi.mediation.api.common import (
    Area,
    Long,
    Name,
    RecordAnswer,
    RecordMoveBody,
    Records,
    RecordsPage,
    RevealPersonsBody,
    created,
    kept_nowhere,
    moved,
    page_answer,
    router,
    whole_answer,
)
from gongzhi.mediation.choices import DISPUTE, HANDLE, MOST_PARTIES, SEE
from gongzhi.mediation.kinds import kinds
from gongzhi.mediation.queries import PersonShown
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.queries import CaseShown

__all__ = ["router"]


class PartyBody(Strict):
    """One side of a dispute: a name, of a person or an organisation, and perhaps a phone."""

    name: Name
    phone: Annotated[Plain, Field(max_length=40)] = ""


class NewDisputeBody(Strict):
    """A dispute: its kind, where, what it is about (sealed), and two parties at least."""

    kind: Key
    area: Area
    about: Long
    parties: Annotated[list[PartyBody], Field(max_length=MOST_PARTIES)]


class MediationBody(Strict):
    """One mediation: when, who led it, what was said."""

    held_on: date
    led: Name
    words: Long


class AgreementBody(Strict):
    """What was agreed, when, and by when it is to be kept."""

    words: Long
    agreed_on: date
    due_on: date | None = None


class ReviewBody(Strict):
    """What a review found: kept, partly or broken."""

    held_on: date
    result: Annotated[Plain, Field(max_length=20)]
    words: Long = ""


class KindAnswer(Schema):
    """One kind of dispute."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswer(RecordAnswer):
    """A dispute with its masked parties and its records."""

    kind: str
    kind_name: str
    parties: list[PersonShown]
    mediations: list[queries.Held]
    agreements: list[queries.AgreementShown]
    reviews: list[queries.ReviewShown]


@router.get("/dispute-kinds", response=list[KindAnswer], summary="The kinds of dispute")
@access(SEE, face="api")
def list_kinds(request: HttpRequest) -> Any:
    """List the kinds in their order."""
    return json_response([{"id": key, "name": name} for key, name in kinds().items()])


@router.get("/disputes", response=Records, summary="Disputes in one's reach, the newest first")
@access(SEE, face="api")
def list_disputes(request: HttpRequest, page: Query[RecordsPage]) -> Any:
    """List disputes; `next` is the cursor of the next page."""
    known_only(request, page)
    size = paging.limit(page.limit)
    actor = actor_of(request)
    found = queries.list_disputes(actor, status=page.status, cursor=page.cursor, size=size)
    return page_answer(found)


@router.get("/disputes/counts", response=queries.Counts, summary="How many, by state")
@access(SEE, face="api")
def count_disputes(request: HttpRequest) -> Any:
    """Count the disputes that the caller sees."""
    return json_response(queries.count_disputes(actor_of(request)))


@router.post("/disputes", response={201: CaseShown}, summary="Put a dispute on record")
@access(HANDLE, face="api")
def register_dispute(request: HttpRequest, body: NewDisputeBody) -> Any:
    """Put a dispute on record; send an Idempotency-Key so that a repeated call stays one."""
    parties = tuple((one.name, one.phone) for one in body.parties)
    new = actions.NewDispute(kind=body.kind, area=body.area, about=body.about, parties=parties)
    return created(actions.register_dispute(actor=actor_of(request), new=new), "disputes")


@router.get("/disputes/{reference}", response=DisputeAnswer, summary="One dispute")
@access(SEE, face="api")
def get_dispute(request: HttpRequest, reference: str) -> Any:
    """Read a dispute, the parties masked, with the legal next moves and their forms."""
    actor = actor_of(request)
    found = queries.dispute_for(actor, queries.case_of(actor, reference, DISPUTE))
    return whole_answer(actor, found, {name: getattr(found, name) for name in _HELD})


_HELD = ("kind", "kind_name", "parties", "mediations", "agreements", "reviews")


@router.get(
    "/disputes/{reference}/timeline", response=list[dict[str, Any]], summary="What happened"
)
@access(SEE, face="api")
def get_dispute_timeline(request: HttpRequest, reference: str) -> Any:
    """Read everything that happened to a dispute, oldest first: no name, no word of it."""
    state = queries.case_of(actor_of(request), reference, DISPUTE)
    return json_response(procedures.timeline(state))


@router.post("/disputes/{reference}/moves/{move}", response=CaseShown, summary="Make a move")
@access(HANDLE, face="api")
def move_dispute(request: HttpRequest, reference: str, move: str, body: RecordMoveBody) -> Any:
    """Make one of the legal next moves; a stale revision is refused."""
    return moved(request, reference, move, body, DISPUTE)


def _added(request: HttpRequest, reference: str, action: Any, body: Strict) -> HttpResponse:
    action(actor=actor_of(request), reference=reference, **body.__dict__)
    return HttpResponse(status=204)


@router.post("/disputes/{reference}/parties", response={204: None}, summary="Add a party")
@access(HANDLE, face="api")
def add_party(request: HttpRequest, reference: str, body: PartyBody) -> Any:
    """Add a further party, as who carries the dispute."""
    return _added(request, reference, actions.add_party, body)


@router.post("/disputes/{reference}/mediations", response={204: None}, summary="A mediation")
@access(HANDLE, face="api")
def record_mediation(request: HttpRequest, reference: str, body: MediationBody) -> Any:
    """Write down one mediation; the moves that end the mediation ask for one."""
    return _added(request, reference, actions.record_mediation, body)


@router.post("/disputes/{reference}/agreements", response={204: None}, summary="An agreement")
@access(HANDLE, face="api")
def record_agreement(request: HttpRequest, reference: str, body: AgreementBody) -> Any:
    """Write down what the parties agreed on."""
    return _added(request, reference, actions.record_agreement, body)


@router.post("/disputes/{reference}/reviews", response={204: None}, summary="A review")
@access(HANDLE, face="api")
def record_review(request: HttpRequest, reference: str, body: ReviewBody) -> Any:
    """Write down whether the agreement was kept."""
    return _added(request, reference, actions.record_review, body)


@router.post(
    "/disputes/{reference}/parties/reveal",
    response=list[PersonShown],
    summary="Who they are",
)
@access(SEE, face="api")
def reveal_parties(request: HttpRequest, reference: str, body: RevealPersonsBody) -> Any:
    """Tell who the parties are; who asked, when and why stays on record, each time anew.

    By a token this needs the scope `people.reveal` too.
    """
    told = {"reason": body.reason, "words": body.words}
    found = actions.reveal_parties(actor=actor_of(request), reference=reference, **told)
    return kept_nowhere(found)
