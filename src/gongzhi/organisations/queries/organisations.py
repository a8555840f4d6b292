"""Reading organisations: the tree on a day, one organisation with its past, names for lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock, codes, paging, sql
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.languages import in_language
from gongzhi.organisations.errors import OrganisationUnknown
from gongzhi.organisations.models import (
    Organisation,
    OrganisationKind,
    OrganisationSpell,
    OrganisationSuccession,
)


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A kind of organisation."""

    key: str
    name: str
    parents: tuple[str, ...]
    may_be_root: bool
    levels: tuple[int, ...]
    party: bool


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A line of the tree or of a list; `children` counts those directly below today."""

    id: int
    kind: str
    kind_name: str
    name: str
    code: str | None
    area: str
    area_name: str
    parent: int | None
    valid_from: date
    valid_to: date | None
    children: int = 0

    @property
    def is_standing(self) -> bool:
        """Whether it has not been abolished yet."""
        return self.valid_to is None or self.valid_to > clock.today()


@dataclass(frozen=True, slots=True)
class Spell:
    """What it was formerly called and where it hung."""

    name: str
    parent_name: str
    document: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class OrganisationDetail:
    """One organisation's page: itself, the way up, what hangs below, what was."""

    row: OrganisationRow
    above: tuple[OrganisationRow, ...]
    below: tuple[OrganisationRow, ...]
    spells: tuple[Spell, ...]
    successors: tuple[tuple[int, str], ...]
    predecessors: tuple[tuple[int, str], ...]


def organisation_kinds() -> dict[str, KindInfo]:
    """Return the kinds of organisation by key, in the order of the file."""
    return {
        kind.key: KindInfo(
            kind.key,
            in_language(kind.names),
            tuple(kind.parents),
            kind.may_be_root,
            tuple(kind.levels),
            kind.party,
        )
        for kind in OrganisationKind.objects.order_by("position", "key")
    }


def _within(prefixes: Iterable[str]) -> Q:
    reach = Q(pk__in=())
    for prefix in prefixes:
        low, high = codes.prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high)
    return reach


def visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations *actor* may see: in areas of `organisations.see`, and one's own.

    Those above a post's area belong to what it works under, so they are seen as well.
    """
    if actor.is_system:
        return Organisation.objects.all()
    prefixes = actor.areas_for("organisations.see")
    above = {code for prefix in prefixes for code in codes.ancestors(prefix)}
    own = actor.organisations_for("organisations.see")
    reach = _within(prefixes) | Q(area__in=sorted(above)) | Q(pk__in=own)
    return Organisation.objects.filter(reach)


def _standing(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _rows(found: Sequence[Organisation], *, on: date) -> tuple[OrganisationRow, ...]:
    """Return rows with area names and numbers of children: three statements for any number."""
    names = areas.names(sorted({organisation.area for organisation in found}))
    kinds = {
        kind.key: in_language(kind.names)
        for kind in OrganisationKind.objects.filter(key__in={item.kind_id for item in found})
    }
    ids = [organisation.pk for organisation in found]
    below: dict[int, int] = {}
    children = Organisation.objects.filter(_standing(on), parent__in=ids)
    for parent in children.values_list("parent_id", flat=True):
        below[parent or 0] = below.get(parent or 0, 0) + 1
    return tuple(
        OrganisationRow(
            item.pk,
            item.kind_id,
            kinds[item.kind_id],
            item.name,
            item.code,
            item.area,
            names.get(item.area, item.area),
            item.parent_id,
            item.valid_from,
            item.valid_to,
            below.get(item.pk, 0),
        )
        for item in found
    )


def list_organisations(
    actor: Actor, *, filters: dict[str, Any] | None = None, cursor: str = "", size: int = 50
) -> paging.Page[OrganisationRow]:
    """Return organisations by area and id. Filters: kind, area (prefix), words, parent, all.

    `all` adds abolished ones; without it only those standing today.
    """
    chosen = filters or {}
    found = visible_to(actor).order_by("area", "pk")
    if not chosen.get("all"):
        found = found.filter(_standing(clock.today()))
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("area"):
        found = found.filter(_within([codes.check(chosen["area"])]))
    if chosen.get("words"):
        found = found.filter(name__contains=chosen["words"])
    if "parent" in chosen:
        found = found.filter(parent=chosen["parent"])
    if cursor:
        area, pk = paging.decode_as(cursor, str, int)
        found = found.filter(Q(area__gt=area) | Q(area=area, pk__gt=pk))
    items = list(found[: size + 1])
    last = items[size - 1] if len(items) > size else None
    more = paging.encode(last.area, last.pk) if last else None
    return paging.Page(_rows(items[:size], on=clock.today()), more)


def get_organisation(actor: Actor, organisation: int) -> OrganisationDetail:
    """Return one organisation; raise `OrganisationUnknown` when the actor may not know of it."""
    found = visible_to(actor).filter(pk=organisation).first()
    if found is None:
        raise OrganisationUnknown()
    today = clock.today()
    above = _above(found)
    below = Organisation.objects.filter(_standing(today), parent=found).order_by("area", "pk")
    rows = {row.id: row for row in _rows([found, *above, *below[:200]], on=today)}
    return OrganisationDetail(
        rows[found.pk],
        tuple(rows[item.pk] for item in above),
        tuple(row for row in rows.values() if row.parent == found.pk),
        _spells(found.pk),
        _succession("predecessor", found.pk),
        _succession("successor", found.pk),
    )


def _above(found: Organisation) -> list[Organisation]:
    """Return the way up to the root, root first; the kinds have no ring, so it ends."""
    way: list[Organisation] = []
    at = found.parent_id
    while at is not None:
        above = Organisation.objects.get(pk=at)
        way.insert(0, above)
        at = above.parent_id
    return way


def _spells(organisation: int) -> tuple[Spell, ...]:
    found = OrganisationSpell.objects.filter(organisation=organisation).select_related("parent")
    return tuple(
        Spell(
            spell.name,
            spell.parent.name if spell.parent else "",
            spell.document,
            spell.valid_from,
            spell.valid_to,
        )
        for spell in found.order_by("valid_from")
    )


def _succession(side: str, organisation: int) -> tuple[tuple[int, str], ...]:
    other = "successor" if side == "predecessor" else "predecessor"
    found = OrganisationSuccession.objects.filter(**{f"{side}_id": organisation})
    return tuple(found.order_by("on").values_list(f"{other}_id", f"{other}__name"))


def tree_on(actor: Actor, root: int, on: date) -> list[tuple[int, int | None, str]]:
    """Return (id, parent, name) of everything below *root* as it was on a day.

    Spells say what was before the last change, so a past day shows the past tree.
    """
    current = visible_to(actor).filter(_standing(on), since__lte=on)
    past = OrganisationSpell.objects.filter(
        organisation__in=visible_to(actor), valid_from__lte=on, valid_to__gt=on
    )
    nodes: list[tuple[int, int | None, str]] = [
        *current.values_list("pk", "parent_id", "name"),
        *past.values_list("organisation_id", "parent_id", "name"),
    ]
    kept = {root}
    found: list[tuple[int, int | None, str]] = []
    waiting = sorted(nodes, key=lambda node: node[0])
    while True:
        more = [node for node in waiting if node[1] in kept or node[0] == root]
        if not more:
            return found
        found.extend(more)
        kept |= {node[0] for node in more}
        waiting = [node for node in waiting if node not in more]


def organisation_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of many organisations in one statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))


def with_those_above(ids: Iterable[int]) -> set[int]:
    """Return these organisations and every one that they belong to, level by level."""
    found: set[int] = set()
    level = set(ids)
    while level:
        found |= level
        parents = Organisation.objects.filter(pk__in=level).values_list("parent_id", flat=True)
        level = {one for one in parents if one is not None} - found
    return found


def organisations_of_kind(kind: str, area: str) -> list[OrganisationRow]:
    """Return the standing organisations of *kind* that serve *area*: at it, above or within it."""
    reach = _within([area]) | Q(area__in=codes.ancestors(area))
    found = Organisation.objects.filter(reach, _standing(clock.today()), kind=kind)
    return list(_rows(list(found.order_by("area", "pk")[:500]), on=clock.today()))


def organisation_area(organisation: int) -> str:
    """Return the area at which an organisation stands; raise `OrganisationUnknown`."""
    found = Organisation.objects.filter(pk=organisation).values_list("area", flat=True).first()
    if found is None:
        raise OrganisationUnknown(field="organisation")
    return found


def organisation_by_code(code: str) -> int | None:
    """Return the id of the organisation with this code, for loading data that names it."""
    return Organisation.objects.filter(code=code).values_list("pk", flat=True).first()


def kinds_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the kind of each standing organisation among *ids*, in one statement."""
    found = Organisation.objects.filter(_standing(clock.today()), pk__in=sorted(set(ids)))
    return dict(found.values_list("pk", "kind_id"))


def choices_of_kinds(kinds: Iterable[str], area: str) -> list[tuple[int, str]]:
    """Return (id, name) of standing organisations of these kinds in *area*, in one statement."""
    found = Organisation.objects.filter(
        _within([area]), _standing(clock.today()), kind__in=sorted(set(kinds))
    )
    return list(found.order_by("kind__position", "name", "pk").values_list("pk", "name")[:1000])


def contradictions() -> list[str]:
    """Return what disagrees in posts and the tree, for `gongzhi verify`; none when all is well."""
    return [row["fault"] for row in sql.rows("organisations", "contradictions")]
