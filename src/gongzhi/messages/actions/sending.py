"""Sends e-mails: claimed by one worker, handed over outside any transaction, marked at once.

A worker that dies between handing over and marking leaves its e-mail claimed. Nobody can know
whether the server took it, so it is not sent again: after a while it becomes a dead letter of
which a person decides. Of one e-mail at most one copy leaves the house by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db.models import QuerySet

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row
from gongzhi.messages import mailing, queries, rules
from gongzhi.messages.choices import LEASE_MINUTES, RETRY_MINUTES, State, Trouble
from gongzhi.messages.models import Delivery

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """An e-mail that this worker alone sends; `number` tells the claim from a later one."""

    delivery: int
    number: int
    tries: int


def send_next(*, actor: Actor) -> bool:
    """Send the e-mail that has waited longest; return False when none is due.

    No action of its own: a transaction must not wait for a mail server. The claim before and the
    mark behind are actions.
    """
    claim = claim_next(actor=actor)
    if claim is None:
        return False
    mail = queries.mail_for(claim.delivery)
    if mail is None:
        drop(actor=actor, claim=claim)
        return True
    try:
        mailing.send(mail.message())
    except mailing.NotSent as error:
        log.warning("mail_not_sent", delivery=claim.delivery, error=str(error))
        put_back(actor=actor, claim=claim, error=error)
    else:
        mark_sent(actor=actor, claim=claim)
    return True


@action
def claim_next(*, actor: Actor) -> Claim | None:
    """Claim the oldest due e-mail for this worker; None when none is due or all wait for day."""
    now = clock.now()
    found = row("messages", "claim", {"now": now, "quiet": rules.rules().is_quiet(now)})
    return Claim(found["id"], found["claim"], found["tries"]) if found else None


@action
def mark_sent(*, actor: Actor, claim: Claim) -> None:
    """Note that the mail server took the e-mail, also when it was given up meanwhile."""
    Delivery.objects.filter(
        pk=claim.delivery, claim=claim.number, state__in=(State.SENDING, State.DEAD)
    ).update(state=State.SENT, sent_at=clock.now(), trouble="", last_error="")


@action
def drop(*, actor: Actor, claim: Claim) -> None:
    """Note that there is nobody left to send this e-mail to."""
    _mine(claim).update(state=State.DROPPED)


@action
def put_back(*, actor: Actor, claim: Claim, error: mailing.NotSent) -> None:
    """Let an e-mail wait for its next try, or for a person when there is none."""
    known = {"trouble": error.trouble, "last_error": str(error)}
    if not error.again or claim.tries > len(RETRY_MINUTES):
        _mine(claim).update(state=State.DEAD, **known)
        return
    wait = timedelta(minutes=RETRY_MINUTES[claim.tries - 1])
    _mine(claim).update(state=State.FAILED, next_try=clock.now() + wait, **known)


@action
def give_up_interrupted(*, actor: Actor) -> int:
    """Give a person those e-mails whose worker has gone while sending; return how many."""
    before = clock.now() - timedelta(minutes=LEASE_MINUTES)
    return Delivery.objects.filter(state=State.SENDING, claimed_at__lt=before).update(
        state=State.DEAD, trouble=Trouble.UNSURE, last_error=""
    )


def _mine(claim: Claim) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=claim.delivery, claim=claim.number, state=State.SENDING)
