"""Report, list, read, move, verdict; the inbox; categories.

Annotations stay real objects here: the API reads them through the access guard. Answers on the
busy ways are bytes written once; their shapes stand here for the description of the API.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from gongzhi.kernel import coordinates, paging
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import Strict, known_only
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions, queries
from gongzhi.matters.choices import HANDLE, REPORT, SEE, Channel
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.queries import CaseShown

router = Router(tags=["matters"])


def answered_as(media: str, schema: dict[str, str], *others: str) -> dict[str, Any]:
    """Return what the description says of an answer that is no JSON."""
    return {"responses": {200: {"content": {one: {"schema": schema} for one in (media, *others)}}}}


class NewMatterBody(Strict):
    """What is reported; only the words are needed. A point wins over an area.

    `source` names the record that it comes from, such as the need of a visit: taken by it once.
    """

    words: str
    category: str = ""
    channel: str = Channel.API.value
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    place_text: str = ""
    lon: float | None = None
    lat: float | None = None
    system: coordinates.System = "wgs84"
    area: str = ""
    title: str = ""
    submit_key: str = ""
    source: Annotated[str, Field(max_length=100)] = ""


class MoveBody(Strict):
    """The answers of the move's form, and the revision they were given on."""

    data: dict[str, Any] = Field(default_factory=dict)
    revision: int | None = Field(default=None, ge=0, le=2**31 - 1)


class VerdictBody(Strict):
    """The reporter's verdict, with the secret of the link."""

    secret: str
    solved: bool
    satisfaction: str
    words: str = ""


class PlaceBody(Strict):
    """Where the matter lies: a community or deeper."""

    area: str
    revision: int | None = Field(default=None, ge=0, le=2**31 - 1)


class CategoryBody(Strict):
    """The code of a category."""

    category: str


class MatterFilters(Strict):
    """What narrows the list of matters; `light` is late, soon or waiting."""

    status: str = ""
    stage: str = ""
    category: str = ""
    area: str = ""
    light: str = ""
    text: str = ""
    channel: str = ""
    mine: bool = False

    def filters(self) -> queries.Filters:
        """Return what the query takes."""
        names = set(queries.Filters.__slots__) & set(type(self).model_fields)
        return queries.Filters(**{name: getattr(self, name) for name in names})


class MatterPage(MatterFilters):
    """Filters with an order, a place in the list and the size of the page (1 to 200).

    Open matters unless `status` asks for `closed`, or is sent empty for both. `order` is `due`
    (the most overdue first, what has no due time last) or `newest`; a cursor belongs to its order.
    """

    status: str = "open"
    order: str = "due"
    cursor: str = ""
    limit: int | None = None


class ReportedAnswer(Schema):
    """The reference to name, and the secret of the reporter's link, told this once."""

    reference: str
    secret: str
    follow: str
    case: int
    area: str
    stage: str
    revision: int


class Matters(Schema):
    """A page of matters."""

    items: list[queries.MatterRow]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAnswer(queries.MatterRow):
    """A matter with its words, photos, masked reporter and the caller's legal next moves."""

    words: str
    place_text: str
    lon: float | None
    lat: float | None
    outcome_name: str
    due_basis: str
    reporter: dict[str, Any]
    photos: list[dict[str, Any]]
    next_moves: list[dict[str, Any]]


class CountsAnswer(Schema):
    """How many; what ended is counted so far, `more` says that there are more."""

    open: int
    late: int
    soon: int
    closed: int
    total: int
    more: bool


class PublicAnswer(Schema):
    """What the reference alone tells."""

    reference: str
    stage: str
    status: str
    outcome: str
    outcome_kind: str
    owner: str
    due_at: datetime | None
    reported_at: datetime
    closed_at: datetime | None


class CategoryAnswer(Schema):
    """One category of the table in force."""

    code: str
    parent: str
    level: int
    name: str


class InboxPage(Strict):
    """Which part of the inbox: mine, assist or pool."""

    tab: str = Field(default="mine", pattern="^(mine|assist|pool)$")
    cursor: str = ""
    limit: int | None = None


class Inbox(Schema):
    """A page of open items, the most urgent first."""

    items: list[dict[str, Any]]
    next: str | None


@router.post("/matters", response={201: ReportedAnswer}, summary="Report a matter")
@access(REPORT, face="api")
def report_matter(request: HttpRequest, body: NewMatterBody) -> Any:
    """Take a matter in; send an Idempotency-Key so that a repeated call stays one report."""
    report = actions.NewMatter(**body.__dict__)
    done = actions.report_matter(actor=actor_of(request), report=report)
    answer = {
        "reference": done.reference,
        "secret": done.secret,
        "case": done.case,
        "area": done.area,
        "stage": done.stage,
        "revision": done.revision,
        "follow": f"/follow/{done.reference}/{done.secret}/",
    }
    response = json_response(answer, status=201)
    response["Location"] = f"/api/v1/matters/{done.reference}"
    return response


@router.get("/matters", response=Matters, summary="Matters in one's reach, by due time")
@access(SEE, face="api")
def list_matters(request: HttpRequest, page: Query[MatterPage]) -> Any:
    """List open matters, what is due first on top; `next` is the cursor of the next page.

    `order=newest` lists the newest first; `status=closed` those that ended, `status=` both.
    """
    known_only(request, page)
    found = queries.list_matters(
        actor_of(request), page.filters(), page.cursor, page.limit, page.order
    )
    return json_response({"items": found.items, "next": found.next})


@router.get("/matters/counts", response=CountsAnswer, summary="How many, by state")
@access(SEE, face="api")
def count_matters(request: HttpRequest, filters: Query[MatterFilters]) -> Any:
    """Count what the list with these filters holds."""
    known_only(request, filters)
    return json_response(queries.counts(actor_of(request), filters.filters()))


@router.get(
    "/matters/points",
    response=dict[str, Any],
    summary="Points for a map, as GeoJSON",
    openapi_extra=answered_as("application/geo+json", {"type": "object"}),
)
@access(SEE, face="api")
def list_points(request: HttpRequest, filters: Query[MatterFilters]) -> Any:
    """Return the points of matters with these filters; open ones where nothing is asked."""
    known_only(request, filters)
    wanted = filters.filters()
    chosen = wanted if wanted != queries.Filters() else None
    body = queries.points_geojson(actor_of(request), chosen)
    return HttpResponse(body, content_type="application/geo+json")


@router.get("/matters/{reference}", response=MatterAnswer, summary="One matter")
@access(SEE, face="api")
def get_matter(request: HttpRequest, reference: str) -> Any:
    """Read a matter with the legal next moves of the caller, each with its form."""
    actor = actor_of(request)
    found = queries.get_matter(actor, reference)
    moves = [move.as_dict() for move in procedures.next_moves(actor, found.state)]
    return json_response({**found.as_dict(), "next_moves": moves})


@router.get("/matters/{reference}/status", response=PublicAnswer, summary="What the code tells")
@access(face="public")
def get_status(request: HttpRequest, reference: str) -> Any:
    """Read where a matter stands by its reference alone: no words, no persons."""
    return json_response(queries.public_status(reference))


@router.get("/matters/{reference}/timeline", response=list[dict[str, Any]], summary="What happened")
@access(SEE, face="api")
def get_timeline(request: HttpRequest, reference: str) -> Any:
    """Read everything that happened to a matter, oldest first."""
    found = queries.get_matter(actor_of(request), reference)
    return json_response(procedures.timeline(found.state))


@router.post("/matters/{reference}/moves/{move}", response=CaseShown, summary="Make a move")
@access(HANDLE, face="api")
def make_move(request: HttpRequest, reference: str, move: str, body: MoveBody) -> Any:
    """Make one of the legal next moves; a stale revision is refused."""
    state = actions.move_matter(
        actor=actor_of(request),
        reference=reference,
        move=move,
        data=body.data,
        revision=body.revision,
    )
    return json_response(state.shown())


@router.post("/matters/{reference}/place", response=CaseShown, summary="Set the place")
@access(HANDLE, face="api")
def set_place(request: HttpRequest, reference: str, body: PlaceBody) -> Any:
    """Say where a matter lies."""
    state = actions.locate_matter(
        actor=actor_of(request), reference=reference, area=body.area, revision=body.revision
    )
    return json_response(state.shown())


@router.post("/matters/{reference}/category", response={204: None}, summary="Set the category")
@access(HANDLE, face="api")
def set_category(request: HttpRequest, reference: str, body: CategoryBody) -> Any:
    """File a matter under a category."""
    actor = actor_of(request)
    actions.classify_matter(actor=actor, reference=reference, category=body.category)
    return HttpResponse(status=204)


@router.post("/matters/{reference}/verdict", response=CaseShown, summary="The verdict")
@access(face="reporter")
def give_verdict(request: HttpRequest, reference: str, body: VerdictBody) -> Any:
    """Say as the reporter, by the secret of the link, whether it is solved."""
    verdict = body.__dict__
    state = actions.give_verdict(actor=actor_of(request), reference=reference, **verdict)
    shown = queries.public_status(state.reference)
    return json_response(state.shown() | {"owner_label": shown.owner})


@router.get("/inbox", response=Inbox, summary="One's open items, the most urgent first")
@access(SEE, face="api")
def get_inbox(request: HttpRequest, page: Query[InboxPage]) -> Any:
    """List what the caller holds now, or may claim, or helps with."""
    known_only(request, page)
    found = procedures.inbox(
        actor_of(request), tab=page.tab, cursor=page.cursor, limit=paging.limit(page.limit)
    )
    return json_response({"items": found.items, "next": found.next})


@router.get("/categories", response=list[CategoryAnswer], summary="The category table in force")
@access(face="public")
def list_categories(request: HttpRequest) -> Any:
    """List the categories in order, three levels, each with its parent."""
    found = queries.category_book().categories.values()
    names = CategoryAnswer.model_fields
    return json_response([{name: getattr(one, name) for name in names} for one in found])
