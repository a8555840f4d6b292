"""Moving a case: the actor's right, the form, the guards, and one conditional update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import GongzhiError
from gongzhi.procedures import facts, queries
from gongzhi.procedures.actions.answering import checked_answers
from gongzhi.procedures.actions.entering import Entrance, OwnDue, enter, named_moment
from gongzhi.procedures.actions.holding import hold_case
from gongzhi.procedures.actions.placing import (
    entrance_columns,
    outcome_columns,
    tell_arrival,
    write,
)
from gongzhi.procedures.actions.standing_in import without_recused
from gongzhi.procedures.actions.subcases import (
    call_off_subcases,
    open_subcases,
    waits_for_subcases,
)
from gongzhi.procedures.actions.supervising import supervise_by_itself
from gongzhi.procedures.choices import EFFECTS, Part, Trigger
from gongzhi.procedures.definition import Definition, Join, Move, Stage
from gongzhi.procedures.errors import (
    CaseClosed,
    CaseMoved,
    DueInPast,
    GuardRefuses,
    ItemTaken,
    NoSuchMove,
    NotYours,
)
from gongzhi.procedures.models import Case, Entry, WorkItem
from gongzhi.procedures.queries import CaseState, Holding
from gongzhi.procedures.queries.children import needed, parts_of


@action
def move_case(
    *,
    actor: Actor,
    case: int | CaseState,
    move: str,
    data: Mapping[str, Any],
    revision: int | None = None,
) -> CaseState:
    """Make one move of a case, with the answers of its form.

    A subject's action that has read the case for this actor hands over what it read. Of any number
    of callers who saw the same revision exactly one moves the case. Raises `CaseUnknown`,
    `CaseClosed`, `CaseMoved`, `NoSuchMove`, `NotYours`, `GuardRefuses`, `AnswersInvalid`,
    `NoHolder`.
    """
    state = case if isinstance(case, CaseState) else _state_for(actor, case)
    check_revision(state, revision)
    if move == queries.CLOSE_PART:
        return _close_part(actor, state, data)
    definition = queries.definition_of(state.version)
    owner = definition.stages[state.stage].owner
    if (owner is not None and owner.fan_out_from) or waits_for_subcases(state):
        # The last of equal parts moves the case, and no sub-case is opened again while its parent
        # goes on: both are decided under the lock.
        hold_case(state.id)
        state = _state_for(actor, state.id)
        check_revision(state, revision)
    wanted = definition.move(state.stage, move)
    if wanted is None:
        raise NoSuchMove()
    allowed = queries.may_make(actor, state, wanted)
    if not allowed:
        raise NotYours(allowed.reason)
    answers = checked_answers(wanted, data)
    if _closes_only_a_part(definition, actor, state, wanted):
        return _fan_part(actor, state, wanted, answers)
    obstacle = queries.move_obstacle(definition, state, wanted, answers)
    if obstacle:
        raise GuardRefuses(obstacle)
    _refuse_past(definition, state.area, wanted, answers)
    return carry_out(actor, state, wanted, answers)


def _refuse_past(definition: Definition, area: str, move: Move, answers: Mapping[str, Any]) -> None:
    """Raise `DueInPast` for a due time that is over when it is named.

    Asked of whoever names it, never of the clock that enters the stage later.
    """
    target = definition.stages.get(move.target)
    stages = [target] if target else []
    if target is not None and target.spawn is not None and target.spawn.procedure:
        version = queries.current_version(target.spawn.procedure, area)
        stages += queries.definition_of(version).stages.values()
    for field in {stage.due.by for stage in stages if stage.due and stage.due.by in answers}:
        if named_moment(answers[field]) <= clock.now():
            raise DueInPast(field=field, mend=_("请填以后的时间"))


def _state_for(actor: Actor, case: int) -> CaseState:
    """Return the case, scoped; a reporter's secret was checked by the subject's own action."""
    if actor.kind == "reporter":
        return queries.case_state(case, named=False)
    return queries.case_by_id(actor, case, named=False)


def check_revision(state: CaseState, revision: int | None) -> None:
    """Raise `CaseMoved` or `CaseClosed` unless the case is open and still as it was seen."""
    if revision is not None and revision != state.revision:
        raise CaseMoved(field="revision")
    if not state.is_open:
        raise CaseClosed()


def carry_out(actor: Actor, state: CaseState, move: Move, answers: Mapping[str, Any]) -> CaseState:
    """Make a move that has been allowed: update, items, entry, facts, effects."""
    definition = queries.definition_of(state.version)
    outcome = definition.outcomes.get(move.target)
    entrance = _entrance(definition, state, move, answers)
    place = outcome_columns(state, outcome) if outcome else entrance_columns(entrance)
    now = clock.now()
    written = write(actor, state, place, move.key, answers, now)
    owner = next((h.owner for h in queries.mine(actor, state.holdings)), "")
    emit(
        facts.Moved(
            move=move.key,
            source=state.stage,
            target=move.target,
            entry=written["entry"],
            owner="" if actor.is_system else owner,
        ),
        area=state.area,
        case=state.id,
    )
    tell_arrival(state, entrance, outcome, now)
    call_off_subcases(state=state, leaving=True)
    if move.kind == "verdict" and outcome is None:
        _count_unsolved(definition, state)
    _afterwards(actor, definition, state, move, answers)
    return _arrived(state, definition, place, written)


def _count_unsolved(definition: Definition, state: CaseState) -> None:
    """Put a case under supervision that was called unsolved often enough."""
    verdicts = {move.key for move in definition.moves if move.kind == "verdict"}
    said = Entry.objects.filter(case_id=state.id, move__in=verdicts).count()
    supervise_by_itself(state, Trigger.UNSOLVED, said)


def _arrived(
    state: CaseState, definition: Definition, place: Mapping[str, Any], written: Mapping[str, Any]
) -> CaseState:
    """Return the state as just written, without reading it again."""
    stage, outcome = definition.stages[place["stage"]], definition.outcomes.get(place["outcome"])
    columns = (
        "stage",
        "visit",
        "status",
        "outcome",
        "outcome_kind",
        "closed_at",
        "due_at",
        "due_basis",
        "due_note",
        "yellow_at",
        "red_at",
        "clock_at",
    )
    holdings = tuple(
        Holding(number, part, owner, pool, None, place["due_at"], recused=state.recused)
        for number, part, owner, pool in orjson.loads(written["held"])
    )
    return replace(
        state,
        **{name: place[name] for name in columns},
        holdings=holdings,
        paused_at=None,
        resume_at=None,
        revision=written["revision"],
        stage_name=outcome.name if outcome else stage.name,
        public_stage=outcome.public_name if outcome else stage.public_name,
        outcome_name=outcome.name if outcome else "",
    )


def _entrance(
    definition: Definition, state: CaseState, move: Move, answers: Mapping[str, Any]
) -> Entrance | None:
    stage = definition.stages.get(move.target)
    if stage is None:
        return None
    told = {**_named_before(state, stage, answers), **answers}
    own = OwnDue.of(state.own_due, state.own_due_basis)
    found = enter(stage, area=state.area, visit=state.visit + 1, answers=told, own=own)
    return without_recused(state, stage, found)


def _named_before(state: CaseState, stage: Stage, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the owner that an earlier move named, where this one does not name it again."""
    owner = stage.owner
    if owner is None:
        return {}
    named = (owner.organisation_from, owner.person_from, owner.fan_out_from)
    found: dict[str, Any] = {}
    for key in (key for key in named if key and key not in answers):
        said = Entry.objects.filter(case_id=state.id, data__has_key=key).order_by("-id")
        last = said.values_list("data", flat=True).first() or {}
        found |= {key: last[key]} if last else {}
    return found


def _afterwards(
    actor: Actor, definition: Definition, state: CaseState, move: Move, answers: Mapping[str, Any]
) -> None:
    situation = queries.situation_of(state, move.key, answers)
    for name in move.effect:
        EFFECTS[name](situation)
    target = definition.stages.get(move.target)
    if target is not None:
        open_subcases(actor=actor, state=state, stage=target, situation=situation)


def _closes_only_a_part(definition: Definition, actor: Actor, state: CaseState, move: Move) -> bool:
    """Whether this move ends one of several equal parts while the stage must wait for others."""
    parts = [h for h in state.holdings if h.part == Part.FAN]
    if len(parts) < 2 or move.moved_by != "owner" or actor.is_system:
        return False
    join = definition.stages[state.stage].join or Join("all")
    total = parts_of(state, Part.FAN).count()
    return total - len(parts) + 1 < needed(join, total)


def _fan_part(actor: Actor, state: CaseState, move: Move, answers: Mapping[str, Any]) -> CaseState:
    held = next(h for h in queries.mine(actor, state.holdings) if h.part == Part.FAN)
    return end_part(actor, state, held, move.key, answers)


def _close_part(actor: Actor, state: CaseState, data: Mapping[str, Any]) -> CaseState:
    """Close an assisting organisation's own part."""
    held = [h for h in queries.mine(actor, state.holdings) if h.part == Part.ASSIST]
    if not held:
        raise NotYours()
    definition = queries.definition_of(state.version)
    form = Move(
        key=queries.CLOSE_PART,
        name="",
        public_name="",
        source=state.stage,
        target=state.stage,
        form=queries.close_part_form(definition),
    )
    return end_part(actor, state, held[0], queries.CLOSE_PART, checked_answers(form, data))


def end_part(
    actor: Actor, state: CaseState, held: Holding, move: str, answers: Mapping[str, Any]
) -> CaseState:
    """Close one item of a stage that goes on; a conditional update decides a race."""
    now = clock.now()
    still = Case.objects.exclude(recused__contains=[actor.account or 0])
    closed = WorkItem.objects.filter(pk=held.id, done_at=None, case__in=still).update(
        done_at=now, done_by=actor.account
    )
    if not closed:
        raise ItemTaken()
    entry = Entry(
        case_id=state.id,
        stage=state.stage,
        visit=state.visit,
        move=move,
        data=dict(answers),
        account=actor.account,
        at=now,
    )
    entry.save(force_insert=True)
    emit(
        facts.PartClosed(item=held.id, part=held.part, owner=held.owner, entry=entry.pk),
        area=state.area,
        case=state.id,
    )
    return queries.case_state(state.id)


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one case of a bulk move; `error` is None when it was moved."""

    case: int
    error: GongzhiError | None = None


def bulk_move(
    *, actor: Actor, cases: Sequence[int], move: str, data: Mapping[str, Any]
) -> list[BulkResult]:
    """Make the same move of many cases, each in its own transaction; tell each one's fate."""
    results = []
    for case in dict.fromkeys(cases):
        try:
            move_case(actor=actor, case=case, move=move, data=data)
        except GongzhiError as error:
            results.append(BulkResult(case, error))
        else:
            results.append(BulkResult(case))
    return results
