"""What was and what is planned: successions, periods of a code; aliases and named sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongzhi.areas.choices import AdjustmentState
from gongzhi.areas.models import Adjustment, Area, AreaAlias, AreaSet, AreaSetMember
from gongzhi.kernel import clock, codes
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


def resolve_alias(scheme: str, foreign_code: str, on: date | None = None) -> str | None:
    """Return our code for a code of another scheme on a day, or None."""
    day = on or clock.today()
    query = AreaAlias.objects.filter(scheme=scheme, foreign_code=foreign_code, valid_from__lte=day)
    found = query.filter(Q(valid_to=None) | Q(valid_to__gt=day)).first()
    return found.code if found else None


def aliases(code: str, on: date | None = None) -> list[tuple[str, str]]:
    """Return (scheme, foreign code) pairs that mean *code* on a day."""
    day = on or clock.today()
    query = AreaAlias.objects.filter(code=code, valid_from__lte=day)
    query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day)).order_by("scheme", "foreign_code")
    return list(query.values_list("scheme", "foreign_code"))


def area_sets(on: date | None = None) -> list[AreaSet]:
    """Return the named sets that hold on a day."""
    day = on or clock.today()
    query = AreaSet.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    return list(query.order_by("kind", "name"))


def set_members(area_set: int, on: date | None = None) -> list[str]:
    """Return the codes in a set on a day."""
    day = on or clock.today()
    query = AreaSetMember.objects.filter(area_set=area_set, valid_from__lte=day)
    query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day))
    return list(query.order_by("code").values_list("code", flat=True))
