"""The tables of a page of figures as rows for Excel: heads first, numbers as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.indicators.queries import Figure, Line, RoleBurden, View


def _worth(figure: Figure) -> Any:
    return figure.shown if figure.hidden else figure.value


def _lines(first: str, lines: Iterable[Line]) -> Iterator[list[Any]]:
    for number, line in enumerate(lines):
        if number == 0:
            yield [_("代码"), first, *(one.name for one in line.figures)]
        yield [line.key, line.name, *map(_worth, line.figures)]


def _numbers(view: View) -> Iterator[list[Any]]:
    yield [_("指标"), view.period.dates, view.period.before_name, "n", _("说明")]
    for one in (*view.top, *view.beside, *view.left_out):
        yield [one.name, _worth(one), one.before, one.n, one.note]


def _trend(view: View) -> Iterator[list[Any]]:
    drawn = [one for one in view.top if one.trend]
    left = [_("期末在办")] if view.open_at_ends else []
    yield [_("开始"), *(one.name for one in drawn), *left]
    for number, start in enumerate(view.period.starts):
        standing = view.open_at_ends[number : number + 1]
        yield [start.isoformat(), *(one.trend[number] for one in drawn), *standing]


def _parts(view: View) -> Iterator[list[Any]]:
    yield [_("层级"), _("件数"), _("占比（%）")]
    for part in view.parts:
        yield [part.name, part.n, part.share]


def _ages(view: View) -> Iterator[list[Any]]:
    yield [_("收到至今"), _("在办"), _("超期")]
    for age in view.ages:
        yield [age.name, age.n, age.late]


def burden(found: Iterable[RoleBurden]) -> Iterator[list[Any]]:
    """Return the burden of each role, form by form."""
    yield [
        _("角色"), _("规程"), _("步骤"), _("动作"), _("字段"), _("必填"), _("次数"), _("分钟"),
    ]  # fmt: skip
    for role in found:
        for one in role.asked:
            told = [role.name, one.procedure, one.stage, one.move]
            yield [*told, one.fields, one.needed, one.times, round(one.total, 1)]


# By the name of the part of a view that each is made of, where it is one.
TABLES: dict[str, Callable[[View], Iterator[list[Any]]]] = {
    "numbers": _numbers,
    "trend": _trend,
    "levels": _parts,
    "ages": _ages,
    "areas": lambda view: _lines(view.level_name, view.areas),
    "categories": lambda view: _lines(_("类别"), view.categories),
    "organisations": lambda view: _lines(_("单位"), view.organisations),
}
