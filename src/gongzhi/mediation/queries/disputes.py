"""Disputes as those read them who may: the parties masked, the words opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from gongzhi.areas.queries import path_name
from gongzhi.kernel import paging
from gongzhi.kernel.actor import Actor
from gongzhi.mediation.choices import DISPUTE, HANDLE, SEE, Kept
from gongzhi.mediation.errors import RecordUnknown
from gongzhi.mediation.kinds import kind_name
from gongzhi.mediation.models import Dispute
from gongzhi.mediation.queries import standing
from gongzhi.mediation.queries.sealed import Held, PersonShown, masked, opened
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.queries import CaseState


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """An agreement: what, when, to be kept by when."""

    words: str
    agreed_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """What a review found."""

    on: date
    result: str
    words: str


@dataclass(frozen=True, slots=True)
class DisputeDetail:
    """One dispute with the state of its case.

    `wanted` are the kinds of record that the reader may add now; `erased` says that names and
    words are gone because their time is over, `aside` that they are kept from this reader.
    """

    id: int
    state: CaseState
    kind: str
    kind_name: str
    place: str
    about: str
    registered_at: datetime
    parties: tuple[PersonShown, ...]
    mediations: tuple[Held, ...]
    agreements: tuple[AgreementShown, ...]
    reviews: tuple[ReviewShown, ...]
    wanted: frozenset[str]
    handled: bool
    revealable: bool
    erased: bool
    aside: bool = False


def visible_to(actor: Actor) -> QuerySet[Dispute]:
    """Return the disputes *actor* may see: those whose cases it may see."""
    return Dispute.objects.filter(case__in=procedures.visible_cases(actor, DISPUTE))


def list_disputes(
    actor: Actor, *, status: str = "", cursor: str = "", size: int = 50
) -> paging.Page[standing.Row]:
    """Return a page of visible disputes, the newest first; *status* is open, closed or ''."""
    return standing.listed(procedures.visible_cases(actor, DISPUTE), status, cursor, size)


def count_disputes(actor: Actor) -> standing.Counts:
    """Return how many visible disputes go on and how many have ended."""
    return standing.counts(procedures.visible_cases(actor, DISPUTE))


def dispute_for(actor: Actor, state: CaseState) -> DisputeDetail:
    """Return the dispute of a case that was read for *actor*; raise `RecordUnknown`."""
    related = ("parties", "mediations", "agreements", "reviews")
    found = Dispute.objects.filter(case_id=state.id).prefetch_related(*related).first()
    if found is None:
        raise RecordUnknown(field="reference")
    parties = sorted(found.parties.all(), key=lambda one: one.number)
    whole = DisputeDetail(
        id=found.pk,
        state=state,
        kind=found.kind,
        kind_name=kind_name(found.kind),
        place=path_name(state.area),
        about=opened(found.about_sealed),
        registered_at=found.registered_at,
        parties=tuple(masked(one.number, one.name_sealed, one.phone_sealed) for one in parties),
        mediations=_mediations(found),
        agreements=_agreements(found),
        reviews=_reviews(found),
        wanted=standing.wanted_now(actor, state),
        handled=standing.carries(actor, state),
        revealable=bool(parties) and may_reveal(actor, state),
        erased=found.about_sealed is None,
    )
    return _without_words(whole) if standing.stands_aside(actor, state) else whole


def _without_words(found: DisputeDetail) -> DisputeDetail:
    """Return what somebody who is recused may still read: of what kind, where, how it stands."""
    empty: tuple[Any, ...] = ()
    return replace(
        found,
        about="",
        parties=empty,
        mediations=empty,
        agreements=empty,
        reviews=empty,
        aside=True,
    )


def _mediations(found: Dispute) -> tuple[Held, ...]:
    rows = sorted(found.mediations.all(), key=lambda one: one.pk)
    return tuple(Held(o.held_on, opened(o.words_sealed), opened(o.led_sealed)) for o in rows)


def _agreements(found: Dispute) -> tuple[AgreementShown, ...]:
    rows = sorted(found.agreements.all(), key=lambda one: one.pk)
    return tuple(AgreementShown(opened(o.words_sealed), o.agreed_on, o.due_on) for o in rows)


def _reviews(found: Dispute) -> tuple[ReviewShown, ...]:
    rows = sorted(found.reviews.all(), key=lambda one: one.pk)
    told = dict(Kept.choices)
    return tuple(
        ReviewShown(one.held_on, str(told[one.result]), opened(one.words_sealed)) for one in rows
    )


def may_reveal(actor: Actor, state: CaseState) -> bool:
    """Whether *actor* may see the parties for a recorded reason: who carries the dispute, or

    who sees it by a post at the place that may reveal. A token does so by that power alone.
    """
    if actor.kind != "person" or standing.stands_aside(actor, state):
        return False
    by_post = actor.may("people.reveal", area=state.area) and actor.may(SEE, area=state.area)
    at_the_desk = actor.scopes is None and actor.has(HANDLE)
    return by_post or (at_the_desk and standing.carries(actor, state))
