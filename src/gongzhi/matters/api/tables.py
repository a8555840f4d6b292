"""REST operations on tables and lists: sheets taken in, the list taken away, kept lists, duties.

Annotations stay real objects here: the API reads them through the access guard.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile
from pydantic import Field

from gongzhi.areas import queries as areas
from gongzhi.kernel.access import access, actor_of
from gongzhi.kernel.bodies import BIGGEST, Plain, Strict, known_only
from gongzhi.kernel.web import json_response
from gongzhi.matters import actions, queries, written
from gongzhi.matters import sheets as reading
from gongzhi.matters.api.reports import MatterFilters, answered_as, router
from gongzhi.matters.choices import EXPORT, REPORT, SEE
from gongzhi.matters.queries import duties

__all__ = ["router"]

Number = Annotated[int, Field(ge=0, le=BIGGEST)]


# --- sheets ------------------------------------------------------------------------------------
class SheetAnswer(Schema):
    """A sheet and how many of its rows stand where; `status` is checked, running, done, stopped."""

    id: int
    name: str
    kind_name: str
    status: str
    status_name: str
    uploaded_at: datetime
    counts: dict[str, int]


class GoodRowAnswer(Schema):
    """A row as it will be taken in."""

    line: int
    number: str
    words: str
    place: str
    category: str
    foreign_category: str
    contact: str


class WrongAnswer(Schema):
    """What is wrong with one field of a row, and how to mend it; `offer` is a likely value."""

    field: str
    message: str
    mend: str
    offer: str


class BadRowAnswer(Schema):
    """A row that cannot be taken in: its texts by field, and what is wrong."""

    line: int
    values: dict[str, str]
    wrong: list[WrongAnswer]


class SheetDetail(SheetAnswer):
    """A sheet to be looked over: some of its good rows (20), and of its bad ones (50)."""

    columns: dict[str, str]
    unused: list[str]
    good: list[GoodRowAnswer]
    bad: list[BadRowAnswer]


class RowBody(Strict):
    """New texts of a row, by field."""

    values: dict[Plain, Plain]


class RowAnswer(Schema):
    """Where the row stands now: good, bad or known."""

    state: str


def _line(line: queries.SheetLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in SheetAnswer.model_fields}


@router.post("/sheets", response={201: SheetAnswer}, summary="Upload a sheet to be looked over")
@access(REPORT, face="api")
def upload_sheet(request: HttpRequest, file: File[UploadedFile], kind: Form[str]) -> Any:
    """Read and check a sheet (Excel or CSV, 5 MB, 5,000 rows); nothing is reported yet."""
    actor, content = actor_of(request), file.read(reading.LARGEST + 1)
    found = actions.check_sheet(
        actor=actor, kind=kind[:40], name=(file.name or "")[-120:], content=content
    )
    return json_response(_line(queries.sheet_line(actor, found)), status=201)


@router.get("/sheets", response=list[SheetAnswer], summary="One's own sheets of late")
@access(REPORT, face="api")
def list_sheets(request: HttpRequest) -> Any:
    """List the caller's own sheets, the newest twenty."""
    return json_response([_line(one) for one in queries.own_sheets(actor_of(request))])


@router.get("/sheets/{sheet}", response=SheetDetail, summary="One sheet, row by row")
@access(REPORT, face="api")
def get_sheet(request: HttpRequest, sheet: Number) -> Any:
    """Read one's own sheet before it is taken in, while it is, and after."""
    view = queries.sheet_view(actor_of(request), sheet)
    told = ("field", "message", "mend", "offer")
    bad = [
        {
            "line": row.line,
            "values": row.values,
            "wrong": [{name: str(getattr(one, name)) for name in told} for one in row.wrong],
        }
        for row in view.bad
    ]
    more = {"columns": dict(view.columns), "unused": view.unused, "good": view.good, "bad": bad}
    return json_response(_line(view.line) | more)


@router.post("/sheets/{sheet}/rows/{line}", response=RowAnswer, summary="Mend a row")
@access(REPORT, face="api")
def mend_row(request: HttpRequest, sheet: Number, line: Number, body: RowBody) -> Any:
    """Change texts of a row that is wrong, and check it again."""
    actor, values = actor_of(request), dict(body.values)
    state = actions.mend_row(actor=actor, sheet=sheet, line=line, values=values)
    return json_response({"state": str(state)})


@router.post("/sheets/{sheet}/take", response=SheetAnswer, summary="Take its good rows in")
@access(REPORT, face="api")
def take_sheet(request: HttpRequest, sheet: Number) -> Any:
    """Confirm a sheet: its good rows are taken in from now on; read it for the progress."""
    actor = actor_of(request)
    actions.start_sheet(actor=actor, sheet=sheet)
    return json_response(_line(queries.sheet_line(actor, sheet)))


@router.post("/sheets/{sheet}/drop", response={204: None}, summary="Forget a sheet")
@access(REPORT, face="api")
def drop_sheet(request: HttpRequest, sheet: Number) -> Any:
    """Forget a sheet; what was taken in stays."""
    actions.drop_sheet(actor=actor_of(request), sheet=sheet)
    return HttpResponse(status=204)


# --- the list, taken away and kept -------------------------------------------------------------
@router.get(
    "/exports/matters/{form}",
    response=bytes,
    summary="The list as a file",
    openapi_extra=answered_as(written.XLSX, {"type": "string", "format": "binary"}, written.CSV),
)
@access(EXPORT, face="api")
def export_matters(
    request: HttpRequest, form: Literal["csv", "xlsx"], filters: Query[MatterFilters]
) -> Any:
    """Give the filtered list as CSV or Excel: the newest 100,000, without persons."""
    known_only(request, filters)
    return written.table(queries.export_rows(actor_of(request), filters.filters()), form)


class SavedAnswer(Schema):
    """A list kept under a name: `query` is what stands behind the question mark of its address."""

    name: str
    query: str


class SavedBody(MatterFilters):
    """What to keep, and under which name; the same name is written over."""

    name: str


class NameBody(Strict):
    """The name of a kept list."""

    name: str


@router.get("/lists", response=list[SavedAnswer], summary="One's own kept lists")
@access(SEE, face="api")
def list_saved(request: HttpRequest) -> Any:
    """List what the caller keeps, in the order it was kept."""
    return json_response(queries.saved_lists(actor_of(request)))


@router.post("/lists", response=list[SavedAnswer], summary="Keep a list under a name")
@access(SEE, face="api")
def save_list(request: HttpRequest, body: SavedBody) -> Any:
    """Keep what a list is narrowed to, as one's own tab at the desk too."""
    actor, asked = actor_of(request), queries.checked(body.filters())
    given = {name: value for name in _KEPT if (value := getattr(asked, name))}
    given |= {"mine": "1"} if asked.mine else {}
    actions.save_list(actor=actor, name=body.name, asked={"status": "", **given})
    return json_response(queries.saved_lists(actor))


_KEPT = ("status", "stage", "category", "area", "light", "text", "channel")


@router.post("/lists/drop", response=list[SavedAnswer], summary="Let a kept list go")
@access(SEE, face="api")
def drop_list(request: HttpRequest, body: NameBody) -> Any:
    """Let a kept list go; one that is not there is gone already."""
    actor = actor_of(request)
    actions.drop_list(actor=actor, name=body.name[:40].replace("\x00", ""))
    return json_response(queries.saved_lists(actor))


# --- duties ------------------------------------------------------------------------------------
class DutyAnswer(Schema):
    """One duty of a level: `kind` is own, assist or withdrawn."""

    level: str
    level_name: str
    kind: str
    name: str
    categories: str
    basis: str


@router.get("/duties", response=list[DutyAnswer], summary="What each level does, and what not")
@access(SEE, face="api")
def list_duties(request: HttpRequest) -> Any:  # the same for everybody
    """List the duties of each level that has a list."""
    names = areas.level_names()
    found = [
        {"level": level, "level_name": names.get(level, level), "kind": kind, **row}
        for level in duties.levels_with_lists()
        for kind, rows in duties.duties_of(level).items()
        for row in rows
    ]
    return json_response(found)
