"""Reads what was filled in with a move, the rows of a many-row field one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.kernel.errors import FieldProblem
from gongzhi.procedures import queries
from gongzhi.procedures.definition import Field, Move
from gongzhi.procedures.definition.subcases import MOST_PARTS
from gongzhi.procedures.errors import AnswersInvalid


def checked_answers(move: Move, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as plain JSON values; raise `AnswersInvalid` with every problem.

    A problem within a row is named `field.row.column`, rows counted from 1.
    """
    many = {field.key: field for field in move.form if field.type == "rows"}
    if not many:
        return queries.checked_answers(move, data)
    problems: list[FieldProblem] = []
    single = replace(move, form=tuple(f for f in move.form if f.key not in many))
    answers = _tried(single, {k: v for k, v in data.items() if k not in many}, "", problems)
    for field in many.values():
        rows = _rows(field, data.get(field.key), move, problems)
        if rows:
            answers[field.key] = rows
    if problems:
        error = AnswersInvalid(problems[0].message)
        error.problems = tuple(problems)
        raise error
    return answers


def _tried(
    move: Move, data: Mapping[str, Any], prefix: str, problems: list[FieldProblem]
) -> dict[str, Any]:
    try:
        return queries.checked_answers(move, data)
    except AnswersInvalid as error:
        problems += [replace(found, field=f"{prefix}{found.field}") for found in error.problems]
        return {}


def _rows(
    field: Field, value: Any, move: Move, problems: list[FieldProblem]
) -> list[dict[str, Any]]:
    label = {"label": field.label}
    if value in (None, "", [], ()):
        if field.required:
            problems.append(
                FieldProblem(field.key, _("请填写“%(label)s”") % label, _("至少写一行"))
            )
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(r, Mapping) for r in value):
        mend = _("每行写：%(columns)s") % {"columns": "、".join(c.key for c in field.columns)}
        problems.append(FieldProblem(field.key, _("“%(label)s”应为若干行") % label, mend))
        return []
    most = field.maximum or MOST_PARTS
    if len(value) > most:
        words = _("“%(label)s”最多 %(most)d 行") % {**label, "most": most}
        problems.append(FieldProblem(field.key, words, _("请删减后再提交")))
        return []
    asked = replace(move, form=field.columns, rules=())
    return [
        _tried(asked, row, f"{field.key}.{number}.", problems)
        for number, row in enumerate(value, start=1)
    ]
