"""Tells staff what has come to them and reporters what became of it, fact by fact.

A fact is told once however often it is read: the key of a notice holds it. Staff are told of each
fact; a reporter is told one thing of each transaction, so that one step is one e-mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from gongzhi.areas.queries import path_name
from gongzhi.facts import queries as log
from gongzhi.facts.queries import FactRow
from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.matters.choices import SUBJECT
from gongzhi.matters.queries.public import link_of
from gongzhi.matters.queries.told import (
    Concerned,
    concerned,
    goes_on,
    holders_of_owners,
    mail_subjects,
)
from gongzhi.matters.retention import reporter_days
from gongzhi.messages import actions as notices
from gongzhi.messages import queries as news
from gongzhi.messages.actions import NewAddress, NewNotice
from gongzhi.messages.choices import CASE
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.choices import Part
from gongzhi.procedures.errors import CaseUnknown
from gongzhi.procedures.queries import CaseState, Holding

_CARRYING = (Part.LEAD, Part.FAN)
_WORKING = (*_CARRYING, Part.ASSIST)
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class _Told:
    """One thing that staff are told: in which template, and who they are."""

    template: str
    owners: tuple[str, ...] = ()
    accounts: frozenset[int] = frozenset()
    step: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@action
def tell_of_case(*, actor: Actor, fact: FactRow) -> None:
    """Tell everybody whom a fact of a case concerns."""
    asked = fact.kind.partition(".")[2]
    outside = concerned(fact.case or 0) if asked in _OF_REPORTERS else []
    inside = asked in _OF_STAFF and not news.is_past(fact.at)
    if not inside and not outside:
        return
    try:
        state = procedures.case_state(fact.case or 0, named=False)
    except CaseUnknown:
        return
    told = list(_to_staff(fact, state)) if inside else []
    if outside and state.subject == SUBJECT:
        told += _to_reporters(fact, state, outside)
    if told:
        notices.tell(actor=actor, notices=told)


# --- staff ------------------------------------------------------------------------------------
def _to_staff(fact: FactRow, state: CaseState) -> Iterator[NewNotice]:
    definition = procedures.definition_for(state)
    stage = definition.stages.get(state.stage)
    place = _place(state.area)
    for told in _OF_STAFF[fact.kind.partition(".")[2]](fact, state):
        accounts = told.accounts | (holders_of_owners(told.owners) if told.owners else set())
        # Whoever did it knows it.
        accounts -= {fact.actor}
        if accounts:
            yield NewNotice(
                template=told.template,
                step=told.step or f"fact:{fact.id}",
                subject_kind=CASE,
                subject_id=state.id,
                reference=state.reference,
                values={"stage": stage.name if stage else "", "place": place, **_due(state)},
                accounts=accounts,
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


def _to(template: str, held: Iterable[Holding], step: str = "") -> Iterator[_Told]:
    """Tell those who hold these items: whoever claimed one, else all who may."""
    held = list(held)
    claimed = frozenset(one.claimed_by for one in held if one.claimed_by)
    owners = tuple(one.owner for one in held if not one.claimed_by)
    if claimed or owners:
        yield _Told(template, owners, claimed, step)


def _entered(fact: FactRow, state: CaseState) -> Iterator[_Told]:
    """Tell who holds the case now; a stage that was left meanwhile is nobody's any more."""
    if state.is_open and state.visit == fact.data["visit"]:
        held = [one for one in _held(state, *_WORKING) if not one.claimed_by]
        yield from _to("case.assigned", [one for one in held if not one.pool])
        yield from _to("case.pool", [one for one in held if one.pool])


def _assigned(fact: FactRow, state: CaseState) -> Iterator[_Told]:
    given = [one for one in state.holdings if one.id == fact.data["item"]]
    yield from _to("case.given", [o for o in given if o.claimed_by == fact.data["account"]])


def _near(fact: FactRow, state: CaseState) -> Iterator[_Told]:
    """Tell who carries the case: a reminder and a yellow light of one moment are one notice."""
    if state.is_open and state.stage == fact.data["stage"]:
        light = fact.data.get("light", "")
        if light != "red" and state.due_at is not None and state.due_at <= clock.now():
            return  # told too late to be a reminder: that it is overdue is told by itself
        template = "case.overdue" if light == "red" else "case.due_soon"
        step = "" if light == "red" else _step(fact)
        yield from _to(template, _held(state, *_CARRYING), step)


def _raised(fact: FactRow, state: CaseState) -> Iterator[_Told]:
    if state.is_open and state.stage == fact.data["stage"]:
        yield _Told("case.escalated", (fact.data["owner"],))


def _objected(_fact: FactRow, state: CaseState) -> Iterator[_Told]:
    yield from _to("case.ruling_asked", _held(state, Part.RULING))


def _ruled(fact: FactRow, state: CaseState) -> Iterator[_Told]:
    """Tell whose objection it was."""
    wanted = fact.data["objection"]
    raised = (
        one.data["owner"]
        for one in log.timeline(state.id)
        if one.kind == "procedures.objection_raised" and one.data["objection"] == wanted
    )
    template = "case.objection_upheld" if fact.data["upheld"] else "case.objection_denied"
    yield _Told(template, tuple(raised))


def _pause_asked(_fact: FactRow, state: CaseState) -> Iterator[_Told]:
    yield from _to("case.pause_asked", _held(state, Part.APPROVAL))


def _pause_ruled(fact: FactRow, state: CaseState) -> Iterator[_Told]:
    template = "case.pause_approved" if fact.data["approved"] else "case.pause_refused"
    yield from _to(template, _held(state, *_CARRYING))


_OF_STAFF: dict[str, Any] = {
    "stage_entered": _entered,
    "item_assigned": _assigned,
    "reminded": _near,
    "light_turned": _near,
    "escalated": _raised,
    "objection_raised": _objected,
    "objection_ruled": _ruled,
    "pause_asked": _pause_asked,
    "pause_ruled": _pause_ruled,
}


# --- reporters --------------------------------------------------------------------------------
def _step(fact: FactRow) -> str:
    """Return what names all facts of one case in one transaction."""
    return f"step:{fact.xid}:{fact.case}" if fact.xid else f"fact:{fact.id}"


def _to_reporters(fact: FactRow, state: CaseState, outside: list[Concerned]) -> list[NewNotice]:
    template = _OF_REPORTERS[fact.kind.partition(".")[2]](fact, state)
    if not template:
        return []
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


_OF_REPORTERS: dict[str, Any] = {
    "case_opened": lambda fact, state: "matter.received",
    "moved": _moved,
    "case_closed": lambda fact, state: "matter.closed",
    "case_cancelled": lambda fact, state: "matter.closed",
    "case_reopened": lambda fact, state: "matter.reopened",
    "pause_ruled": lambda fact, state: "matter.paused" if fact.data["approved"] else "",
}
KINDS = tuple(sorted({f"procedures.{one}" for one in {*_OF_STAFF, *_OF_REPORTERS}}))
"""The kinds of fact of which somebody is told."""


# --- addresses ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LeftMail:
    """An e-mail address that a reporter left for his matter, and the secret of his link."""

    email: str
    case: int
    reference: str
    area: str
    secret: str


@action
def keep_mail(*, actor: Actor, mail: LeftMail) -> None:
    """Keep the address, sealed, with the link that his e-mails carry. Raises `AddressInvalid`."""
    new = NewAddress(
        email=mail.email,
        subject_kind=CASE,
        subject_id=mail.case,
        area=mail.area,
        link=reverse("matters:follow_one", args=[mail.reference, mail.secret]),
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )
    notices.keep_address(actor=actor, new=new)


@action
def leave_mail(*, actor: Actor, reference: str, secret: str, email: str) -> None:
    """Leave an address for a matter that one follows by a link. Raises `SecretWrong`."""
    if email:
        main = link_of(reference, secret).main
        case = main.case
        left = LeftMail(email, case.pk, case.reference, case.area, secret)
        keep_mail(actor=actor, mail=left)


@action
def set_mail_term(*, actor: Actor, case: int, closed: bool) -> None:
    """Let the time run, or stop it, after which the addresses left for a matter are erased.

    It is that of the reporter's name and phone; those of a duplicate wait for the matter that
    goes on for it.
    """
    if closed and goes_on(case):
        closed = False
    until = clock.today() + timedelta(days=reporter_days()) if closed else None
    notices.set_address_term(
        actor=actor, subject_kind=CASE, subjects=mail_subjects(case), until=until
    )
