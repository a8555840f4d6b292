"""REST operations of visits: list, read, write down, and what came of each need.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from gongzhi.kernel import paging
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Id, Key, Plain, Strict, known_only
from gongzhi.kernel.web import json_response
from gongzhi.visits import actions, queries
from gongzhi.visits.choices import (
    LONGEST_HEARD,
    LONGEST_NEED,
    LONGEST_PLACE,
    LONGEST_PROMISE,
    LONGEST_RESULT,
    MOST_NEEDS,
    RECORD,
    SEE,
    SOURCE,
)
from gongzhi.visits.purposes import purposes

router = Router(tags=["visits"])


class NeedBody(Strict):
    """A need as it was heard: its words, what was promised and by when."""

    words: Annotated[Plain, Field(max_length=LONGEST_NEED)]
    promise: Annotated[Plain, Field(max_length=LONGEST_PROMISE)] = ""
    promised_for: date | None = None


class NewVisitBody(Strict):
    """A visit: which community or deeper, which day, what for, what was heard."""

    area: Annotated[Plain, Field(max_length=20)]
    visited_on: date
    purpose: Key
    place_text: Annotated[Plain, Field(max_length=LONGEST_PLACE)] = ""
    heard: Annotated[Plain, Field(max_length=LONGEST_HEARD)] = ""
    needs: Annotated[list[NeedBody], Field(max_length=MOST_NEEDS)] = Field(default_factory=list)


class ResultBody(Strict):
    """What came of a need that is no matter."""

    result: Annotated[Plain, Field(max_length=LONGEST_RESULT)]


class VisitsPage(Strict):
    """All visits, those with an `open` need, or with a `late` promise; the newest first."""

    tab: str = Field(default="all", pattern="^(all|open|late)$")
    cursor: str = ""
    limit: int | None = None


class PurposeAnswer(Schema):
    """What staff visit people for."""

    id: str
    name: str


class Visits(Schema):
    """A page of visits."""

    items: list[queries.VisitRow]
    next: str | None


class RecordedAnswer(Schema):
    """The number of the visit."""

    visit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAnswer(queries.NeedShown):
    """One need. Sent as `source` with a new matter it becomes that matter, once.

    `reference`, `stage` and `outcome_kind` are those of its matter, where the caller sees it;
    `late` says that its promise is overdue.
    """

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAnswer(queries.VisitDetail):
    """One visit with its needs; `erased` when its words have had their time."""

    needs: tuple[NeedAnswer, ...]


@router.get("/visit-purposes", response=list[PurposeAnswer], summary="What visits are for")
@access(SEE, face="api")
def list_purposes(request: HttpRequest) -> Any:
    """List the purposes in their order."""
    return json_response([{"id": key, "name": name} for key, name in purposes().items()])


@router.get("/visits", response=Visits, summary="Visits in one's reach, the newest first")
@access(SEE, face="api")
def list_visits(request: HttpRequest, page: Query[VisitsPage]) -> Any:
    """List visits; `next` is the cursor of the next page."""
    known_only(request, page)
    size, actor = paging.limit(page.limit), actor_of(request)
    found = queries.list_visits(actor, tab=page.tab, cursor=page.cursor, size=size)
    return json_response({"items": found.items, "next": found.next})


@router.post("/visits", response={201: RecordedAnswer}, summary="Write down a visit")
@access(RECORD, face="api")
def record_visit(request: HttpRequest, body: NewVisitBody) -> Any:
    """Write down a visit; send an Idempotency-Key so that a repeated call stays one."""
    needs = tuple(actions.NewNeed(**one.__dict__) for one in body.needs)
    new = actions.NewVisit(**{**body.__dict__, "needs": needs})
    visit = actions.record_visit(actor=actor_of(request), new=new)
    response = json_response({"visit": visit}, status=201)
    response["Location"] = f"/api/v1/visits/{visit}"
    return response


@router.get("/visits/{visit}", response=VisitAnswer, summary="One visit")
@access(SEE, face="api")
def get_visit(request: HttpRequest, visit: Id) -> Any:
    """Read a visit with its needs and what came of them."""
    found = queries.get_visit(actor_of(request), visit)
    needs = tuple(NeedAnswer(**_all(one), source=f"{SOURCE}:{one.id}") for one in found.needs)
    return json_response(VisitAnswer(**(_all(found) | {"needs": needs})))


def _all(row: Any) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in fields(row)}


@router.post("/visits/{visit}/needs/{need}/result", response={204: None}, summary="What came of it")
@access(RECORD, face="api")
def answer_need(request: HttpRequest, visit: Id, need: Id, body: ResultBody) -> Any:
    """Write down what came of a need that is no matter; said again, it is corrected."""
    actor = actor_of(request)
    queries.get_visit(actor, visit).need(need)
    actions.answer_need(actor=actor, need=need, result=body.result)
    return HttpResponse(status=204)
