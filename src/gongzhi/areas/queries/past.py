"""What was and what is planned: successions, periods of a code, adjustments to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongzhi.areas.choices import AdjustmentState
from gongzhi.areas.models import Adjustment, Area
from gongzhi.kernel import codes
from gongzhi.kernel.sql import rows


@dataclass(frozen=True, slots=True)
class SuccessionInfo:
    """What one area handed on to another, and in which adjustment."""

    adjustment: int
    kind: str
    title: str
    takes_effect: date
    batch: int
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    households: int | None
    residents: int | None


def history(code: str) -> list[SuccessionInfo]:
    """Return every succession from or to this code, newest first."""
    return [SuccessionInfo(**found) for found in rows("areas", "history", {"code": code})]


def periods(code: str) -> list[tuple[str, date, date | None]]:
    """Return (name, from, to) of every row this code ever had, oldest first."""
    found = Area.objects.filter(code=code).order_by("valid_from")
    return list(found.values_list("name", "valid_from", "valid_to"))


def planned_adjustments(prefix: str) -> list[Adjustment]:
    """Return adjustments still planned inside *prefix*, by batch and day."""
    low, high = codes.prefix_range(prefix)
    query = Adjustment.objects.filter(state=AdjustmentState.PLANNED)
    return list(query.filter(code__gte=low, code__lt=high).order_by("takes_effect", "code"))
