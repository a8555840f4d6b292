"""Consultations as counsellors read them; to everybody else there are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from gongzhi.areas.queries import path_name
from gongzhi.kernel import paging
from gongzhi.kernel.actor import Actor
from gongzhi.mediation.choices import CONSULTATION, SEE_COUNSELLING
from gongzhi.mediation.errors import RecordUnknown
from gongzhi.mediation.models import Consultation
from gongzhi.mediation.queries import standing
from gongzhi.mediation.queries.sealed import Held, PersonShown, masked, opened
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.queries import CaseState


@dataclass(frozen=True, slots=True)
class ConsultationDetail:
    """One consultation with the state of its case; `wanted` and others as with disputes."""

    id: int
    state: CaseState
    place: str
    person: PersonShown
    about: str
    registered_at: datetime
    talks: tuple[Held, ...]
    wanted: frozenset[str]
    revealable: bool
    erased: bool
    aside: bool = False


def visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations *actor* may see: those whose cases it may see."""
    return Consultation.objects.filter(case__in=procedures.visible_cases(actor, CONSULTATION))


def list_consultations(
    actor: Actor, *, status: str = "", cursor: str = "", size: int = 50
) -> paging.Page[standing.Row]:
    """Return a page of visible consultations, the newest first."""
    return standing.listed(procedures.visible_cases(actor, CONSULTATION), status, cursor, size)


def count_consultations(actor: Actor) -> standing.Counts:
    """Return how many visible consultations go on and how many have ended."""
    return standing.counts(procedures.visible_cases(actor, CONSULTATION))


def consultation_for(actor: Actor, state: CaseState) -> ConsultationDetail:
    """Return the consultation of a case that was read for *actor*; raise `RecordUnknown`."""
    found = Consultation.objects.filter(case_id=state.id).prefetch_related("talks").first()
    if found is None:
        raise RecordUnknown(field="reference")
    talks = sorted(found.talks.all(), key=lambda one: one.pk)
    whole = ConsultationDetail(
        id=found.pk,
        state=state,
        place=path_name(state.area),
        person=masked(1, found.name_sealed, found.phone_sealed),
        about=opened(found.about_sealed),
        registered_at=found.registered_at,
        talks=tuple(Held(one.held_on, opened(one.words_sealed)) for one in talks),
        wanted=standing.wanted_now(actor, state),
        revealable=found.name_sealed is not None and may_reveal(actor, state),
        erased=found.about_sealed is None,
    )
    if not standing.stands_aside(actor, state):
        return whole
    return replace(whole, person=PersonShown(1, "", ""), about="", talks=(), aside=True)


def may_reveal(actor: Actor, state: CaseState) -> bool:
    """Whether *actor* may see who is counselled, for a recorded reason: a counsellor there."""
    person = actor.kind == "person" and actor.scopes is None
    if standing.stands_aside(actor, state):
        return False
    return person and actor.may(SEE_COUNSELLING, area=state.area)
