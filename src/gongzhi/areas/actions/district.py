"""Loading a district's folder: its real areas, its history, and grids for a demonstration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _

from gongzhi.areas.actions.adjust import (
    Change,
    Link,
    Part,
    merge_areas,
    plan_adjustment,
    renumber_areas,
    split_area,
)
from gongzhi.areas.actions.demo import grids_of, invented_residents, successors, tessellate, weight
from gongzhi.areas.actions.writing import (
    NewArea,
    NewShape,
    forget_places,
    open_areas,
    rehearsal,
    save_shapes,
)
from gongzhi.areas.apportion import apportion
from gongzhi.areas.choices import AdjustmentKind, Origin
from gongzhi.areas.facts import DistrictAreasLoaded
from gongzhi.areas.folder import Folder, GridRule, plain_name, read_folder
from gongzhi.areas.models import Adjustment, Area, AreaShape, District
from gongzhi.areas.policies import can_load
from gongzhi.kernel import clock, codes
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What loading a folder changes (or would change): numbers of rows, and in words."""

    opened: int
    changed: int
    grids: int
    adjustments: int
    shapes: int
    lines: tuple[str, ...]


@action
def load_district_areas(*, actor: Actor, directory: Path, dry_run: bool = False) -> LoadPlan:
    """Load the areas of a district's folder; a second time changes only what the folder changed.

    With *dry_run* everything is done and undone, and the plan says what it would be. Raises
    `DistrictUnreadable`, `NotAllowed`.
    """
    require(can_load(actor))
    folder = read_folder(directory)
    with rehearsal(dry_run):
        loader = _Loader(actor, folder)
        plan = loader.run()
        if plan.lines:
            root = folder.codes[0]
            emit(DistrictAreasLoaded(plan.opened, plan.changed, plan.grids), area=root)
    return plan


class _Loader:
    """One load of one folder, counting what it changes."""

    def __init__(self, actor: Actor, folder: Folder) -> None:
        self._actor = actor
        self._folder = folder
        self._opened = self._changed = self._grids = self._adjusted = self._shapes = 0

    def run(self) -> LoadPlan:
        """Do everything in the order in which it happened in the district."""
        rule = self._folder.grids
        self._district()
        self._base()
        start = rule.since if rule else date.max
        self._adjust(until=start)
        if rule:
            self._demo_grids(rule)
        self._adjust(until=date.max)
        self._demo_shapes()
        return LoadPlan(
            self._opened,
            self._changed,
            self._grids,
            self._adjusted,
            self._shapes,
            tuple(self._words()),
        )

    def _words(self) -> list[str]:
        said = (
            (self._opened, _("新增区域 %(n)s 个")),
            (self._changed, _("更正区域 %(n)s 个")),
            (self._grids, _("生成演示网格 %(n)s 个")),
            (self._adjusted, _("区划调整 %(n)s 项")),
            (self._shapes, _("生成示意边界 %(n)s 个")),
        )
        return [text % {"n": n} for n, text in said if n]

    # --- the district and its real areas  ---
    def _district(self) -> None:
        folder = self._folder
        for code in folder.codes:
            known = District.objects.filter(code=code).first()
            if known is None:
                self._make_room(code)
            if known is not None and known.digest == folder.digest:
                continue
            self._changed += known is not None
            District.objects.update_or_create(
                code=code,
                defaults={
                    "folder": folder.key,
                    "name": folder.name,
                    "reference_prefix": folder.reference_prefix,
                    "longitude": folder.centre[0],
                    "latitude": folder.centre[1],
                    "level_names": dict(folder.level_names),
                    "kind_names": dict(folder.kind_names),
                    "grids_used": bool(folder.grids and folder.grids.used),
                    "digest": folder.digest,
                    "loaded_at": clock.now(),
                },
            )

    @staticmethod
    def _make_room(code: str) -> None:
        """Drop the country's bare rows inside the district: the folder knows them better."""
        low, high = codes.prefix_range(code)
        Area.objects.filter(
            code__gte=low,
            code__lt=high,
            origin=Origin.STATISTICS,
            followed_by=None,
            preceded_by=None,
            shape=None,
        ).delete()

    def _base(self) -> None:
        """Open the areas of the folder that are not known yet; correct names and kinds."""
        low = [row.values["code"] for row in self._folder.areas]
        known: dict[str, list[Area]] = defaultdict(list)
        for area in Area.objects.filter(code__in=low):
            known[area.code].append(area)
        counts = self._demo_counts()
        new = []
        for row in self._folder.areas:
            values = row.values
            name = plain_name(values["name"])
            if values["code"] not in known:
                households, residents = counts.get(values["code"], (None, None))
                new.append(
                    NewArea(
                        values["code"],
                        name,
                        values["kind"],
                        _day(values["valid_from"]) or self._folder.since,
                        valid_to=_day(values["valid_to"]),
                        households=_whole(values["households"]) or households,
                        residents=_whole(values["residents"]) or residents,
                        origin=Origin.STATISTICS,
                    )
                )
            else:
                self._correct(known[values["code"]], name, values["kind"])
        open_areas(new)
        self._opened += len(new)

    def _correct(self, rows: Sequence[Area], name: str, kind: str) -> None:
        """Correct a row that has only ever been as the folder gave it."""
        area = rows[0]
        if len(rows) > 1 or area.valid_to or (area.name, area.kind) == (name, kind):
            return
        Area.objects.filter(id=area.id).update(name=name, short_name=name, kind=kind)
        self._changed += 1

    def _demo_counts(self) -> dict[str, tuple[int, int]]:
        """Return invented households and residents for communities with grids, and their sums."""
        rule = self._folder.grids
        if rule is None:
            return {}
        homes = [row.values["code"] for row in self._folder.areas if _has_grids(row.values, rule)]
        if not homes:
            return {}
        splits = self._split_off()
        total = rule.total or (rule.per_community or 1) * (len(homes) + sum(splits.values()))
        weights = [weight(code) * (1 + splits.get(code, 0)) for code in homes]
        sums: dict[str, tuple[int, int]] = {}
        for code, households in zip(
            homes, apportion(total * rule.households, weights), strict=True
        ):
            residents = invented_residents(code, households)
            for area in codes.ancestors(code, itself=True):
                if any(codes.is_within(area, root) for root in self._folder.codes):
                    had = sums.get(area, (0, 0))
                    sums[area] = (had[0] + households, had[1] + residents)
        return sums

    def _split_off(self) -> dict[str, int]:
        """Return how many areas were later split off from each code."""
        found: dict[str, int] = defaultdict(int)
        for item in self._folder.adjustments:
            if item["kind"] == AdjustmentKind.SPLIT and not item.get("planned"):
                found[item["from"]] += 1
        return found

    # --- history  ---
    def _adjust(self, *, until: date) -> None:
        """Carry out the folder's adjustments up to a day that are not recorded yet."""
        titles = {item["title"] for item in self._folder.adjustments}
        done = set(Adjustment.objects.filter(title__in=titles).values_list("code", "title"))
        for item in self._folder.adjustments:
            into = item["into"]["code"] if item["kind"] == AdjustmentKind.MERGE else item["from"]
            if item["day"] > until or (into, item["title"]) in done:
                continue
            change = Change(item["day"], item["title"], item.get("batch", 1))
            if item.get("planned"):
                kind = AdjustmentKind(item["kind"])
                plan_adjustment(actor=self._actor, kind=kind, code=into, change=change)
            elif item["kind"] == AdjustmentKind.MERGE:
                part = Part(into, item["into"]["name"])
                merge_areas(actor=self._actor, merged=item["from"], into=part, change=change)
            else:
                self._split(item, change)
            self._adjusted += 1

    def _split(self, item: Mapping[str, Any], change: Change) -> None:
        """Split the later half of a community's grids off."""
        old = Area.objects.get(code=item["from"], valid_to=None)
        below = _current_children(old.code)
        cut = (len(below) + 1) // 2
        off = item["new"]
        parts = [
            Part(old.code, old.name, tuple(below[:cut])),
            Part(off["code"], off["name"], tuple(below[cut:])),
        ]
        if not below and old.households is not None and old.residents is not None:
            homes, people = old.households // 2, old.residents // 2
            parts = [
                replace(
                    parts[0], households=old.households - homes, residents=old.residents - people
                ),
                replace(parts[1], households=homes, residents=people),
            ]
        split_area(actor=self._actor, code=old.code, parts=parts, change=change)

    # --- grids  ---
    def _demo_grids(self, rule: GridRule) -> None:
        """Invent grids for the communities that have none, if the district has no grid at all."""
        homes = [area for area in self._current("community") if area.kind in rule.kinds]
        if not rule.used or not homes or self._current("grid"):
            return
        new: list[NewArea] = []
        for home, number in zip(homes, self._numbers(rule, homes, rule.total), strict=True):
            new.extend(grids_of(home, number, rule))
        open_areas(new)
        self._grids += len(new)
        if rule.renumbered:
            self._renumber(rule, homes)

    def _numbers(self, rule: GridRule, homes: Sequence[Area], total: int | None) -> list[int]:
        """Return how many grids each community gets."""
        if total is None:
            splits = self._split_off()
            return [(rule.per_community or 1) * (1 + splits.get(home.code, 0)) for home in homes]
        # One each first: a community without a grid would leave its residents to nobody.
        weights = [weight(home.code) for home in homes]
        more = apportion(max(0, total - len(homes)), weights)
        return [1 + extra for extra in more]

    def _renumber(self, rule: GridRule, homes: Sequence[Area]) -> None:
        """Let the first grids give way to the later, finer ones, each with its predecessor."""
        later = rule.renumbered
        if later is None:
            return
        first = self._current("grid")
        inside: dict[str, list[Area]] = defaultdict(list)
        for grid in first:
            inside[grid.parent].append(grid)
        links: list[Link] = []
        named: dict[str, str] = {}
        for home, number in zip(homes, self._numbers(rule, homes, later.total), strict=True):
            mine = successors(home, inside[home.code], max(number, len(inside[home.code])))
            links.extend(mine)
            for n, link in enumerate(mine, 1):
                named[link.new] = home.name + rule.name.format(n=n)
        renumber_areas(
            actor=self._actor,
            area=self._folder.codes[0],
            links=links,
            named=named,
            change=Change(later.day, later.title),
        )
        self._grids += len(links) - len(first)
        self._adjusted += 1

    # --- outlines  ---
    def _demo_shapes(self) -> None:
        """Invent outlines inside the real one, unless the district has real ones already."""
        areas = [a for level in ("street", "community", "grid") for a in self._current(level)]
        have = AreaShape.objects.filter(area__in=[area.id for area in areas])
        if not self._folder.outlines or have.count() == len(areas):
            return
        if have.filter(schematic=False).exists():
            return
        shapes: dict[int, NewShape] = {}
        ids = {area.code: area.id for area in [*areas, *self._current("district")]}
        for code, outline in self._folder.outlines.items():
            shapes[ids[code]] = NewShape(outline, False)
            parts = tessellate(code, outline, areas)
            shapes.update({ids[part]: NewShape(shape, True) for part, shape in parts.items()})
        for city in self._current("city"):
            whole = shapely.union_all(list(self._folder.outlines.values()))
            shapes[city.id] = NewShape(whole, False)
        save_shapes(shapes)
        forget_places()
        self._shapes += len(shapes)

    def _current(self, level: str) -> list[Area]:
        found: list[Area] = []
        for root in self._folder.codes:
            low, high = codes.prefix_range(root)
            query = Area.objects.filter(code__gte=low, code__lt=high, level=level, valid_to=None)
            found.extend(query.order_by("code"))
        return found


def _current_children(code: str) -> list[str]:
    query = Area.objects.filter(parent=code, valid_to=None).order_by("code")
    return list(query.values_list("code", flat=True))


def _has_grids(values: Mapping[str, str], rule: GridRule) -> bool:
    return codes.level_of(values["code"]) == "community" and values["kind"] in rule.kinds


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _whole(text: str) -> int | None:
    return int(text) if text else None
