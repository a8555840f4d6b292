"""Names and words go when their time is over: counted from the end of the case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.mediation import facts, retention
from gongzhi.mediation.models import (
    Agreement,
    Consultation,
    Dispute,
    Mediation,
    Party,
    Review,
    Talk,
)
from gongzhi.procedures.actions import forget_recusal_words


@action
def set_term(*, actor: Actor, closed: Collection[int], reopened: Collection[int] = ()) -> None:
    """Let the time run for closed cases, and stop it for others, after which names and words go.

    However many cases there are, and most are none of ours: at most four statements.
    """
    terms: tuple[tuple[Any, int], ...] = (
        (Dispute, retention.dispute_days()),
        (Consultation, retention.counselling_days()),
    )
    for model, days in terms:
        until = clock.today() + timedelta(days=days)
        if closed:
            model.objects.filter(case_id__in=list(closed)).update(keep_until=until)
        if reopened:
            model.objects.filter(case_id__in=list(reopened)).update(keep_until=None)


@action
def erase_expired(*, actor: Actor, limit: int = 1000) -> int:
    """Erase names and words whose time is over; return of how many records.

    When, of what kind and with what result stays, so that no figure changes.
    """
    disputes = _expired(Dispute, limit)
    ids = [one.pk for one in disputes]
    Party.objects.filter(dispute__in=ids).delete()
    Mediation.objects.filter(dispute__in=ids).update(words_sealed=None, led_sealed=None)
    Agreement.objects.filter(dispute__in=ids).update(words_sealed=None)
    Review.objects.filter(dispute__in=ids).update(words_sealed=None)
    Dispute.objects.filter(pk__in=ids).update(about_sealed=None, keep_until=None)
    forget_recusal_words(actor=actor, cases=[one.case_id for one in disputes])
    for one in disputes:
        emit(facts.DisputeErased(one.pk), area=one.case.area, case=one.case_id)
    return len(disputes) + _erase_consultations(actor, max(limit - len(disputes), 0))


def _erase_consultations(actor: Actor, limit: int) -> int:
    found = _expired(Consultation, limit)
    ids = [one.pk for one in found]
    Talk.objects.filter(consultation__in=ids).update(words_sealed=None)
    Consultation.objects.filter(pk__in=ids).update(
        name_sealed=None, phone_sealed=None, about_sealed=None, keep_until=None
    )
    forget_recusal_words(actor=actor, cases=[one.case_id for one in found])
    for one in found:
        emit(facts.ConsultationErased(one.pk), area=one.case.area, case=one.case_id)
    return len(found)


def _expired(model: Any, limit: int) -> list[Any]:
    found = model.objects.select_for_update(skip_locked=True, of=("self",))
    due = found.filter(keep_until__lte=clock.today())
    return list(due.select_related("case").order_by("pk")[:limit])
