"""What the desk's map shows: the areas of a scope with their open and overdue matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Q
from django.db.models.functions import Left

from gongzhi.areas import queries as areas
from gongzhi.areas.queries import AreaInfo
from gongzhi.kernel import clock, codes
from gongzhi.kernel.actor import Actor
from gongzhi.portal.choices import DEEPEST_AREA
from gongzhi.portal.queries import address_of
from gongzhi.procedures import queries as procedures


@dataclass(frozen=True, slots=True)
class MapRow:
    """One area of the list beside the map."""

    code: str
    name: str
    url: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class MapView:
    """Everything the map page shows."""

    area: AreaInfo
    above: tuple[AreaInfo, ...]
    rows: tuple[MapRow, ...]
    level_name: str
    total: int
    late: int
    shapes: str
    points: str
    opens: str


def scope_of(actor: Actor) -> tuple[str, ...]:
    """Return the area codes the actor's map may open at, widest first.

    Organisations are not bound to an area's code: theirs is the district, with what they may see.
    """
    prefixes = actor.areas_for("matters.see")
    if prefixes or not actor.organisations_for("matters.see"):
        return prefixes
    return tuple(district.code for district in areas.districts())


def choose_area(actor: Actor, wanted: str) -> AreaInfo | None:
    """Return the wanted area when it lies in the actor's scope, else the first of the scope."""
    scope = scope_of(actor)
    inside = codes.is_code(wanted) and any(wanted.startswith(prefix) for prefix in scope)
    found = areas.get_areas([wanted, *scope] if inside else scope)
    return next((found[code] for code in (wanted, *scope) if code in found), None)


def map_view(actor: Actor, area: AreaInfo) -> MapView:
    """Return the map of *area*: its parts, each with the matters the actor may see."""
    # Empty parts would leave an empty map: the area itself is shown then.
    parts = areas.children(area.code) if len(area.code) < DEEPEST_AREA else []
    shown = parts or [area]
    counted = _counted(actor, area.code, len(shown[0].code))
    rows = tuple(
        MapRow(
            part.code,
            part.name,
            _address(part),
            counted.get(part.code, {}).get("open", 0),
            counted.get(part.code, {}).get("late", 0),
        )
        for part in shown
    )
    level = shown[0].level
    return MapView(
        area=area,
        above=_above(actor, area),
        rows=rows,
        level_name=shown[0].level_name,
        total=sum(found["open"] for found in counted.values()),
        late=sum(found["late"] for found in counted.values()),
        shapes=_with(address_of("areas:shapes"), f"within={area.code}&level={level}"),
        points=_with(address_of("matters:points"), f"area={area.code}"),
        opens=address_of("procedures:case", "REFERENCE"),
    )


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if address else ""


def _address(area: AreaInfo) -> str:
    """Return where a line of the list leads: deeper into the map, at the grids to their list."""
    if len(area.code) < DEEPEST_AREA:
        return f"{address_of('portal:map')}?area={area.code}"
    return f"{address_of('matters:list')}?area={area.code}"


def _counted(actor: Actor, prefix: str, length: int) -> dict[str, Any]:
    low, high = codes.prefix_range(prefix)
    found = (
        procedures.visible_cases(actor)
        .filter(status="open", area__gte=low, area__lt=high)
        .annotate(part=Left("area", length, output_field=CharField(db_collation="C")))
        .values("part")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=clock.now())))
        .order_by("part")
    )
    return {line["part"]: line for line in found}


def _above(actor: Actor, area: AreaInfo) -> tuple[AreaInfo, ...]:
    """Return the areas above that the actor may open, widest first."""
    scope = scope_of(actor)
    return tuple(
        one
        for one in areas.path(area.code)
        if one.code != area.code and any(one.code.startswith(prefix) for prefix in scope)
    )
