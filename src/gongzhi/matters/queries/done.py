"""What was done, as anybody may read it: kind, community, how it ended and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.areas import queries as areas
from gongzhi.kernel import codes, paging
from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters.choices import PROCEDURE, SUBJECT
from gongzhi.matters.errors import MatterUnknown
from gongzhi.matters.queries.categories import category_book
from gongzhi.procedures import queries as procedures

KINDS = ("solved", "partly", "explained")
_COARSE = codes.LENGTHS["community"]


@dataclass(frozen=True, slots=True)
class DoneRow:
    """One matter that came to an end: never words, never a place below the community."""

    category: str
    place: str
    outcome: str
    outcome_kind: str
    closed_at: datetime
    days: int


def done_in_public(*, area: str = "", cursor: str = "", size: int = 30) -> paging.Page[DoneRow]:
    """Return a page of what was done at an area of the district, the newest first.

    What was declined, excluded, called off or merged into another is no work done. Raises
    `MatterUnknown` for an area that is none of ours, or below the community.
    """
    found = procedures.matching(
        SYSTEM, subject=SUBJECT, procedure=PROCEDURE, status="closed", outcome_kind__in=KINDS
    ).exclude(matter__category="")
    if area:
        low, high = codes.prefix_range(_known(area))
        found = found.filter(area__gte=low, area__lt=high)
    if cursor:
        at, last = paging.decode_as(cursor, str, int)
        moment = paging.moment(at)
        found = found.filter(Q(closed_at__lt=moment) | Q(closed_at=moment, id__lt=last))
    columns = ("id", "version_id", "area", "outcome", "outcome_kind", "opened_at", "closed_at")
    rows = list(
        found.order_by("-closed_at", "-id").values(*columns, "matter__category")[: size + 1]
    )
    shown = rows[:size]
    places = areas.path_names({row["area"][:_COARSE] for row in shown}) if shown else {}
    items = [_line(row, places) for row in shown]
    last_row = rows[size - 1] if len(rows) > size else None
    more = paging.encode(last_row["closed_at"].isoformat(), last_row["id"]) if last_row else None
    return paging.Page(tuple(items), more)


def _line(row: dict[str, object], places: dict[str, str]) -> DoneRow:
    outcome = procedures.definition_of(int(str(row["version_id"]))).outcomes.get(
        str(row["outcome"])
    )
    opened, closed = row["opened_at"], row["closed_at"]
    assert isinstance(opened, datetime)
    assert isinstance(closed, datetime)
    return DoneRow(
        category=category_book().name(str(row["matter__category"])),
        place=" · ".join(places.get(str(row["area"])[:_COARSE], "").split(" › ")[-2:]),
        outcome=outcome.public_name if outcome else "",
        outcome_kind=str(row["outcome_kind"]),
        closed_at=closed,
        days=max((closed - opened).days, 0),
    )


def _known(area: str) -> str:
    served = codes.is_code(area) and any(area.startswith(one.code) for one in areas.districts())
    if not served or len(area) > _COARSE or area not in areas.get_areas([area]):
        raise MatterUnknown(field="area")
    return area
