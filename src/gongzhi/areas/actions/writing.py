"""What the writes to areas share: opening and closing rows, shapes, successions, rehearsal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import shapely
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from gongzhi.areas.choices import Origin
from gongzhi.areas.errors import AreaOverlap, AreaUnknown, NotConserved
from gongzhi.areas.models import Area, AreaShape, ShapeRevision
from gongzhi.kernel import clock
from gongzhi.kernel.action import running
from gongzhi.kernel.errors import InvalidInput

_COLUMNS = "code, name, short_name, kind, valid_from, valid_to, households, residents, origin"


@dataclass(frozen=True, slots=True)
class NewArea:
    """A row of the tree to be opened."""

    code: str
    name: str
    kind: str
    valid_from: date
    short_name: str = ""
    valid_to: date | None = None
    households: int | None = None
    residents: int | None = None
    origin: str = Origin.ENTERED


@dataclass(frozen=True, slots=True)
class NewShape:
    """An outline to be kept for an area."""

    geometry: BaseGeometry
    schematic: bool


def open_areas(new: Sequence[NewArea]) -> dict[str, int]:
    """Write new rows in one COPY and return their ids by code.

    Raises `AreaOverlap` when a code already names an area during part of the time.
    """
    if not new:
        return {}
    text = f"COPY areas_area ({_COLUMNS}) FROM STDIN"
    try:
        with connection.cursor() as cursor, cursor.copy(text) as copy:
            for item in new:
                copy.write_row(_columns(item))
    except (psycopg.errors.ExclusionViolation, psycopg.errors.UniqueViolation) as error:
        raise AreaOverlap(
            _("代码在这段时间内已被使用：%(detail)s") % {"detail": error.diag.message_detail or ""},
            field="code",
            mend=_("请换一个代码，或先停用原有区域"),
        ) from error
    found = Area.objects.filter(
        code__in=[item.code for item in new], valid_from__in={item.valid_from for item in new}
    )
    wanted = {(item.code, item.valid_from) for item in new}
    rows = found.values_list("id", "code", "valid_from")
    return {code: id_ for id_, code, start in rows if (code, start) in wanted}


def _columns(item: NewArea) -> tuple[Any, ...]:
    return (
        item.code,
        item.name,
        item.short_name or item.name,
        item.kind,
        item.valid_from,
        item.valid_to,
        item.households,
        item.residents,
        item.origin,
    )


def take_current(wanted: Sequence[str]) -> dict[str, Area]:
    """Lock and return the current rows of these codes; raise `AreaUnknown` naming a missing one."""
    query = Area.objects.filter(code__in=wanted, valid_to=None).select_for_update()
    found = {area.code: area for area in query.order_by("code")}
    for code in wanted:
        if code not in found:
            raise AreaUnknown(_("没有现行区域 %(code)s") % {"code": code}, field="area")
    return found


def close_areas(areas: Sequence[Area], on: date) -> None:
    """Let rows end before *on*; raise `InvalidInput` when one began on that day or later."""
    today = clock.today()
    for area in areas:
        if not area.valid_from < on <= today:
            raise InvalidInput(
                _("“%(name)s”不能在 %(day)s 停用") % {"name": area.name, "day": on},
                field="on",
                mend=_("日期须晚于启用日期，且不晚于今天；将来的调整请先列入计划"),
            )
    Area.objects.filter(id__in=[area.id for area in areas]).update(valid_to=on)


def save_shapes(shapes: Mapping[int, NewShape]) -> None:
    """Keep an outline for each area id, replacing what was there; memory learns that it is old."""
    if not shapes:
        return
    rows = []
    for area, shape in shapes.items():
        label = shape.geometry.point_on_surface()
        rows.append(
            AreaShape(
                area_id=area,
                geometry=shapely.to_wkb(shape.geometry),
                schematic=shape.schematic,
                label_lon=label.x,
                label_lat=label.y,
            )
        )
    AreaShape.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["area"],
        update_fields=["geometry", "schematic", "label_lon", "label_lat"],
    )


def forget_places() -> None:
    """Change the token of shapes: every process drops its locator and map answers."""
    ShapeRevision.objects.update_or_create(id=1, defaults={"token": uuid4()})


def check_conserved() -> None:
    """Have the database check the successions now; raise `NotConserved`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        if "handed on" not in str(error):
            raise
        raise NotConserved(field="parts", mend=_("各部分的户数、人数之和须与原区域相同")) from error


class _Undo(Exception):
    """Leaves a savepoint."""


@contextlib.contextmanager
def rehearsal(dry_run: bool) -> Iterator[None]:
    """Undo at the end what was written and emitted inside, when it is only a rehearsal."""
    if not dry_run:
        yield
        return
    run = running()
    before = len(run.emitted) if run else 0
    with contextlib.suppress(_Undo), transaction.atomic():
        yield
        raise _Undo
    if run:
        del run.emitted[before:]
