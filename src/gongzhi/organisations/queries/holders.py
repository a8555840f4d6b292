"""Who holds a role where, on a day: for owners of work, notices and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gongzhi.kernel import clock, codes, sql


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a post. `away` says that a deputy stands in now, `deputy` that this is one."""

    post: int
    account: int
    name: str
    role: str
    area: str | None
    organisation: int | None
    deputy: bool = False
    away: bool = False


def holders(role: str, area: str, on: date | None = None) -> list[Holder]:
    """Return who holds *role* at exactly *area* on a day (today), deputies last."""
    return list(holders_of([(role, area)], on).get((role, area), ()))


def holders_of(
    pairs: Iterable[tuple[str, str]], on: date | None = None
) -> dict[tuple[str, str], tuple[Holder, ...]]:
    """Return the holders of many (role, area) pairs in one statement; pairs without are absent."""
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    params = {
        "roles": [role for role, _area in wanted],
        "areas": [area for _role, area in wanted],
        "on": on or clock.today(),
    }
    found: dict[tuple[str, str], tuple[Holder, ...]] = {}
    for row in sql.rows("organisations", "holders", params):
        key = (row["role"], row["area"])
        found[key] = (*found.get(key, ()), Holder(organisation=None, **row))
    return found


def holders_in(organisations: Sequence[int], on: date | None = None) -> list[Holder]:
    """Return who holds any post in these organisations on a day (today), deputies last."""
    params = {"organisations": list(organisations), "on": on or clock.today()}
    return [
        Holder(area=None, **row)
        for row in sql.rows("organisations", "organisation_holders", params)
    ]


def nearest_holder_area(role: str, area: str, on: date | None = None) -> str | None:
    """Return *area* or the nearest code above it at which somebody holds *role*, else None."""
    above = list(codes.ancestors(area, itself=True))
    params = {"role": role, "areas": above, "on": on or clock.today()}
    found = sql.row("organisations", "nearest_holder_area", params)
    return found["area"] if found else None
