"""What stands beside the tree: aliases of other schemes, and named sets of areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from gongzhi.areas.errors import AreaSetUnknown
from gongzhi.areas.models import AreaAlias, AreaSet, AreaSetMember
from gongzhi.areas.queries.tree import names
from gongzhi.kernel import clock, paging
from gongzhi.kernel.paging import Page


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


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A code of another scheme, the area it means, and since and until when."""

    id: int
    scheme: str
    foreign_code: str
    code: str
    name: str
    valid_from: date
    valid_to: date | None


def schemes() -> list[str]:
    """Return the schemes of which codes are known."""
    return list(AreaAlias.objects.order_by("scheme").values_list("scheme", flat=True).distinct())


def list_aliases(
    *, scheme: str = "", words: str = "", ended: bool = False, cursor: str = "", size: int = 50
) -> Page[AliasRow]:
    """Return aliases by scheme and foreign code, those of today only unless *ended*.

    *words* begin the foreign code or our own. Raises `InvalidInput` for a cursor of another list.
    """
    query = AreaAlias.objects.all()
    if not ended:
        day = clock.today()
        query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    if scheme:
        query = query.filter(scheme=scheme)
    if words:
        query = query.filter(Q(foreign_code__startswith=words) | Q(code__startswith=words))
    if cursor:
        first, then, last = paging.decode_as(cursor, str, str, int)
        same = Q(scheme=first, foreign_code=then, id__gt=last)
        later = Q(scheme__gt=first) | Q(scheme=first, foreign_code__gt=then)
        query = query.filter(later | same)
    found = list(query.order_by("scheme", "foreign_code", "id")[: size + 1])
    called = names([alias.code for alias in found[:size]])
    items = tuple(
        AliasRow(
            alias.id,
            alias.scheme,
            alias.foreign_code,
            alias.code,
            called.get(alias.code, alias.code),
            alias.valid_from,
            alias.valid_to,
        )
        for alias in found[:size]
    )
    return Page(items, _next(found, size))


def _next(found: list[AreaAlias], size: int) -> str | None:
    if len(found) <= size:
        return None
    last = found[size - 1]
    return paging.encode(last.scheme, last.foreign_code, last.id)


@dataclass(frozen=True, slots=True)
class AreaSetRow:
    """A named set of areas, how many belong to it today, and since and until when."""

    id: int
    name: str
    kind: str
    members: int
    valid_from: date
    valid_to: date | None


def list_area_sets(*, ended: bool = False) -> list[AreaSetRow]:
    """Return the named sets by kind and name, those of today only unless *ended*."""
    day = clock.today()
    query = AreaSet.objects.all()
    if not ended:
        query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    now = Q(members__valid_to=None) | Q(members__valid_to__gt=day)
    counted = query.annotate(number=Count("members", filter=now & Q(members__valid_from__lte=day)))
    return [_set_row(found, found.number) for found in counted.order_by("kind", "name", "id")]


def get_area_set(area_set: int) -> AreaSetRow:
    """Return one set; raise `AreaSetUnknown`."""
    found = AreaSet.objects.filter(pk=area_set).first()
    if found is None:
        raise AreaSetUnknown()
    return _set_row(found, len(set_members(area_set)))


def _set_row(found: AreaSet, members: int) -> AreaSetRow:
    return AreaSetRow(found.id, found.name, found.kind, members, found.valid_from, found.valid_to)


def sets_of(code: str) -> list[AreaSetRow]:
    """Return the sets to which an area belongs today."""
    day = clock.today()
    mine = AreaSetMember.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), code=code)
    ids = set(mine.filter(valid_from__lte=day).values_list("area_set", flat=True))
    return [row for row in list_area_sets() if row.id in ids] if ids else []


def set_members(area_set: int, on: date | None = None) -> list[str]:
    """Return the codes in a set on a day."""
    day = on or clock.today()
    query = AreaSetMember.objects.filter(area_set=area_set, valid_from__lte=day)
    query = query.filter(Q(valid_to=None) | Q(valid_to__gt=day))
    return list(query.order_by("code").values_list("code", flat=True))
