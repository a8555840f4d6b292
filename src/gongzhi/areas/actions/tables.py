"""Import of a file of areas: every bad row is named, and nothing is written until all are good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils import translation
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gongzhi.areas import tables
from gongzhi.areas.actions.writing import (
    NewArea,
    NewShape,
    forget_places,
    open_areas,
    save_shapes,
)
from gongzhi.areas.choices import KINDS_OF_LEVEL, Kind
from gongzhi.areas.errors import RowsRefused
from gongzhi.areas.facts import AreasImported
from gongzhi.areas.models import Area
from gongzhi.areas.tables import COLUMNS, Row
from gongzhi.kernel import clock, codes, coordinates
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.coordinates import System
from gongzhi.kernel.errors import FieldProblem

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one line of a file, in which column, and how to mend it."""

    line: int
    field: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or would do; with problems it does nothing."""

    rows: int
    opened: int
    changed: int
    unchanged: int
    shapes: int
    problems: tuple[RowProblem, ...]
    written: bool


@dataclass(slots=True)
class _Good:
    """A row that can be taken."""

    line: int
    area: NewArea
    outline: BaseGeometry | None


@action
def import_areas(
    *, actor: Actor, name: str, content: bytes, dry_run: bool, system: System = "wgs84"
) -> ImportReport:
    """Take in a CSV, Excel or GeoJSON file of areas; outlines come in *system*.

    A dry run writes nothing and lists every problem. Otherwise problems raise `RowsRefused` and
    nothing is written. A row whose code and first day are known corrects name, kind and counts.
    Raises `FileUnreadable` for a file that cannot be read at all.
    """
    rows = tables.read(name, content)
    check = _Check(actor, rows, system)
    good, problems = check.run()
    new = [item for item in good if (item.area.code, item.area.valid_from) not in check.known]
    changed = [item for item in good if check.differs(item.area)]
    outlines = sum(item.outline is not None for item in good)
    kept = len(good) - len(new) - len(changed)
    counts = (len(rows), len(new), len(changed), kept, outlines)
    if dry_run:
        return ImportReport(*counts, tuple(problems), written=False)
    if problems:
        refused = RowsRefused(mend=_("请按清单改好后重新导入"))
        refused.problems = tuple(
            FieldProblem(f"{p.line}:{p.field}", p.message, p.mend) for p in problems
        )
        raise refused
    _write(good, new, changed, check)
    if good:
        top = min((item.area.code for item in good), key=len)
        emit(AreasImported(len(new), len(changed), outlines), area=top)
    return ImportReport(*counts, (), written=True)


def _write(
    good: Sequence[_Good], new: Sequence[_Good], changed: Sequence[_Good], check: _Check
) -> None:
    ids = {key: area.id for key, area in check.known.items()}
    opened = open_areas([item.area for item in new])
    ids.update({(i.area.code, i.area.valid_from): opened[i.area.code] for i in new})
    for item in changed:
        Area.objects.filter(id=ids[item.area.code, item.area.valid_from]).update(
            **_values(item.area)
        )
    save_shapes(
        {
            ids[item.area.code, item.area.valid_from]: NewShape(item.outline, False)
            for item in good
            if item.outline is not None
        }
    )
    forget_places()


def _values(area: NewArea) -> dict[str, Any]:
    return {
        "name": area.name,
        "short_name": area.short_name or area.name,
        "kind": area.kind,
        "valid_to": area.valid_to,
        "households": area.households,
        "residents": area.residents,
    }


class _Check:
    """Looks at every row of a file and gathers what is wrong, never stopping at the first."""

    def __init__(self, actor: Actor, rows: Sequence[Row], system: System) -> None:
        self._actor = actor
        self._rows = rows
        self._system = system
        self._problems: list[RowProblem] = []
        self._kinds = _kinds()
        self._in_file = {row.values["code"]: row.line for row in reversed(rows)}
        wanted = {code for code in self._in_file if codes.is_code(code)}
        above = {up for code in wanted for up in [codes.parent(code)] if up}
        found = list(Area.objects.filter(code__in=wanted | above))
        self._existing = {area.code for area in found}
        self._rows_of: dict[str, list[Area]] = {}
        for area in found:
            self._rows_of.setdefault(area.code, []).append(area)
        self.known = {(area.code, area.valid_from): area for area in found}

    def run(self) -> tuple[list[_Good], list[RowProblem]]:
        """Return the good rows and all problems, in the order of the file."""
        good = []
        for row in self._rows:
            before = len(self._problems)
            item = self._row(row)
            if item and len(self._problems) == before:
                good.append(item)
        self._overlaps(good)
        self._problems.sort(key=lambda problem: problem.line)
        return good, self._problems

    def differs(self, area: NewArea) -> bool:
        """Whether the row is known and says something else."""
        old = self.known.get((area.code, area.valid_from))
        if old is None:
            return False
        return any(
            getattr(old, key) != value
            for key, value in _values(area).items()
            if key != "short_name"
        )

    def _bad(self, row: Row, field: str, message: str, mend: str) -> None:
        self._problems.append(RowProblem(row.line, str(COLUMNS.get(field, field)), message, mend))

    def _row(self, row: Row) -> _Good | None:
        code = self._code(row)
        start = self._day(row, "valid_from")
        end = self._day(row, "valid_to")
        counts = self._count(row, "households"), self._count(row, "residents")
        name = self._name(row)
        kind = self._kind(row, code)
        outline = self._outline(row)
        if code is None:
            return None
        start = start or self._first_day(code)
        if end and end <= start:
            self._bad(row, "valid_to", _("停用日期不晚于启用日期"), _("请检查两个日期"))
        old = self.known.get((code, start))
        short = old.short_name if old and old.name == name else name
        if old and old.valid_to and self._changes_history(old, name, kind, (end, *counts)):
            self._bad(row, "code", _("已停用的区域不能再改"), _("请删去这一行"))
        area = NewArea(code, name, kind, start, short, end, *counts)
        return _Good(row.line, area, outline)

    @staticmethod
    def _changes_history(old: Area, name: str, kind: str, rest: tuple[Any, ...]) -> bool:
        said = (name, kind, *rest)
        return said != (old.name, old.kind, old.valid_to, old.households, old.residents)

    def _first_day(self, code: str) -> date:
        """Return the first day of the current row of a known code, today for a new one."""
        current = [area for area in self._rows_of.get(code, []) if area.valid_to is None]
        return current[0].valid_from if current else clock.today()

    def _code(self, row: Row) -> str | None:
        code = row.values["code"]
        if "code" in row.unsure:
            self._bad(row, "code", _("代码以数字保存，末几位已不准确"), _("请把该列设为文本后重填"))
            return None
        if not codes.is_code(code):
            self._bad(
                row,
                "code",
                _("“%(code)s”不是区划代码") % {"code": code[:40]},
                _("代码为 2、4、6、9、12、15、18 或 20 位数字"),
            )
            return None
        above = codes.parent(code)
        if above and above not in self._existing and above not in self._in_file:
            self._bad(
                row,
                "code",
                _("上级区域 %(code)s 不存在") % {"code": above},
                _("请先导入上级，或与上级放在同一文件"),
            )
        if not self._actor.may("areas.manage", area=code):
            self._bad(row, "code", _("您的岗位不能管理这个区域"), _("请由上级导入这一行"))
        return code

    def _name(self, row: Row) -> str:
        name = row.values["name"]
        if not name:
            self._bad(row, "name", _("名称为空"), _("请填写名称"))
        elif len(name) > _LONGEST_NAME or any(ord(sign) < 32 for sign in name):
            self._bad(row, "name", _("名称过长或含有控制字符"), _("请改为 60 字以内的一行"))
        return name

    def _kind(self, row: Row, code: str | None) -> str:
        said = row.values["kind"]
        kind = self._kinds.get(said, "")
        allowed = KINDS_OF_LEVEL[codes.level_of(code)] if code else tuple(Kind)
        if kind not in allowed:
            self._bad(
                row,
                "kind",
                _("“%(kind)s”不是这一级的类别") % {"kind": said[:40]},
                _("可填：%(kinds)s") % {"kinds": "、".join(str(k.label) for k in allowed)},
            )
        return kind

    def _day(self, row: Row, field: str) -> date | None:
        said = row.values[field]
        if not said:
            return None
        try:
            return date.fromisoformat(said.replace("/", "-"))
        except ValueError:
            self._bad(
                row,
                field,
                _("“%(text)s”不是日期") % {"text": said[:40]},
                _("请写成 2026-11-22 的形式"),
            )
            return None

    def _count(self, row: Row, field: str) -> int | None:
        said = row.values[field]
        if not said:
            return None
        if said.isascii() and said.isdigit() and int(said) <= 2_000_000_000:
            return int(said)
        self._bad(
            row,
            field,
            _("“%(text)s”不是人数或户数") % {"text": said[:40]},
            _("请填写不小于 0 的整数"),
        )
        return None

    def _outline(self, row: Row) -> BaseGeometry | None:
        if row.geometry is None:
            return None
        try:
            shape = shapely.geometry.shape(row.geometry)
            problem = shapely.is_valid_reason(shape) if not shape.is_valid else ""
            if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
                problem = _("不是面")
            if not problem:
                return self._placed(row, shape)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            problem = type(error).__name__
        except shapely.errors.ShapelyError as error:
            problem = str(error)[:80]
        self._bad(
            row,
            "geometry",
            _("边界无效：%(why)s") % {"why": problem},
            _("请改为不自交的 Polygon 或 MultiPolygon"),
        )
        return None

    def _placed(self, row: Row, shape: BaseGeometry) -> BaseGeometry | None:
        west, south, east, north = shape.bounds
        if not (70 <= west <= east <= 140 and 0 <= south <= north <= 56):
            self._bad(
                row,
                "geometry",
                _("边界不在中国境内"),
                _("坐标须为经度在前、纬度在后的度数"),
            )
            return None
        if self._system != "gcj02":
            return shapely.force_2d(shape)
        return shapely.transform(
            shapely.force_2d(shape),
            lambda xy: np.array([coordinates.gcj02_to_wgs84(lon, lat) for lon, lat in xy]),
        )

    def _overlaps(self, good: Sequence[_Good]) -> None:
        """Name rows whose code already means something during part of their time."""
        spans: dict[str, list[tuple[date, date, str]]] = {}
        lines = {(item.area.code, item.area.valid_from) for item in good}
        for area in self.known.values():
            if (area.code, area.valid_from) not in lines:
                end = area.valid_to or date.max
                spans.setdefault(area.code, []).append(
                    (area.valid_from, end, _("库中的“%(name)s”") % {"name": area.name})
                )
        for item in good:
            start, end = item.area.valid_from, item.area.valid_to or date.max
            for other_start, other_end, where in spans.get(item.area.code, []):
                if start < other_end and other_start < end:
                    self._problems.append(
                        RowProblem(
                            item.line,
                            str(COLUMNS["code"]),
                            _("代码的有效期与%(where)s重叠") % {"where": where},
                            _("请改代码或日期，或先停用原有区域"),
                        )
                    )
            spans.setdefault(item.area.code, []).append(
                (start, end, _("第 %(line)s 行") % {"line": item.line})
            )


def _kinds() -> dict[str, str]:
    """Return kinds by what a file may call them: id, Chinese name, the reader's name."""
    found = {kind.value: kind.value for kind in Kind} | {str(k.label): k.value for k in Kind}
    with translation.override("zh-hans"):
        return found | {str(kind.label): kind.value for kind in Kind}
