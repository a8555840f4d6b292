"""The answers to a move's form, checked against its fields: types, choices, lengths, shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from gongzhi.areas import queries as areas
from gongzhi.kernel import clock, codes
from gongzhi.kernel.errors import FieldProblem
from gongzhi.organisations import queries as organisations
from gongzhi.procedures.definition import Field, Move
from gongzhi.procedures.definition.rules import broken_rules
from gongzhi.procedures.errors import AnswersInvalid

LONGEST = {"text": 200, "long_text": 5000}
LARGEST = 2**53
MOST = 50
_TRUE = {"true", "1", "on", "yes", "是"}
_FALSE = {"false", "0", "off", "no", "否", ""}


class _Wrong(Exception):
    """One answer that cannot be accepted: what is wrong, and the mend."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


def checked_answers(move: Move, data: Mapping[str, Any], area: str) -> dict[str, Any]:
    """Return the form's answers as plain JSON values; raise `AnswersInvalid` naming each fault."""
    problems: list[FieldProblem] = []
    known = {field.key: field for field in move.form}
    for key in data:
        if key not in known:
            problems.append(
                FieldProblem(str(key)[:60], _("这一步没有这一项"), _("请去掉这一项"))
            )
    clean: dict[str, Any] = {}
    for field in move.form:
        try:
            answer = _answer(field, data.get(field.key))
        except _Wrong as wrong:
            problems.append(FieldProblem(field.key, wrong.message, wrong.mend))
            continue
        if answer is not None:
            clean[field.key] = answer
    problems += _unknown_places(move, clean, area)
    problems += [FieldProblem(broken.field, broken.message) for broken in broken_rules(move, clean)]
    if problems:
        raise AnswersInvalid.many(problems)
    return clean


def _answer(field: Field, value: Any) -> Any:
    """Return one checked answer, or None when it was left out."""
    if isinstance(value, str):
        value = value.strip()
    if value in (None, "", [], ()):
        if field.required:
            raise _Wrong(_("请填写“%(label)s”") % {"label": field.label}, field.hint)
        return None
    return _CHECKS[field.type](field, value)


def _text(field: Field, value: Any) -> str:
    longest = field.maximum or LONGEST[field.type]
    if not isinstance(value, str) or "\x00" in value:
        raise _Wrong(_("“%(label)s”应当是文字") % {"label": field.label}, _("请改为文字"))
    if len(value) > longest:
        raise _Wrong(
            _("“%(label)s”太长") % {"label": field.label},
            _("最多 %(n)s 个字") % {"n": longest},
        )
    return value


def _choice(field: Field, value: Any) -> str:
    if value not in [choice.key for choice in field.choices]:
        labels = "、".join(choice.label for choice in field.choices)
        raise _Wrong(
            _("“%(label)s”没有这个选项") % {"label": field.label},
            _("请选：%(labels)s") % {"labels": labels},
        )
    return str(value)


def _number(field: Field, value: Any) -> int:
    plain = value.strip() if isinstance(value, str) else value
    if isinstance(plain, str) and plain.isascii() and plain.isdigit() and len(plain) < 17:
        plain = int(plain)
    if not isinstance(plain, int) or isinstance(plain, bool):
        raise _Wrong(_("“%(label)s”应当是整数") % {"label": field.label}, _("请填写整数"))
    most = field.maximum if field.maximum is not None else LARGEST
    if not 0 <= plain <= most:
        raise _Wrong(
            _("“%(label)s”超出范围") % {"label": field.label},
            _("请填写 0 到 %(n)s 之间的数") % {"n": most},
        )
    return plain


def _date(field: Field, value: Any) -> str:
    found = value if isinstance(value, date) else _parsed(parse_date, value)
    if found is None:
        raise _Wrong(
            _("“%(label)s”不是日期") % {"label": field.label}, _("写成 2026-11-22 这样")
        )
    return found.isoformat()


def _datetime(field: Field, value: Any) -> str:
    found = value if isinstance(value, datetime) else _parsed(parse_datetime, value)
    if found is None:
        raise _Wrong(
            _("“%(label)s”不是时间") % {"label": field.label}, _("写成 2026-11-22 09:30 这样")
        )
    return (found.replace(tzinfo=clock.LOCAL) if is_naive(found) else found).isoformat()


def _parsed(parse: Callable[[str], Any], value: Any) -> Any:
    try:
        return parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _area(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not codes.is_code(value):
        raise _Wrong(
            _("“%(label)s”不是区划代码") % {"label": field.label}, _("请从列表中选择")
        )
    return value


def _many(field: Field, value: Any) -> list[int]:
    given = value if isinstance(value, list | tuple) else str(value).split(",")
    if len(given) > MOST:
        raise _Wrong(
            _("“%(label)s”选得太多") % {"label": field.label}, _("最多 %(n)s 个") % {"n": MOST}
        )
    return list(dict.fromkeys(_number(field, one) for one in given))


def _files(field: Field, value: Any) -> list[str]:
    given = value if isinstance(value, list | tuple) else [value]
    if len(given) > MOST or any(not isinstance(one, str) or len(one) > 120 for one in given):
        raise _Wrong(_("“%(label)s”有误") % {"label": field.label}, _("请重新上传"))
    return list(given)


def _boolean(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise _Wrong(_("“%(label)s”应当是“是”或“否”") % {"label": field.label}, _("请选择"))


_CHECKS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "choice": _choice,
    "date": _date,
    "datetime": _datetime,
    "integer": _number,
    "money": _number,
    "area": _area,
    "organisation": _number,
    "organisations": _many,
    "person": _number,
    "files": _files,
    "boolean": _boolean,
}


def _unknown_places(move: Move, clean: Mapping[str, Any], area: str) -> list[FieldProblem]:
    """Return problems with organisations and areas that do not exist or may not be chosen."""
    named = [field for field in move.form if field.type in ("organisation", "organisations")]
    chosen = {field.key: _ids(clean.get(field.key)) for field in named}
    every = {one for ids in chosen.values() for one in ids}
    kinds = organisations.kinds_of(every) if every else {}
    problems = [
        FieldProblem(field.key, _("“%(label)s”中有不能选的单位") % {"label": field.label},
                     _("请从列表中选择"))
        for field in named
        if any(not _fits(kinds.get(one), field) for one in chosen[field.key])
    ]
    places = {f.key: clean[f.key] for f in move.form if f.type == "area" and f.key in clean}
    known = areas.names(places.values()) if places else {}
    problems += [
        FieldProblem(key, _("没有这个区域"), _("请从列表中选择"))
        for key, code in places.items()
        if code not in known
    ]
    return problems


def _fits(kind: str | None, field: Field) -> bool:
    return kind is not None and (not field.kinds or kind in field.kinds)


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [] if value is None else [value]
