"""Sub-cases: opened when a stage is entered, waited for by its join, called off with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import Conflict
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.opening import Opening, open_case
from gongzhi.procedures.actions.placing import outcome_columns, put_in_place, tell_arrival
from gongzhi.procedures.actions.stepping_aside import follow_above
from gongzhi.procedures.choices import OPENERS, Situation, Status, opener
from gongzhi.procedures.definition import Spawn, Stage
from gongzhi.procedures.definition.model import EACH_ORGANISATION, EACH_ROW
from gongzhi.procedures.definition.subcases import first_move, summoning_move
from gongzhi.procedures.errors import ReopenRefused
from gongzhi.procedures.models import Case, Entry
from gongzhi.procedures.queries import CaseState

log = structlog.get_logger(__name__)


@opener(EACH_ROW)
def each_row(situation: Situation, spawn: Spawn) -> list[Opening]:
    """Return one sub-case for every row of a field, as last answered on the way."""
    said = Entry.objects.filter(case_id=situation.case, data__has_key=spawn.of)
    found = said.order_by("-id").values_list("data", flat=True).first() or {}
    version = queries.current_version(spawn.procedure, situation.area)
    definition = queries.definition_of(version)
    return [
        Opening(
            procedure=spawn.procedure,
            area=situation.area,
            subject=definition.subject,
            subject_id=situation.case,
            title=_title(row),
            first_move=move.key if (move := first_move(definition, frozenset(row))) else "",
            answers=row,
        )
        for row in found.get(spawn.of, [])
    ]


@opener(EACH_ORGANISATION)
def each_organisation(situation: Situation, spawn: Spawn) -> list[Opening]:
    """Return one sub-case for every organisation named in a field, as last answered on the way.

    Each is told what else was answered there under the names its first move asks for.
    """
    said = Entry.objects.filter(case_id=situation.case, data__has_key=spawn.of)
    found = said.order_by("-id").values_list("data", flat=True).first() or {}
    version = queries.current_version(spawn.procedure, situation.area)
    definition = queries.definition_of(version)
    move, named = summoning_move(definition, frozenset(found))
    asked = {field.key for field in move.form}
    told = {key: value for key, value in found.items() if key in asked}
    title = Case.objects.filter(pk=situation.case).values_list("title", flat=True)[0]
    return [
        Opening(
            procedure=spawn.procedure,
            area=situation.area,
            subject=definition.subject,
            subject_id=situation.case,
            title=title,
            first_move=move.key,
            answers={**told, named: organisation},
        )
        for organisation in found.get(spawn.of, [])
    ]


def _title(row: Mapping[str, Any]) -> str:
    return next((value for value in row.values() if isinstance(value, str)), "")


def open_subcases(
    *, actor: Actor, state: CaseState, stage: Stage, situation: Situation
) -> list[int]:
    """Open what *stage* opens, as the case that stood in *state* enters it; return the cases.

    Runs inside the move that the revision lets happen once, so nothing is opened twice. Raises
    `NoHolder`.
    """
    spawn = stage.spawn
    if spawn is None:
        return []
    if spawn.opener not in OPENERS:
        # Published before its opener was known here: `district check` refuses such a file now.
        log.warning("opener_unknown", opener=spawn.opener, case=state.id)
        return []
    opened = []
    for opening in OPENERS[spawn.opener](situation, spawn):
        found = open_case(actor=actor, opening=replace(opening, parent=state.id))
        follow_above(found.id, state)
        opened.append(found.id)
    Case.objects.filter(pk__in=opened).update(parent_visit=state.visit + 1)
    return opened


def call_off_subcases(*, state: CaseState, leaving: bool) -> None:
    """Call off the open sub-cases of a case that ends, or that leaves the stage waiting for them.

    When *leaving*, those of a stage without a join go on alone, and those of other visits stay.
    The caller holds the parent, and each sub-case is held before it is read: parent before child,
    everywhere, so that no two wait for each other.
    """
    open_ones = Case.objects.filter(parent_id=state.id, status=Status.OPEN)
    if leaving:
        stage = queries.definition_of(state.version).stages[state.stage]
        if stage.spawn is None or stage.join is None:
            return
        open_ones = open_ones.filter(parent_visit=state.visit)
    for child in open_ones.order_by("pk").values_list("pk", flat=True):
        hold_case(child)
        found = queries.case_state(child, named=False)
        if found.is_open:
            _call_off(found)


def _call_off(state: CaseState) -> None:
    definition = queries.definition_of(state.version)
    if definition.cancel is None:
        raise Conflict(_("子事项不能撤销，请先办结"))
    outcome = definition.outcomes[definition.cancel.outcome]
    words = {"reason": _("所属事项已经结束")}
    entry = put_in_place(SYSTEM, state, outcome_columns(state, outcome), "cancel", words)
    emit(
        facts.CaseCancelled(stage=state.stage, outcome=outcome.key, entry=entry),
        area=state.area,
        case=state.id,
    )
    tell_arrival(state, None, outcome, clock.now())
    call_off_subcases(state=state, leaving=False)


def carry_over(*, case: int, visit: int) -> None:
    """Let a reopened case wait again for the sub-cases of its last round; none is opened twice."""
    of_case = Case.objects.filter(parent_id=case)
    last = of_case.order_by("-parent_visit").values("parent_visit")[:1]
    of_case.filter(parent_visit__in=last).update(parent_visit=visit)


def may_reopen(case: int) -> None:
    """Hold the parent of a sub-case; raise `ReopenRefused` unless it still waits there."""
    own = Case.objects.filter(pk=case).values("parent_id", "parent_visit").get()
    if own["parent_id"] is None:
        return
    hold_case(own["parent_id"])
    waits = Case.objects.filter(
        pk=own["parent_id"], status=Status.OPEN, visit=own["parent_visit"]
    ).exists()
    if not waits:
        raise ReopenRefused(_("所属事项已经办结或往下走了，请先重新打开它"))


def waits_for_subcases(state: CaseState) -> bool:
    """Whether the stage that the case is in waits for sub-cases."""
    stage = queries.definition_of(state.version).stages[state.stage]
    return stage.spawn is not None and stage.join is not None
