"""Matters as a table to take away: where the actor may export, in steps, without persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.kernel import clock
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import prefix_range
from gongzhi.kernel.errors import NotAllowed
from gongzhi.matters.choices import LARGEST_EXPORT, Channel, Satisfaction, Solved
from gongzhi.matters.queries.lists import COLUMNS, Filters, MatterRow, as_rows, narrowed

POWER = "matters.export"
_STEP = 1000

EXPORT_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("reference", gettext_lazy("编号")),
    ("title", gettext_lazy("标题")),
    ("category_name", gettext_lazy("类别")),
    ("channel", gettext_lazy("来源")),
    ("area", gettext_lazy("区划代码")),
    ("place", gettext_lazy("所在区域")),
    ("stage_name", gettext_lazy("当前环节")),
    ("owner_label", gettext_lazy("承办")),
    ("reported_at", gettext_lazy("反映时间")),
    ("due_at", gettext_lazy("办理期限")),
    ("closed_at", gettext_lazy("办结时间")),
    ("solved", gettext_lazy("是否解决")),
    ("satisfaction", gettext_lazy("满意程度")),
)


def export_rows(actor: Actor, filters: Filters | None = None) -> Iterator[list[str]]:
    """Return the header and then every visible matter in which *actor* may export, as texts.

    The newest 100,000 at most, read in steps of 1,000. Raises `NotAllowed` and `InvalidInput`
    at once, not when the first line is read.
    """
    if not actor.has(POWER):
        raise NotAllowed(_("您的岗位不能导出事项"))
    found = narrowed(actor, filters or Filters())
    if not actor.is_system:
        reach = Q(pk__in=())
        for prefix in actor.areas_for(POWER):
            low, high = prefix_range(prefix)
            reach |= Q(area__gte=low, area__lt=high)
        found = found.filter(reach)
    # In the reader's language, also when the rows are sent after the request is over.
    header = [str(label) for _key, label in EXPORT_COLUMNS]
    labels = {key: {one.value: str(one.label) for one in kind} for key, kind in _LABELS.items()}
    return _lines(found.order_by("-id"), header, labels)


Labels = dict[str, dict[str, str]]


def _lines(found: Any, header: list[str], labels: Labels) -> Iterator[list[str]]:
    yield header
    last, left = None, LARGEST_EXPORT
    while left > 0:
        step = found if last is None else found.filter(id__lt=last)
        rows = list(step.values(*COLUMNS)[: min(_STEP, left)])
        for row in as_rows(rows):
            yield [_text(row, key, labels) for key, _label in EXPORT_COLUMNS]
        if len(rows) < _STEP:
            return
        last, left = rows[-1]["id"], left - len(rows)


_LABELS: dict[str, Any] = {
    "channel": Channel,
    "solved": Solved,
    "satisfaction": Satisfaction,
}


def _text(row: MatterRow, key: str, labels: Labels) -> str:
    value = getattr(row, key)
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    if key in labels and value:
        return labels[key][value]
    text = "" if value is None else str(value)
    # A spreadsheet must not take a resident's words for a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
