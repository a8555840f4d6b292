"""What a person does with letters that could not be delivered: once more, or set aside."""

from __future__ import annotations

from django.db import transaction

from gongzhi.facts import actions as facts
from gongzhi.facts import queries as log
from gongzhi.kernel import clock
from gongzhi.kernel.action import BATCHES, action, emit, running
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.messages import policies, queries
from gongzhi.messages.choices import State
from gongzhi.messages.errors import LetterUnknown, StillFailing
from gongzhi.messages.facts import FactRetried, LetterRetried, LetterSettled
from gongzhi.messages.models import Delivery
from gongzhi.people.queries import home_area


@action
def retry_mail(*, actor: Actor, delivery: int) -> None:
    """Let a dead e-mail go once more, with all its tries before it. Raises `LetterUnknown`."""
    require(policies.can_manage_letters(actor))
    dead = Delivery.objects.filter(pk=delivery, state=State.DEAD, settled_at=None)
    if not dead.update(state=State.FAILED, tries=0, next_try=clock.now()):
        raise LetterUnknown()
    emit(LetterRetried(delivery=delivery), area=home_area())


@action
def settle_mail(*, actor: Actor, delivery: int) -> None:
    """Note that a dead e-mail was looked after and stays unsent. Raises `LetterUnknown`."""
    require(policies.can_manage_letters(actor))
    dead = Delivery.objects.filter(pk=delivery, state=State.DEAD, settled_at=None)
    if not dead.update(settled_at=clock.now()):
        raise LetterUnknown()
    emit(LetterSettled(delivery=delivery), area=home_area())


@action
def retry_fact(*, actor: Actor, letter: int) -> None:
    """Hand a fact to the handler that gave it up; settled when it takes it.

    Raises `LetterUnknown`, and `StillFailing` with what the handler says now.
    """
    require(policies.can_manage_letters(actor))
    reader = log.dead_letters().filter(pk=letter).values_list("reader", flat=True).first()
    if reader is None:
        raise LetterUnknown()
    # First the reader, as the relay does: a batch that is being counted is waited for.
    facts.hold_reader(actor=actor, name=reader)
    found = log.dead_letters().select_for_update().filter(pk=letter).first()
    fact = queries.fact_of(found.fact) if found else None
    known = facts.subscriptions()
    if found is None or fact is None or found.reader not in known:
        raise LetterUnknown()
    handler = known[found.reader][0]
    run = running()
    emitted = run.emitted if run else []
    before = len(emitted)
    try:
        with transaction.atomic():
            handler([fact] if handler in BATCHES else fact)
    except Exception as error:
        # A handler is foreign code: whatever it raises is told, and nothing of it stays.
        del emitted[before:]
        raise StillFailing(f"{type(error).__name__}: {error}"[:300]) from error
    facts.settle_dead_letter(actor=actor, letter=letter)
    emit(FactRetried(letter=letter, settled=False), area=home_area())


@action
def settle_fact(*, actor: Actor, letter: int) -> None:
    """Set a fact aside that a handler gave up. Raises `LetterUnknown`."""
    require(policies.can_manage_letters(actor))
    if not facts.settle_dead_letter(actor=actor, letter=letter):
        raise LetterUnknown()
    emit(FactRetried(letter=letter, settled=True), area=home_area())
