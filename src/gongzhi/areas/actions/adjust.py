"""Areas give way to others: split, merge, renumber, rename; nothing is lost on the way."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gongzhi.areas.actions.writing import (
    NewArea,
    NewShape,
    check_conserved,
    close_areas,
    forget_places,
    open_areas,
    save_shapes,
    take_current,
)
from gongzhi.areas.choices import AdjustmentKind, AdjustmentState
from gongzhi.areas.errors import NotConserved
from gongzhi.areas.facts import AdjustmentPlanned, AreasAdjusted
from gongzhi.areas.models import Adjustment, Area, AreaShape, Succession
from gongzhi.areas.policies import can_manage
from gongzhi.areas.tessellation import divide_one
from gongzhi.kernel import clock, codes
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import InvalidInput
from gongzhi.kernel.policy import require


@dataclass(frozen=True, slots=True)
class Change:
    """When an adjustment takes effect, what it is called, and its batch.

    `planned` is the id of the plan that it carries out.
    """

    on: date
    title: str
    batch: int = 1
    planned: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One successor: its code and name, and what it takes over.

    `children` are the codes of the areas inside the old one that go to this part; counts are then
    their sums, unless given. `kind` is the old one's unless given.
    """

    code: str
    name: str
    children: tuple[str, ...] = ()
    households: int | None = None
    residents: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What goes from one old code to one new code."""

    old: str
    new: str
    households: int | None = None
    residents: int | None = None


# --- doors  ---
@action
def split_area(*, actor: Actor, code: str, parts: Sequence[Part], change: Change) -> int:
    """Split the area *code* into *parts*; one of them may keep the code. Returns the adjustment.

    Children go to their part and get codes under it, with everything inside them. Raises
    `NotConserved`, `AreaOverlap`, `AreaUnknown`, `InvalidInput`, `NotAllowed`.
    """
    require(can_manage(actor, [code, *(part.code for part in parts)]))
    if len(parts) < 2 or len({part.code for part in parts}) < len(parts):
        raise InvalidInput(
            _("拆分须有两个以上不同的新区域"), field="parts", mend=_("请补上另一部分")
        )
    _same_level(code, [part.code for part in parts])
    old = take_current([code])[code]
    below = _children_of([code])
    _each_child_once(below, parts)
    plan = _Plan(change.on)
    for part in parts:
        mine = [child for child in below if child.code in part.children]
        counted = _counted(part, mine)
        plan.link(old, counted, Link(code, part.code, counted.households, counted.residents))
        if part.code != code:
            plan.move(mine, part.code, old.short_name, part.name)
    return plan.carry_out(actor, AdjustmentKind.SPLIT, code, change)


@action
def merge_areas(*, actor: Actor, merged: Sequence[str], into: Part, change: Change) -> int:
    """Merge the areas *merged* into one, which may keep the code of one of them.

    What lay inside them moves under the new code, numbered on. Returns the adjustment; raises
    like `split_area`.
    """
    require(can_manage(actor, [*merged, into.code]))
    if len(set(merged)) < 2:
        raise InvalidInput(_("合并须有两个以上不同的区域"), field="codes", mend=_("请再选一个区域"))
    _same_level(into.code, merged)
    olds = take_current(merged)
    plan = _Plan(change.on)
    total = replace(
        into,
        households=_sum(old.households for old in olds.values()),
        residents=_sum(old.residents for old in olds.values()),
    )
    for code, old in olds.items():
        plan.link(old, total, Link(code, into.code, old.households, old.residents))
    for code, old in olds.items():
        if code != into.code:
            plan.move(_children_of([code]), into.code, old.short_name, into.name)
    return plan.carry_out(actor, AdjustmentKind.MERGE, into.code, change)


@action
def renumber_areas(
    *, actor: Actor, area: str, links: Sequence[Link], named: Mapping[str, str], change: Change
) -> int:
    """Give areas inside *area* new codes; one old may go to several new ones and the reverse.

    *named* gives each new code its name. Areas with others inside them cannot be renumbered this
    way (`InvalidInput`): split or merge those. Returns the adjustment; raises like `split_area`.
    """
    require(can_manage(actor, [area]))
    if not links or any(not codes.is_within(link.new, area) for link in links):
        raise InvalidInput(_("新代码须在该区域内"), field="links", mend=_("请检查新代码"))
    olds = take_current(sorted({link.old for link in links}))
    if _children_of(list(olds)):
        raise InvalidInput(
            _("含有下级的区域不能直接重新编码"), field="links", mend=_("请改用拆分或合并")
        )
    plan = _Plan(change.on)
    into: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        into[link.new].append(link)
    for code, mine in into.items():
        part = Part(
            code,
            named.get(code, olds[mine[0].old].name),
            households=_sum(link.households for link in mine),
            residents=_sum(link.residents for link in mine),
        )
        for link in mine:
            plan.link(olds[link.old], part, link)
    return plan.carry_out(actor, AdjustmentKind.RENUMBER, area, change)


@action
def rename_area(*, actor: Actor, code: str, name: str, change: Change) -> int:
    """Give the area a new name from a day on; the old name stays for the time before."""
    require(can_manage(actor, [code]))
    if not name.strip() or len(name) > 60:
        raise InvalidInput(_("名称不合适"), field="name", mend=_("请填写 1 到 60 个字"))
    old = take_current([code])[code]
    plan = _Plan(change.on)
    part = Part(code, name.strip(), households=old.households, residents=old.residents)
    plan.link(old, part, Link(code, code, old.households, old.residents))
    return plan.carry_out(actor, AdjustmentKind.RENAME, code, change)


@action
def plan_adjustment(*, actor: Actor, kind: AdjustmentKind, code: str, change: Change) -> int:
    """Note an adjustment of a later day, to be carried out in its batch. Returns its id."""
    require(can_manage(actor, [code]))
    take_current([code])
    planned = Adjustment.objects.create(
        kind=kind,
        state=AdjustmentState.PLANNED,
        code=code,
        title=change.title,
        batch=change.batch,
        takes_effect=change.on,
    )
    emit(AdjustmentPlanned(planned.id, kind.value, change.batch), area=code)
    return planned.id


# --- how it is done  ---
class _Plan:
    """The old rows, the new rows, and what goes from which to which."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._olds: dict[str, Area] = {}
        self._new: dict[str, NewArea] = {}
        self._links: list[Link] = []
        self._taken: dict[str, int] = {}

    def link(self, old: Area, part: Part, link: Link) -> None:
        """Let *old* hand on to *part*."""
        self._olds[old.code] = old
        self._links.append(link)
        self._new[part.code] = NewArea(
            part.code,
            part.name,
            part.kind or old.kind,
            self._on,
            short_name=_short(part.name, old),
            households=part.households,
            residents=part.residents,
            origin=old.origin,
        )

    def move(self, below: Sequence[Area], under: str, was_in: str, is_in: str) -> None:
        """Renumber *below* and everything inside it under another parent."""
        for area in below:
            new = codes.child_code(under, self._next(under))
            for inner in [area, *_descendants(area.code)]:
                code = new + inner.code[len(area.code) :]
                name = inner.name.replace(was_in, is_in, 1)
                part = Part(code, name, (), inner.households, inner.residents)
                self.link(inner, part, Link(inner.code, code, inner.households, inner.residents))
                self._new[code] = replace(self._new[code], short_name=inner.short_name)

    def _next(self, under: str) -> int:
        """Return the next number never used under *under*."""
        if under not in self._taken:
            last = Area.objects.filter(parent=under).order_by("-code").values_list("code").first()
            self._taken[under] = int(last[0][len(under) :]) if last else 0
        self._taken[under] += 1
        return self._taken[under]

    def carry_out(self, actor: Actor, kind: AdjustmentKind, code: str, change: Change) -> int:
        """Close, open, record and check; returns the adjustment's id."""
        require(can_manage(actor, self._new))
        outlines = _outlines(self._olds.values())
        close_areas(list(self._olds.values()), self._on)
        ids = open_areas(list(self._new.values()))
        done = _record(kind, code, change)
        Succession.objects.bulk_create(
            Succession(
                adjustment=done,
                predecessor=self._olds[link.old],
                successor_id=ids[link.new],
                households=link.households,
                residents=link.residents,
            )
            for link in self._links
        )
        check_conserved()
        _hand_on_shapes(self._links, outlines, ids)
        forget_places()
        old, new = tuple(sorted(self._olds)), tuple(sorted(self._new))
        emit(AreasAdjusted(done.id, kind.value, old, new, change.on.isoformat()), area=code)
        return done.id


def _record(kind: AdjustmentKind, code: str, change: Change) -> Adjustment:
    """Note the adjustment as done: a new one, or the plan that it carries out."""
    if change.planned is None:
        done = Adjustment(kind=kind, code=code, title=change.title, batch=change.batch)
    else:
        query = Adjustment.objects.select_for_update().filter(
            id=change.planned, code=code, kind=kind, state=AdjustmentState.PLANNED
        )
        found = query.first()
        if found is None:
            raise InvalidInput(_("没有这项计划，或已完成"), field="planned")
        done = found
    done.state = AdjustmentState.DONE
    done.takes_effect = change.on
    done.done_at = clock.now()
    done.save()
    return done


def _same_level(code: str, others: Iterable[str]) -> None:
    level = codes.level_of(code)
    if any(codes.level_of(other) != level for other in others):
        raise InvalidInput(_("新旧区域须为同一层级"), field="parts", mend=_("请检查代码的位数"))


def _children_of(parents: Sequence[str]) -> list[Area]:
    query = Area.objects.filter(parent__in=parents, valid_to=None).select_for_update()
    return list(query.order_by("code"))


def _descendants(code: str) -> list[Area]:
    low, high = codes.prefix_range(code)
    query = Area.objects.filter(code__gt=low, code__lt=high, valid_to=None).select_for_update()
    return list(query.order_by("code"))


def _each_child_once(below: Sequence[Area], parts: Sequence[Part]) -> None:
    given = [code for part in parts for code in part.children]
    if sorted(given) != [area.code for area in below]:
        raise InvalidInput(
            _("每个下级区域须恰好归入一个新区域"),
            field="parts",
            mend=_("请为每个下级选择归属"),
        )


def _counted(part: Part, mine: Sequence[Area]) -> Part:
    """Return *part* with the sums of its children where it states no counts of its own."""
    if not mine:
        return part
    households = _sum(area.households for area in mine)
    residents = _sum(area.residents for area in mine)
    for said, found in ((part.households, households), (part.residents, residents)):
        if None not in (said, found) and said != found:
            raise NotConserved(field="parts", mend=_("户数、人数须等于其下级之和"))
    return replace(part, households=households, residents=residents)


def _sum(values: Iterable[int | None]) -> int | None:
    """Return the sum, or None when any of the values is not known."""
    found = list(values)
    return None if None in found else sum(value for value in found if value is not None)


def _short(name: str, old: Area) -> str:
    """Keep the short form that the old name had: what followed its community's name."""
    lead = old.name.removesuffix(old.short_name)
    return name.removeprefix(lead) if lead else name


def _outlines(olds: Iterable[Area]) -> dict[str, NewShape]:
    query = AreaShape.objects.filter(area__in=[old.id for old in olds]).select_related("area")
    return {
        shape.area.code: NewShape(shapely.from_wkb(bytes(shape.geometry)), shape.schematic)
        for shape in query
    }


def _hand_on_shapes(
    links: Sequence[Link], outlines: Mapping[str, NewShape], ids: Mapping[str, int]
) -> None:
    """Give the new rows outlines: of their children where there are any, else parts of the old."""
    heirs: dict[str, list[str]] = defaultdict(list)
    for link in links:
        heirs[link.old].append(link.new)
    pieces: dict[str, list[BaseGeometry]] = defaultdict(list)
    guessed: set[str] = set()
    for old, news in heirs.items():
        if old not in outlines:
            continue
        shape = outlines[old]
        guessed.update(news if shape.schematic or len(news) > 1 else ())
        parts = [shape.geometry]
        if len(news) > 1 and not _with_children(news):
            parts = divide_one(shape.geometry, len(news), zlib.crc32(old.encode()))
        for new, part in zip(news, parts, strict=False):
            pieces[new].append(part)
    ready = {
        ids[new]: NewShape(shapely.union_all(parts), new in guessed)
        for new, parts in pieces.items()
    }
    save_shapes(ready)
    _shapes_of_children([new for old in heirs for new in heirs[old]], ids)


def _with_children(found: Sequence[str]) -> bool:
    return Area.objects.filter(parent__in=found, valid_to=None).exists()


def _shapes_of_children(new: Sequence[str], ids: Mapping[str, int]) -> None:
    """Where a new area's children have outlines, its own is their union."""
    inner: dict[str, list[AreaShape]] = defaultdict(list)
    query = AreaShape.objects.filter(area__parent__in=set(new), area__valid_to=None)
    for shape in query.select_related("area"):
        inner[shape.area.parent].append(shape)
    save_shapes(
        {
            ids[code]: NewShape(
                shapely.union_all(shapely.from_wkb([bytes(s.geometry) for s in shapes])),
                any(s.schematic for s in shapes),
            )
            for code, shapes in inner.items()
        }
    )
