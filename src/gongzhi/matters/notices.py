"""What is told of a fact of a case: to staff what has come to them, to reporters what became of it.

A fact is told once however often it is read: the key of a notice holds it. Staff are told of each
fact; a reporter is told one thing of each transaction, so that one step is one e-mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from gongzhi.areas.queries import path_name
from gongzhi.facts import queries as log
from gongzhi.facts.queries import FactRow
from gongzhi.kernel import clock, codes
from gongzhi.matters.queries.told import QUESTION, Concerned, address_of_reporter
from gongzhi.messages.actions import NewNotice
from gongzhi.messages.choices import CASE
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import Part
from gongzhi.procedures.queries import CaseState, Holding

_CARRYING = (Part.LEAD, Part.FAN)
_WORKING = (*_CARRYING, Part.ASSIST)
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that staff are told of a fact: in which template, and whose it is."""

    template: str
    owners: tuple[str, ...] = ()
    accounts: frozenset[int] = frozenset()
    step: str = ""


# --- staff ------------------------------------------------------------------------------------
def for_staff(fact: FactRow, state: CaseState) -> list[Told]:
    """Return what staff are told of a fact, by whose it is."""
    return list(OF_STAFF[fact.kind](fact, state))


def to_staff(fact: FactRow, state: CaseState, told: Told, accounts: set[int]) -> NewNotice:
    """Return the notice of one thing to these accounts; whoever did it knows it already."""
    stage = procedures.definition_for(state).stages.get(state.stage)
    return NewNotice(
        template=told.template,
        step=told.step or f"fact:{fact.id}",
        subject_kind=CASE,
        subject_id=state.id,
        reference=state.reference,
        values={"stage": stage.name if stage else "", "place": _place(state.area), **_due(state)},
        accounts=accounts - {fact.actor, *state.recused},
        fact=fact.id,
        at=fact.at,
    )


def _place(area: str) -> str:
    """Return community and grid; the grid alone where its name begins with the community's."""
    *_above, outer, inner = ["", *path_name(area).split(" › ")]
    return inner if not outer or inner.startswith(outer) else f"{outer} {inner}"


def _due(state: CaseState) -> dict[str, Any]:
    if not state.is_open or state.due_at is None or state.paused_at is not None:
        return {}
    return {"due_at": state.due_at.isoformat()}


def _held(state: CaseState, *parts: str) -> list[Holding]:
    return [one for one in state.holdings if one.part in parts]


def _to(template: str, held: Iterable[Holding], step: str = "") -> Iterator[Told]:
    """Tell those who hold these items: whoever claimed one, else all who may."""
    held = list(held)
    claimed = frozenset(one.claimed_by for one in held if one.claimed_by)
    owners = tuple(one.owner for one in held if not one.claimed_by)
    if claimed or owners:
        yield Told(template, owners, claimed, step)


def _entered(fact: FactRow, state: CaseState) -> Iterator[Told]:
    """Tell who holds the case now; a stage that was left meanwhile is nobody's any more."""
    if state.is_open and state.visit == fact.data["visit"]:
        held = [one for one in _held(state, *_WORKING) if not one.claimed_by]
        yield from _to("case.assigned", [one for one in held if not one.pool])
        yield from _to("case.pool", [one for one in held if one.pool])


def _assigned(fact: FactRow, state: CaseState) -> Iterator[Told]:
    given = [one for one in state.holdings if one.id == fact.data["item"]]
    yield from _to("case.given", [o for o in given if o.claimed_by == fact.data["account"]])


def _near(fact: FactRow, state: CaseState) -> Iterator[Told]:
    """Tell who carries the case: a reminder and a yellow light of one moment are one notice."""
    if state.is_open and state.stage == fact.data["stage"]:
        light = fact.data.get("light", "")
        if light != "red" and state.due_at is not None and state.due_at <= clock.now():
            return  # told too late to be a reminder: that it is overdue is told by itself
        template = "case.overdue" if light == "red" else "case.due_soon"
        step = "" if light == "red" else _step(fact)
        yield from _to(template, _held(state, *_CARRYING), step)


def _raised(fact: FactRow, state: CaseState) -> Iterator[Told]:
    if state.is_open and state.stage == fact.data["stage"]:
        yield Told("case.escalated", (fact.data["owner"],))


def _objected(_fact: FactRow, state: CaseState) -> Iterator[Told]:
    yield from _to("case.ruling_asked", _held(state, Part.RULING))


def _ruled(fact: FactRow, state: CaseState) -> Iterator[Told]:
    """Tell whose objection it was."""
    wanted = fact.data["objection"]
    raised = (
        one.data["owner"]
        for one in log.timeline(state.id)
        if one.kind == "procedures.objection_raised" and one.data["objection"] == wanted
    )
    template = "case.objection_upheld" if fact.data["upheld"] else "case.objection_denied"
    yield Told(template, tuple(raised))


def _pause_asked(_fact: FactRow, state: CaseState) -> Iterator[Told]:
    yield from _to("case.pause_asked", _held(state, Part.APPROVAL))


def _pause_ruled(fact: FactRow, state: CaseState) -> Iterator[Told]:
    template = "case.pause_approved" if fact.data["approved"] else "case.pause_refused"
    yield from _to(template, _held(state, *_CARRYING))


def _supervised(_fact: FactRow, state: CaseState) -> Iterator[Told]:
    if state.supervised:
        yield from _to("case.supervised", _held(state, *_CARRYING))


def _answered(_fact: FactRow, state: CaseState) -> Iterator[Told]:
    """Tell who supervises that there is an answer to look at."""
    rule = procedures.definition_for(state).supervise
    if state.supervised and rule is not None and rule.by.role and rule.by.level:
        digits = next(n for level, n in codes.LENGTHS.items() if level == rule.by.level)
        place = state.area[:digits]
        yield Told("case.supervision_answered", (f"{rule.by.role}@{place}",))


def _handed_over(fact: FactRow, state: CaseState) -> Iterator[Told]:
    """Tell who takes over from somebody who is recused."""
    yield from _to("case.pool", [one for one in state.holdings if one.id == fact.data["item"]])


def _question_answered(_fact: FactRow, state: CaseState) -> Iterator[Told]:
    """Tell who carries the case that what was asked outside has been answered."""
    if state.is_open:
        yield from _to("case.question_answered", _held(state, *_CARRYING))


OF_STAFF: dict[str, Any] = {
    "procedures.stage_entered": _entered,
    "procedures.item_assigned": _assigned,
    "procedures.reminded": _near,
    "procedures.light_turned": _near,
    "procedures.escalated": _raised,
    "procedures.objection_raised": _objected,
    "procedures.objection_ruled": _ruled,
    "procedures.pause_asked": _pause_asked,
    "procedures.pause_ruled": _pause_ruled,
    "procedures.supervision_opened": _supervised,
    "procedures.supervision_answered": _answered,
    "procedures.question_answered": _question_answered,
    "procedures.item_handed_over": _handed_over,
}


# --- reporters --------------------------------------------------------------------------------
def _step(fact: FactRow) -> str:
    """Return what names all facts of one case in one transaction."""
    return f"step:{fact.xid}:{fact.case}" if fact.xid else f"fact:{fact.id}"


def to_reporters(fact: FactRow, state: CaseState, outside: list[Concerned]) -> list[NewNotice]:
    """Return what those who left an address are told of a fact."""
    template = OF_REPORTERS[fact.kind](fact, state)
    if not template or not outside:
        return []
    if template == QUESTION:
        return _asks(fact, state)
    values = _public_values(fact, state)
    return [
        NewNotice(
            template="matter.merged" if _ends_merged(one, fact) else template,
            step=_step(fact),
            subject_kind=CASE,
            subject_id=one.case_id,
            reference=one.reference,
            values=values,
            addresses=True,
            fact=fact.id,
            at=fact.at,
        )
        for one in outside
    ]


def _asks(fact: FactRow, state: CaseState) -> list[NewNotice]:
    """Return the mail that asks the reporter something: to the one who reported, nobody else."""
    own = address_of_reporter(state.id)
    asked = NewNotice(
        template=QUESTION,
        step=f"fact:{fact.id}",
        subject_kind=CASE,
        subject_id=state.id,
        reference=state.reference,
        values={"question": fact.data["question"], "expires_at": fact.data["expires_at"]},
        addresses=True,
        only=own,
        fact=fact.id,
        at=fact.at,
    )
    return [asked] if own is not None else []


def _ends_merged(one: Concerned, fact: FactRow) -> bool:
    """Whether the case that ended here is the reporter's own, and another's goes on for it."""
    return one.merged and one.case_id == fact.case


def _moved(fact: FactRow, state: CaseState) -> str:
    """Return what a move is told as; its end is told by the end itself."""
    definition = procedures.definition_for(state)
    move = definition.move(fact.data["source"], fact.data["move"])
    target = definition.stages.get(fact.data["target"])
    if target is None or move is None or move.internal or target.internal:
        return ""
    asks = any(one.moved_by == "reporter" for one in definition.moves_from(target.key))
    return "matter.asks_verdict" if asks else "matter.step"


def _public_values(fact: FactRow, state: CaseState) -> dict[str, Any]:
    """Return the words of a public step: who has it now only while it stands where it came to."""
    definition = procedures.definition_for(state)
    shows = definition.public
    target = definition.stages.get(fact.data.get("target") or state.stage)
    outcome = definition.outcomes.get(fact.data.get("outcome", ""))
    move = definition.move(fact.data.get("source", ""), fact.data.get("move", ""))
    stage = target.public_name if target else ""
    here = state.is_open and target is not None and target.key == state.stage
    return {
        "stage": stage,
        "step": move.public_name if move and "timeline" in shows else stage,
        "outcome": outcome.public_name if outcome else "",
        "owner": _owners(state) if here and "owner" in shows else "",
        **(_due(state) if here and "due" in shows else {}),
    }


def _owners(state: CaseState) -> dict[str, str]:
    """Return who carries the case, in each language."""
    said = {}
    for key, language in _LANGUAGES.items():
        with translation.override(language):
            labels = procedures.owner_labels(one.owner for one in _held(state, *_CARRYING))
            said[key] = "、".join(labels.values())
    return said


OF_REPORTERS: dict[str, Any] = {
    "procedures.case_opened": lambda fact, state: "matter.received",
    "procedures.moved": _moved,
    "procedures.case_closed": lambda fact, state: "matter.closed",
    "procedures.case_cancelled": lambda fact, state: "matter.closed",
    "procedures.case_reopened": lambda fact, state: "matter.reopened",
    "procedures.question_asked": lambda f, s: QUESTION if f.data["to_reporter"] else "",
    "procedures.pause_ruled": lambda fact, state: "matter.paused" if fact.data["approved"] else "",
}
KINDS = tuple(sorted({*OF_STAFF, *OF_REPORTERS}))
"""The kinds of fact of which somebody is told."""
