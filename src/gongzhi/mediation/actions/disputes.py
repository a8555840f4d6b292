"""A dispute: put on record, its mediations, agreement and review written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

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
    DISPUTE,
    DISPUTE_PROCEDURE,
    FEWEST_PARTIES,
    HANDLE,
    MOST_PARTIES,
    Kept,
)
from gongzhi.mediation.errors import NothingToReveal, RecordInvalid, RecordUnknown
from gongzhi.mediation.kinds import kinds, written_name
from gongzhi.mediation.models import Agreement, Dispute, Mediation, Party, Reveal, Review
from gongzhi.mediation.queries.sealed import PersonShown, whole
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import Opening, open_case
from gongzhi.procedures.queries import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispute:
    """What is known of a dispute when it is put on record; parties as (name, phone)."""

    kind: str
    area: str
    about: str
    parties: tuple[tuple[str, str], ...]
    submit_key: str = ""


@action
def register_dispute(*, actor: Actor, new: NewDispute) -> CaseState:
    """Put a dispute on record and open its case, whose title tells the kind and no name.

    The same `submit_key` twice is one dispute.

    Raises `RecordInvalid`, `NotAllowed`, `NoHolder` where nobody would carry it.
    """
    area = checked_place(new.area)
    require(policies.can_register(actor, area))
    key, before = sent_before(Dispute, new.submit_key)
    if before:
        return procedures.case_state(before)
    if new.kind not in kinds():
        raise RecordInvalid(_("没有选是哪一类"), field="kind", mend=_("请从列表中选择"))
    about = sealed_words("about", new.about)
    parties = _sealed_parties(new)
    number = _next_id()
    opening = Opening(DISPUTE_PROCEDURE, area, DISPUTE, number, written_name(new.kind))
    opened = open_case(actor=actor, opening=opening)
    dispute = Dispute(
        pk=number, case_id=opened.id, kind=new.kind, about_sealed=about, submit_hash=key
    )
    dispute.registered_at, dispute.registered_by = clock.now(), actor.account
    dispute.save(force_insert=True)
    Party.objects.bulk_create(
        Party(dispute=dispute, number=n, name_sealed=name, phone_sealed=phone)
        for n, (name, phone) in enumerate(parties, 1)
    )
    fact = facts.DisputeRegistered(dispute=number, type=new.kind, parties=len(parties))
    emit(fact, area=area, case=opened.id)
    return procedures.case_state(opened.id)


def _sealed_parties(new: NewDispute) -> list[tuple[bytes, bytes | None]]:
    """Return the parties sealed, in their order; a dispute has at least two."""
    parties = [sealed_person(*one, number=n) for n, one in enumerate(new.parties, 1)]
    if not FEWEST_PARTIES <= len(parties) <= MOST_PARTIES:
        field = f"name_{len(parties) + 1}"
        mend = _("至少写明两方，最多 %(most)d 方") % {"most": MOST_PARTIES}
        raise RecordInvalid(_("纠纷至少有两方当事人"), field=field, mend=mend)
    return parties


def _next_id() -> int:
    """Return the number of the record before it stands: the case is opened first and names it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('mediation_dispute', 'id'))")
        return int(cursor.fetchone()[0])


def _handled(actor: Actor, reference: str) -> tuple[CaseState, Dispute]:
    """Return a dispute that *actor* carries now, held so that two writers come one by one."""
    state = queries.case_of(actor, reference, DISPUTE)
    require(policies.can_add(actor, state, HANDLE))
    found = Dispute.objects.select_for_update(of=("self",)).filter(case_id=state.id).first()
    if found is None:
        raise RecordUnknown(field="reference")
    return state, found


@action
def add_party(*, actor: Actor, reference: str, name: str, phone: str = "") -> None:
    """Add a further party. Raises `RecordUnknown`, `NotAllowed`, `RecordInvalid`."""
    state, dispute = _handled(actor, reference)
    sealed, number = sealed_person(name, phone), dispute.parties.count() + 1
    if number > MOST_PARTIES:
        mend = _("至少写明两方，最多 %(most)d 方") % {"most": MOST_PARTIES}
        raise RecordInvalid(_("当事人太多"), field="name", mend=mend)
    party = Party.objects.create(
        dispute=dispute, number=number, name_sealed=sealed[0], phone_sealed=sealed[1]
    )
    emit(facts.PartyAdded(dispute.pk, party.pk), area=state.area, case=state.id)


@action
def record_mediation(*, actor: Actor, reference: str, held_on: date, led: str, words: str) -> None:
    """Write down one mediation: when, who led it, what was said."""
    state, dispute = _handled(actor, reference)
    made = Mediation.objects.create(
        dispute=dispute,
        visit=state.visit,
        held_on=not_later_than_today("held_on", held_on),
        led_sealed=sealed_words("led", led),
        words_sealed=sealed_words("words", words),
        at=clock.now(),
        by=actor.account,
    )
    fact = facts.MediationHeld(dispute.pk, made.pk, held_on.isoformat())
    emit(fact, area=state.area, case=state.id)


@action
def record_agreement(
    *, actor: Actor, reference: str, words: str, agreed_on: date, due_on: date | None
) -> None:
    """Write down what the parties agreed on, and by when it is to be kept."""
    state, dispute = _handled(actor, reference)
    if due_on is not None and due_on < agreed_on:
        mend = _("请填协议当天或以后的日期")
        raise RecordInvalid(_("履行期限早于协议日期"), field="due_on", mend=mend)
    made = Agreement.objects.create(
        dispute=dispute,
        visit=state.visit,
        words_sealed=sealed_words("words", words),
        agreed_on=not_later_than_today("agreed_on", agreed_on),
        due_on=due_on,
        at=clock.now(),
        by=actor.account,
    )
    due = due_on.isoformat() if due_on else None
    fact = facts.AgreementMade(dispute.pk, made.pk, agreed_on.isoformat(), due)
    emit(fact, area=state.area, case=state.id)


@action
def record_review(
    *, actor: Actor, reference: str, held_on: date, result: str, words: str = ""
) -> None:
    """Write down what a review found: whether the agreement was kept."""
    state, dispute = _handled(actor, reference)
    if result not in Kept.values:
        raise RecordInvalid(_("没有选履行得怎样"), field="result", mend=_("请从列表中选择"))
    made = Review.objects.create(
        dispute=dispute,
        visit=state.visit,
        held_on=not_later_than_today("held_on", held_on),
        result=result,
        words_sealed=sealed_words("words", words, needed=False),
        at=clock.now(),
        by=actor.account,
    )
    emit(facts.AgreementReviewed(dispute.pk, made.pk, result), area=state.area, case=state.id)


@action
def reveal_parties(
    *, actor: Actor, reference: str, reason: str, words: str = ""
) -> tuple[PersonShown, ...]:
    """Return the parties unmasked, and record who looked and why.

    Raises `RecordUnknown`, `NotAllowed`, `InvalidInput`, `NothingToReveal` when they are erased.
    """
    state = queries.case_of(actor, reference, DISPUTE)
    require(policies.can_reveal_parties(actor, state))
    words = reason_words(reason, words)
    parties = list(Party.objects.filter(dispute__case_id=state.id).order_by("number"))
    if not parties:
        raise NothingToReveal()
    dispute = parties[0].dispute_id
    made = Reveal.objects.create(
        dispute_id=dispute, by=actor.account, reason=reason, words=words, at=clock.now()
    )
    fact = facts.PartiesRevealed(dispute=dispute, reveal=made.pk, reason=reason)
    emit(fact, area=state.area, case=state.id)
    return tuple(whole(one.number, one.name_sealed, one.phone_sealed) for one in parties)
