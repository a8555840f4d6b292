"""The figures as data: indicators of an area and period, whole or by a dimension.

Annotations stay real objects here: the API reads them through the access guard.
"""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import BaseModel, ConfigDict

from gongzhi.indicators import queries
from gongzhi.indicators.choices import SEE
from gongzhi.kernel.access import access, actor_of

router = Router(tags=["figures"])


class Told(BaseModel):
    """What is read from the figures as they are: they hold nothing that a schema would look for.

    Looked into value by value, some hundred figures had taken longer than their statements.
    """

    model_config = ConfigDict(from_attributes=True)


class FigureAnswer(Told):
    """One indicator. A hidden one has fewer cases behind it than may be told."""

    id: str
    name: str
    note: str
    unit: str
    value: float | None
    before: float | None
    n: int | None
    hidden: bool


class Unit(Told):
    """One area, category or organisation."""

    key: str
    name: str
    figures: list[FigureAnswer]


class PartAnswer(Told):
    """One share of what was closed."""

    name: str
    n: int
    share: float


class FiguresAnswer(Schema):
    """The figures of an area in a period, compared with the same days of the period before."""

    area: str
    area_name: str
    period: str
    first: date
    last: date
    before_first: date
    before_last: date
    figures: list[FigureAnswer]
    levels: list[PartAnswer]
    by: list[Unit]


@router.get("/figures", response=FiguresAnswer, operation_id="get_figures")
@access(SEE, face="api")
def get_figures(
    request: HttpRequest,
    area: str = "",
    period: Literal["day", "week", "month", "quarter"] = "week",
    at: str = "",
    by: Literal["", "area", "category", "organisation"] = "",
    category: str = "",
) -> Any:
    """Return indicators of an area in the reader's reach, and by one dimension when asked."""
    when = queries.period_of(period, at)
    narrowed = category[:40].replace("\x00", "")
    wanted = (_PARTS[by],) if by else ()
    return _told(queries.view_for(actor_of(request), area, when, narrowed, wanted=wanted), by)


# The part of a view that each dimension is.
_PARTS = {
    "area": queries.AREAS,
    "category": queries.CATEGORIES,
    "organisation": queries.ORGANISATIONS,
}


def _told(view: queries.View, by: str) -> dict[str, Any]:
    dates = ("first", "last", "before_first", "before_last")
    return {
        "area": view.area.code,
        "area_name": view.area.name,
        "period": view.period.kind,
        **{name: getattr(view.period, name) for name in dates},
        "figures": [*view.top, *view.beside, *view.left_out],
        "levels": view.parts,
        "by": getattr(view, _PARTS[by]) if by else (),
    }
