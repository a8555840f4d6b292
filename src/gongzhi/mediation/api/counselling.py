"""REST operations of consultations, for counsellors alone.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from gongzhi.kernel import paging
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Plain, Strict, known_only
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
from gongzhi.mediation.choices import CONSULTATION, HANDLE_COUNSELLING, SEE_COUNSELLING
from gongzhi.mediation.queries import PersonShown
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.queries import CaseShown

__all__ = ["router"]


class NewConsultationBody(Strict):
    """Who asks to be counselled, and why: all of it is sealed."""

    area: Area
    name: Name
    phone: Annotated[Plain, Field(max_length=40)] = ""
    about: Long


class TalkBody(Strict):
    """One talk: when, and what was said."""

    held_on: date
    words: Long


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationAnswer(RecordAnswer):
    """A consultation with the masked person and the talks."""

    person: PersonShown
    talks: list[queries.Held]


@router.get("/consultations", response=Records, summary="Consultations, the newest first")
@access(SEE_COUNSELLING, face="api")
def list_consultations(request: HttpRequest, page: Query[RecordsPage]) -> Any:
    """List consultations; `next` is the cursor of the next page."""
    known_only(request, page)
    size, actor = paging.limit(page.limit), actor_of(request)
    found = queries.list_consultations(actor, status=page.status, cursor=page.cursor, size=size)
    return page_answer(found)


@router.get("/consultations/counts", response=queries.Counts, summary="How many, by state")
@access(SEE_COUNSELLING, face="api")
def count_consultations(request: HttpRequest) -> Any:
    """Count the consultations that the caller sees."""
    return json_response(queries.count_consultations(actor_of(request)))


@router.post("/consultations", response={201: CaseShown}, summary="Put it on record")
@access(HANDLE_COUNSELLING, face="api")
def register_consultation(request: HttpRequest, body: NewConsultationBody) -> Any:
    """Put a consultation on record; send an Idempotency-Key so that a repeated call stays one."""
    new = actions.NewConsultation(**body.__dict__)
    done = actions.register_consultation(actor=actor_of(request), new=new)
    return created(done, "consultations")


@router.get("/consultations/{reference}", response=ConsultationAnswer, summary="One consultation")
@access(SEE_COUNSELLING, face="api")
def get_consultation(request: HttpRequest, reference: str) -> Any:
    """Read a consultation, the person masked, with the legal next moves and their forms."""
    actor = actor_of(request)
    found = queries.consultation_for(actor, queries.case_of(actor, reference, CONSULTATION))
    return whole_answer(actor, found, {"person": found.person, "talks": found.talks})


@router.get(
    "/consultations/{reference}/timeline", response=list[dict[str, Any]], summary="What happened"
)
@access(SEE_COUNSELLING, face="api")
def get_consultation_timeline(request: HttpRequest, reference: str) -> Any:
    """Read everything that happened to a consultation, oldest first: no name, no word of it."""
    state = queries.case_of(actor_of(request), reference, CONSULTATION)
    return json_response(procedures.timeline(state))


@router.post("/consultations/{reference}/moves/{move}", response=CaseShown, summary="Make a move")
@access(HANDLE_COUNSELLING, face="api")
def move_consultation(request: HttpRequest, reference: str, move: str, body: RecordMoveBody) -> Any:
    """Make one of the legal next moves; a stale revision is refused."""
    return moved(request, reference, move, body, CONSULTATION)


@router.post("/consultations/{reference}/talks", response={204: None}, summary="A talk")
@access(HANDLE_COUNSELLING, face="api")
def record_talk(request: HttpRequest, reference: str, body: TalkBody) -> Any:
    """Write down one talk, as who carries the consultation."""
    actions.record_talk(actor=actor_of(request), reference=reference, **body.__dict__)
    return HttpResponse(status=204)


@router.post("/consultations/{reference}/person/reveal", response=PersonShown, summary="Who it is")
@access(SEE_COUNSELLING, face="api")
def reveal_person(request: HttpRequest, reference: str, body: RevealPersonsBody) -> Any:
    """Tell who is counselled; who asked, when and why stays on record. Never told to a token."""
    told = {"reason": body.reason, "words": body.words}
    found = actions.reveal_person(actor=actor_of(request), reference=reference, **told)
    return kept_nowhere(found)
