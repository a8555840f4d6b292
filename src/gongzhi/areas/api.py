"""REST operations of areas: the tree, one area, what lies inside, locating a point.

Annotations stay real objects here: the API reads them through the access guard.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from gongzhi.areas import queries
from gongzhi.areas.errors import AreaUnknown
from gongzhi.kernel import codes, coordinates, paging
from gongzhi.kernel.access import access

router = Router(tags=["areas"])


class AreaAnswer(Schema):
    """One area on a day."""

    code: str
    name: str
    short_name: str
    level: str
    level_name: str
    kind: str
    kind_name: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    for_residents: bool


class AreaDetail(AreaAnswer):
    """One area with the way up and what it came from or became."""

    path: str
    history: list[dict[str, Any]]


class Areas(Schema):
    """A page of areas."""

    items: list[AreaAnswer]
    next: str | None


class Located(Schema):
    """The smallest area that holds a point."""

    code: str
    path: str


@router.get("", response=Areas, operation_id="list_areas")
@access(face="public")
def list_areas(
    request: HttpRequest,
    within: str = "",
    level: str = "",
    words: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> Any:
    """List areas of today by code: within a prefix, of one level, whose name has the words."""
    size = paging.limit(limit)
    filters = queries.AreaFilter(within, level, words)
    return queries.list_areas(filters, cursor=cursor, size=size)


@router.get("/locate", response=Located, operation_id="locate_area")
@access(face="public")
def locate_area(
    request: HttpRequest,
    lon: float,
    lat: float,
    system: coordinates.System = "wgs84",
) -> Any:
    """Say which area holds a point; 404 outside all of them."""
    code = queries.locate(*coordinates.to_wgs84(lon, lat, system))
    if code is None:
        raise AreaUnknown(field="lon")
    return Located(code=code, path=queries.path_name(code))


@router.get("/{code}", response=AreaDetail, operation_id="get_area")
@access(face="public")
def get_area(request: HttpRequest, code: str, on: date | None = None) -> Any:
    """Read one area as it is, or as it was on a day."""
    area = queries.get_area(code, on)
    history = [
        {
            "kind": item.kind,
            "title": item.title,
            "on": item.takes_effect.isoformat(),
            "old": item.old_code,
            "new": item.new_code,
        }
        for item in queries.history(code)
    ]
    answer = AreaAnswer.from_orm(area).model_dump()
    return AreaDetail(**answer, path=queries.path_name(code, on), history=history)


@router.get("/{code}/children", response=list[AreaAnswer], operation_id="list_area_children")
@access(face="public")
def list_children(
    request: HttpRequest,
    code: str,
    on: date | None = None,
) -> Any:
    """List what lies directly inside an area."""
    return queries.children(codes.check(code), on)
