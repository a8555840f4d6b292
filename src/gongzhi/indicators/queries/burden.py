"""What the system asks of each role: forms, fields and minutes, so that it can be cut."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.areas.queries import AreaInfo
from gongzhi.indicators.book import book
from gongzhi.indicators.choices import BY_MOVE, DEEPEST, FEWEST, MOVES
from gongzhi.indicators.errors import PlaceOutOfReach
from gongzhi.indicators.queries.periods import Period
from gongzhi.indicators.queries.sums import summed
from gongzhi.organisations import queries as organisations
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.errors import ProcedureUnknown

ORGANISATION = "organisation"  # what the log calls any organisation that holds a case


@dataclass(frozen=True, slots=True)
class Asked:
    """One form: how many fields, how long it takes, how often it was filled in."""

    procedure: str
    stage: str
    move: str
    fields: int
    needed: int
    times: int
    minutes: float

    @property
    def total(self) -> float:
        """Minutes in the period."""
        return self.times * self.minutes


@dataclass(frozen=True, slots=True)
class RoleBurden:
    """Everything one role filled in within a period."""

    role: str
    name: str
    asked: tuple[Asked, ...]

    @property
    def forms(self) -> int:
        """Different forms."""
        return len(self.asked)

    @property
    def fields(self) -> int:
        """Fields of all the forms filled in."""
        return sum(one.fields * one.times for one in self.asked)

    @property
    def times(self) -> int:
        """How often a form was filled in."""
        return sum(one.times for one in self.asked)

    @property
    def hours(self) -> float:
        """Estimated hours."""
        return sum(one.total for one in self.asked) / 60


def burden(place: AreaInfo, period: Period) -> tuple[RoleBurden, ...]:
    """Return what was asked of each role within *place*, the greatest burden first.

    The caller has checked who may see the place. Which forms there are the published procedures
    say, how often they were filled in the log. Nothing is told of a person: a role that few hold
    there, or that few times filled in anything, is left out. Raises `PlaceOutOfReach` for what is
    smaller than the areas it is counted for.
    """
    area = place.code
    if len(area) > DEEPEST[BY_MOVE]:
        raise PlaceOutOfReach(field="area")
    sums = summed(BY_MOVE, [area], [MOVES], period, trend=False)
    by_role: dict[str, list[Asked]] = defaultdict(list)
    for (_area, key), found in sums.items():
        times = int(found.now.get(MOVES, 0))
        procedure, stage, move, role = (*key.split("/"), "", "", "", "")[:4]
        definition = _definition(procedure, area)
        made = definition.move(stage, move) if definition and stage in definition.stages else None
        if times and role and definition is not None and made is not None:
            by_role[role].append(_asked(definition, made, times))
    names = organisations.role_names()
    found_roles = [
        RoleBurden(
            role,
            names.get(role, _("部门和单位") if role == ORGANISATION else role),
            tuple(sorted(asked, key=lambda one: -one.total)),
        )
        for role, asked in by_role.items()
    ]
    held = organisations.holders_within(area, [role for role in by_role if role != ORGANISATION])
    # What organisations filled in is told for all of them together: nobody holds it.
    told = [
        one for one in found_roles if one.role == ORGANISATION or held.get(one.role, 0) >= FEWEST
    ]
    return tuple(sorted((one for one in told if one.times >= FEWEST), key=lambda one: -one.hours))


def _definition(procedure: str, area: str) -> Any | None:
    try:
        return procedures.definition_of(procedures.current_version(procedure, area))
    except ProcedureUnknown:
        return None


def _asked(definition: Any, move: Any, times: int) -> Asked:
    minutes = book().minutes
    other = float(minutes.get("other", 0))
    spent = float(minutes.get("move", 0))
    spent += sum(float(minutes.get(field.type, other)) for field in move.form if field.required)
    return Asked(
        procedure=definition.name,
        stage=definition.stages[move.source].name,
        move=move.name,
        fields=len(move.form),
        needed=sum(field.required for field in move.form),
        times=times,
        minutes=spent,
    )
