"""A consultation: put on record, its talks written down; by counsellors alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.mediation import facts, policies, queries
from gongzhi.mediation.actions.checking import (
    checked_place,
    not_later_than_today,
    reason_words,
    sealed_person,
    sealed_words,
    sent_before,
)
from gongzhi.mediation.choices import (
    CONSULTATION,
    CONSULTATION_PROCEDURE,
    HANDLE_COUNSELLING,
)
from gongzhi.mediation.errors import NothingToReveal, RecordUnknown
from gongzhi.mediation.models import Consultation, Reveal, Talk
from gongzhi.mediation.queries.sealed import PersonShown, whole
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import Opening, open_case
from gongzhi.procedures.queries import CaseState

# All that anybody is told of such a case outside its own page.
TITLE = "心理疏导"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsultation:
    """Who asks to be counselled, and why."""

    area: str
    name: str
    phone: str = ""
    about: str
    submit_key: str = ""


@action
def register_consultation(*, actor: Actor, new: NewConsultation) -> CaseState:
    """Put a consultation on record and open its case; the same `submit_key` twice is one.

    Raises `RecordInvalid`, `NotAllowed`, `NoHolder`.
    """
    area = checked_place(new.area)
    require(policies.can_register_consultation(actor, area))
    key, before = sent_before(Consultation, new.submit_key)
    if before:
        return procedures.case_state(before)
    about = sealed_words("about", new.about)
    name, phone = sealed_person(new.name, new.phone)
    number = _next_id()
    opening = Opening(CONSULTATION_PROCEDURE, area, CONSULTATION, number, TITLE)
    opened = open_case(actor=actor, opening=opening)
    Consultation(
        pk=number,
        case_id=opened.id,
        name_sealed=name,
        phone_sealed=phone,
        about_sealed=about,
        submit_hash=key,
        registered_at=clock.now(),
        registered_by=actor.account,
    ).save(force_insert=True)
    emit(facts.ConsultationRegistered(number), area=area, case=opened.id)
    return procedures.case_state(opened.id)


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('mediation_consultation', 'id'))")
        return int(cursor.fetchone()[0])


def _found(state: CaseState) -> Consultation:
    found = Consultation.objects.filter(case_id=state.id).first()
    if found is None:
        raise RecordUnknown(field="reference")
    return found


@action
def record_talk(*, actor: Actor, reference: str, held_on: date, words: str) -> None:
    """Write down one talk. Raises `RecordUnknown`, `NotAllowed`, `RecordInvalid`."""
    state = queries.case_of(actor, reference, CONSULTATION)
    require(policies.can_add(actor, state, HANDLE_COUNSELLING))
    consultation = _found(state)
    made = Talk.objects.create(
        consultation=consultation,
        visit=state.visit,
        held_on=not_later_than_today("held_on", held_on),
        words_sealed=sealed_words("words", words),
        at=clock.now(),
        by=actor.account,
    )
    emit(facts.TalkHeld(consultation.pk, made.pk), area=state.area, case=state.id)


@action
def reveal_person(*, actor: Actor, reference: str, reason: str, words: str = "") -> PersonShown:
    """Return who is counselled unmasked, and record who looked and why.

    Raises `RecordUnknown`, `NotAllowed`, `InvalidInput`, `NothingToReveal` when it is erased.
    """
    state = queries.case_of(actor, reference, CONSULTATION)
    require(policies.can_reveal_person(actor, state))
    words = reason_words(reason, words)
    found = _found(state)
    if found.name_sealed is None:
        raise NothingToReveal()
    made = Reveal.objects.create(
        consultation=found, by=actor.account, reason=reason, words=words, at=clock.now()
    )
    fact = facts.PersonRevealed(consultation=found.pk, reveal=made.pk, reason=reason)
    emit(fact, area=state.area, case=state.id)
    return whole(1, found.name_sealed, found.phone_sealed)
