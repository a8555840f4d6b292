"""Checks what was filled in against the form of a move: typed, complete, nothing unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.areas.queries import get_areas
from gongzhi.kernel.codes import is_code
from gongzhi.kernel.errors import FieldProblem
from gongzhi.organisations import queries as organisations
from gongzhi.people import queries as people
from gongzhi.procedures.definition import Field, Move
from gongzhi.procedures.definition.rules import broken_rules
from gongzhi.procedures.errors import AnswersInvalid

LONGEST = 5000
_LARGEST = 2**53


class _Wrong(Exception):
    """One answer that cannot be accepted: what is wrong, and the mend."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message, self.mend = message, mend or _("请改正后再提交")


def checked_answers(move: Move, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as plain JSON values; raise `AnswersInvalid` with every problem."""
    known = {field.key for field in move.form}
    problems = [
        FieldProblem(str(key)[:60], _("这一步没有这个字段"), _("请去掉它"))
        for key in data
        if key not in known
    ]
    answers: dict[str, Any] = {}
    for field in move.form:
        try:
            value = _answer(field, data.get(field.key))
        except _Wrong as wrong:
            problems.append(FieldProblem(field.key, wrong.message, wrong.mend))
            continue
        if value is not None:
            answers[field.key] = value
    problems += [FieldProblem(b.field, b.message) for b in broken_rules(move, answers)]
    if problems:
        error = AnswersInvalid(problems[0].message)
        error.problems = tuple(problems)
        raise error
    return answers


def _answer(field: Field, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
    if value in (None, "", [], ()):
        if field.required:
            raise _Wrong(
                _("请填写“%(label)s”") % {"label": field.label}, field.hint or _("这一项必填")
            )
        return None
    return _READERS[field.type](field, value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(_("“%(label)s”应为文字") % {"label": field.label})
    most = field.maximum or LONGEST
    if len(value) > most:
        raise _Wrong(
            _("“%(label)s”最多 %(most)d 字，现有 %(now)d 字")
            % {"label": field.label, "most": most, "now": len(value)},
            _("请删减后再提交"),
        )
    if "\x00" in value:
        raise _Wrong(_("“%(label)s”含有不能保存的字符") % {"label": field.label})
    return value


def _choice(field: Field, value: Any) -> str:
    keys = [choice.key for choice in field.choices]
    if value not in keys:
        raise _Wrong(
            _("“%(label)s”没有这个选项") % {"label": field.label},
            _("可选：%(keys)s") % {"keys": "、".join(c.label for c in field.choices)},
        )
    return str(value)


def _integer(field: Field, value: Any) -> int:
    try:
        if isinstance(value, bool | float):
            raise ValueError(value)
        number = int(value)
    except (TypeError, ValueError):
        raise _Wrong(_("“%(label)s”应为整数") % {"label": field.label}) from None
    if not 0 <= number <= (field.maximum or _LARGEST):
        raise _Wrong(
            _("“%(label)s”超出范围") % {"label": field.label},
            _("请填 0 到 %(most)d 之间的整数") % {"most": field.maximum or _LARGEST},
        )
    return number


def _date(field: Field, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _Wrong(
            _("“%(label)s”不是日期") % {"label": field.label}, _("请写成 2026-03-05")
        ) from None


def _datetime(field: Field, value: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _Wrong(
            _("“%(label)s”不是时间") % {"label": field.label}, _("请写成 2026-03-05T09:30")
        ) from None


def _boolean(field: Field, value: Any) -> bool:
    if value in (True, "true", "on", "1"):
        return True
    if value in (False, "false", "off", "0"):
        return False
    raise _Wrong(_("“%(label)s”应为是或否") % {"label": field.label})


def _area(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not is_code(value) or value not in get_areas([value]):
        raise _Wrong(_("“%(label)s”不是现有区划") % {"label": field.label}, _("请从列表中选择"))
    return value


def _organisation(field: Field, value: Any) -> int:
    return _organisations(field, [value])[0]


def _organisations(field: Field, value: Any) -> list[int]:
    values = value if isinstance(value, list | tuple) else [value]
    try:
        wanted = [int(item) for item in values if not isinstance(item, bool)]
    except (TypeError, ValueError):
        wanted = []
    fits = organisations.kinds_of(wanted) if 0 < len(wanted) <= 50 else {}
    unknown = [i for i in wanted if i not in fits or (field.kinds and fits[i] not in field.kinds)]
    if not wanted or unknown or len(set(wanted)) < len(wanted):
        raise _Wrong(_("“%(label)s”里有不能选的单位") % {"label": field.label}, _("请从列表中选择"))
    return wanted


def _person(field: Field, value: Any) -> int:
    try:
        account = int(value)
    except (TypeError, ValueError):
        account = 0
    if account not in people.display_names({account}):
        raise _Wrong(_("“%(label)s”不是现有人员") % {"label": field.label}, _("请从列表中选择"))
    return account


def _files(field: Field, value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    if len(values) > 20 or any(not isinstance(v, str | int) or len(str(v)) > 120 for v in values):
        raise _Wrong(_("“%(label)s”的附件不对") % {"label": field.label}, _("请重新上传"))
    return [str(item) for item in values]


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "choice": _choice,
    "date": _date,
    "datetime": _datetime,
    "integer": _integer,
    "money": _integer,
    "area": _area,
    "organisation": _organisation,
    "organisations": _organisations,
    "person": _person,
    "files": _files,
    "boolean": _boolean,
}
