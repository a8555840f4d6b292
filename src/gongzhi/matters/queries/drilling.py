"""What a figure's list is narrowed to: days, outcomes, terms kept or not, who it went to.

Each condition says of a case what the figures' card says of it, so that the list behind a number
holds as many matters as the number says.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import yaml
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.districts import files_of
from gongzhi.kernel.errors import InvalidInput
from gongzhi.matters.choices import Satisfaction, Solved
from gongzhi.matters.models import CoReporter
from gongzhi.procedures.choices import Part
from gongzhi.procedures.queries.steps import steps, written

OPEN = "open"  # stands in `kind` for cases that have no outcome yet
_DATES = ("received", "closed", "responded", "verdict", "repeated", "counted")
_MOVED = "procedures.moved"
_LONGEST = 200
_BOOK = "indicators.yaml"


@functools.cache
def answering() -> tuple[str, ...]:
    """Return the moves after which a matter counts as answered, in the figures and so in here."""
    told = [yaml.safe_load(one.read_text("utf-8")) or {} for one in files_of(_BOOK)]
    named = [one["answering"] or () for one in told if "answering" in one]
    return tuple(named[-1]) if named else ()


@functools.cache
def _measures() -> dict[str, dict[str, Any]]:
    """Return the measures of the figures by name, the district's own over those that ship."""
    told = [yaml.safe_load(one.read_text("utf-8")) or {} for one in files_of(_BOOK)]
    return {one["id"]: one for book in told for one in book.get("measures") or ()}


@dataclass(frozen=True, slots=True)
class Drilled:
    """The conditions, as they stand in an address; empty means not narrowed.

    Days are ISO dates in Asia/Shanghai, both included; lists are separated by commas. `late` is
    whether a step was finished past its due time, `overdue` whether an open one is past it.
    `repeated` is when a further report of it came; `counted` names a measure of moves that were
    made in it, or in what was opened for it.
    """

    received_from: str = ""
    received_to: str = ""
    closed_from: str = ""
    closed_to: str = ""
    responded_from: str = ""
    responded_to: str = ""
    verdict_from: str = ""
    verdict_to: str = ""
    kind: str = ""
    late: str = ""
    overdue: str = ""
    organisation: str = ""
    answered: str = ""
    responded: str = ""
    solved: str = ""
    satisfaction: str = ""
    merged: str = ""
    category_is: str = ""
    repeated_from: str = ""
    repeated_to: str = ""
    counted: str = ""
    counted_from: str = ""
    counted_to: str = ""

    def given(self) -> dict[str, str]:
        """Return the conditions that narrow, by name."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


NOT_DRILLED = Drilled()


def _refuse(field: str) -> InvalidInput:
    return InvalidInput(_("没有这个选项"), field=field, mend=_("请从数据页面重新打开这份清单"))


def checked(drilled: Drilled) -> Drilled:
    """Return *drilled*; raise `InvalidInput` naming the field that cannot be."""
    for field, value in drilled.given().items():
        if len(value) > _LONGEST or "\x00" in value:
            raise _refuse(field)
    wrong = [
        *(f for f in ("late", "overdue", "merged") if getattr(drilled, f) not in ("", "0", "1")),
        *(("responded",) if drilled.responded not in ("", "in_time", "late") else ()),
        *(("solved",) if set(_listed(drilled.solved)) - set(Solved.values) else ()),
        *(
            ("satisfaction",)
            if set(_listed(drilled.satisfaction)) - set(Satisfaction.values)
            else ()
        ),
        *(("counted",) if drilled.counted and not _counts_moves(drilled.counted) else ()),
        *(("organisation",) if not re.fullmatch(r"[0-9]{0,18}", drilled.organisation) else ()),
    ]
    if wrong:
        raise _refuse(wrong[0])
    for name in _DATES:
        for end in ("from", "to"):
            _day(drilled, f"{name}_{end}")
    return drilled


def _counts_moves(measure: str) -> bool:
    return _measures().get(measure, {}).get("of") == _MOVED


def _listed(text: str) -> list[str]:
    return [one for one in text.split(",") if one]


def _day(drilled: Drilled, field: str) -> date | None:
    text = getattr(drilled, field)
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise _refuse(field) from None
    if found is not None and not 1970 <= found.year <= 2200:
        raise _refuse(field)
    return found


def _within(drilled: Drilled, name: str, column: str) -> Q:
    """Return the condition that *column* lies on the days asked for."""
    first, last = _day(drilled, f"{name}_from"), _day(drilled, f"{name}_to")
    found = Q()
    if first is not None:
        found &= Q(**{f"{column}__gte": _midnight(first)})
    if last is not None:
        found &= Q(**{f"{column}__lt": _midnight(last + timedelta(days=1))})
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


def drill(cases: QuerySet[Any], drilled: Drilled) -> QuerySet[Any]:
    """Return those of *cases* that meet the conditions. Raises `InvalidInput`."""
    checked(drilled)
    if not drilled.given():
        return cases
    condition = _within(drilled, "received", "opened_at")
    condition &= _within(drilled, "closed", "closed_at")
    condition &= _within(drilled, "verdict", "matter__verdict_at")
    if drilled.kind:
        condition &= Q(outcome_kind__in=["" if k == OPEN else k for k in _listed(drilled.kind)])
    if drilled.solved:
        condition &= Q(matter__solved__in=_listed(drilled.solved))
    if drilled.satisfaction:
        condition &= Q(matter__satisfaction__in=_listed(drilled.satisfaction))
    if drilled.category_is:
        condition &= Q(matter__category=drilled.category_is)
    if drilled.merged:
        condition &= Q(matter__main__isnull=drilled.merged == "0")
    if drilled.overdue:
        past = Q(status="open", paused_at=None, due_at__lt=clock.now())
        condition &= past if drilled.overdue == "1" else ~past
    if drilled.repeated_from or drilled.repeated_to:
        joined = CoReporter.objects.filter(matter__case=OuterRef("pk"))
        merged = _within(drilled, "repeated", "opened_at") & Q(matter__main__isnull=False)
        condition &= merged | Q(Exists(joined.filter(_within(drilled, "repeated", "joined_at"))))
    if drilled.counted:
        condition &= _counted(drilled)
    return _by_items(cases.filter(condition), drilled)


def _counted(drilled: Drilled) -> Q:
    """Return the condition that a move of the measure was made in the case or in a sub-case."""
    where = _measures()[drilled.counted].get("where") or {}
    moves = where.get("move") or ()
    made = written().filter(
        _within(drilled, "counted", "at"),
        move__in=moves if isinstance(moves, list) else [moves],
        case__procedure=where.get("procedure", ""),
    )
    below = Exists(made.filter(case__parent=OuterRef("pk")))
    return Q(Exists(made.filter(case=OuterRef("pk")))) | Q(below)


def _by_items(cases: QuerySet[Any], drilled: Drilled) -> QuerySet[Any]:
    """Narrow to what was done: steps past their time, who it went to, where it was answered."""
    items = steps().filter(case=OuterRef("pk"))
    if drilled.late:
        past = Exists(
            items.filter(
                part__in=(Part.LEAD, Part.FAN), done_by__isnull=False, done_at__gt=F("due_at")
            )
        )
        cases = cases.filter(past if drilled.late == "1" else ~past)
    if drilled.organisation:
        given = items.filter(part__in=(Part.LEAD, Part.FAN), owner__startswith="org:")
        newest = Subquery(given.order_by("-visit", "id").values("owner")[:1])
        cases = cases.annotate(given_to=newest).filter(given_to=f"org:{int(drilled.organisation)}")
    if drilled.answered:
        said = written().filter(case=OuterRef("pk"), move__in=answering())
        newest = Subquery(said.order_by("-id").values("stage")[:1])
        cases = cases.annotate(answered=newest).filter(answered__in=_listed(drilled.answered))
    if drilled.responded or drilled.responded_from or drilled.responded_to:
        cases = _by_first_step(cases, items, drilled)
    return cases


def _by_first_step(cases: QuerySet[Any], items: QuerySet[Any], drilled: Drilled) -> QuerySet[Any]:
    first = steps().filter(pk=OuterRef("first_item"), done_by__isnull=False)
    first = first.filter(_within(drilled, "responded", "done_at"))
    in_time = Q(due_at=None) | Q(done_at__lte=F("due_at"))
    if drilled.responded:
        first = first.filter(in_time if drilled.responded == "in_time" else ~in_time)
    known: QuerySet[Any] = cases.annotate(
        first_item=Subquery(items.order_by("id").values("pk")[:1])
    )
    return known.filter(Exists(first))
