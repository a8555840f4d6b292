"""Receipts: a notice is read by its own reader; what was read long ago is deleted."""

from __future__ import annotations

from datetime import timedelta

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import Actor
from gongzhi.messages import queries, rules
from gongzhi.messages.errors import NoticeUnknown
from gongzhi.messages.models import Notice


@action
def mark_read(*, actor: Actor, notice: int) -> None:
    """Mark one of the actor's notices as read; the first receipt stays. Raises `NoticeUnknown`."""
    mine = queries.visible_to(actor).filter(pk=notice)
    if not mine.filter(read_at=None).update(read_at=clock.now()) and not mine.exists():
        raise NoticeUnknown()


@action
def mark_all_read(*, actor: Actor) -> int:
    """Mark all of the actor's notices as read; return how many were not."""
    return queries.visible_to(actor).filter(read_at=None).update(read_at=clock.now())


@action
def forget_old_notices(*, actor: Actor, limit: int = 5000) -> int:
    """Delete notices past their days: those read, and those that went out to residents.

    One that nobody read stays until it is read, one with an unsettled dead e-mail until it is
    looked after. Returns how many went.
    """
    before = clock.now() - timedelta(days=rules.rules().keep_days)
    old = Notice.objects.filter(created_at__lt=before)
    gone = old.exclude(account__isnull=False, read_at=None).exclude(
        deliveries__state__in=("waiting", "failed", "sending")
    )
    gone = gone.exclude(deliveries__state="dead", deliveries__settled_at=None)
    return Notice.objects.filter(pk__in=list(gone.values_list("pk", flat=True)[:limit])).delete()[0]
