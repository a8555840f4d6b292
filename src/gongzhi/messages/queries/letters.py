"""What could not be delivered and waits for a person: e-mails, and facts given up by a handler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.utils.translation import gettext as _

from gongzhi.facts import queries as facts
from gongzhi.facts.queries import FactRow
from gongzhi.kernel import clock, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import allow_if, require
from gongzhi.kernel.sql import row
from gongzhi.messages import rules
from gongzhi.messages.choices import FIGURE_DAYS, MANAGE, State, Trouble
from gongzhi.messages.models import Address, Delivery
from gongzhi.messages.queries.addresses import masked


@dataclass(frozen=True, slots=True)
class DeadMail:
    """An e-mail that did not go: to whom (masked), about what, why."""

    id: int
    at: datetime
    to: str
    resident: bool
    reference: str
    line: str
    trouble: str
    error: str
    tries: int


@dataclass(frozen=True, slots=True)
class LogLetter:
    """A fact that a handler could not take."""

    id: int
    at: datetime
    reader: str
    kind: str
    fact: int
    error: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the notices of the last days, over all recipients; never by person."""

    days: int
    told: int
    in_desk: int
    read: int
    mails: int
    sent: int
    waiting: int
    dead: int
    dropped: int

    @property
    def settled(self) -> int:
        """E-mails whose end is known: sent or dead."""
        return self.sent + self.dead

    @property
    def rate(self) -> float | None:
        """The share of e-mails with a known end that were delivered, in percent."""
        return 100 * self.sent / self.settled if self.settled else None


def _manages(actor: Actor) -> None:
    require(allow_if(actor.has(MANAGE), _("只有系统管理员处理发送失败的信")))


def dead_mails(actor: Actor, *, cursor: str = "", size: int = 30) -> paging.Page[DeadMail]:
    """Return the dead e-mails that nobody has looked after yet, newest first.

    Raises `NotAllowed` without the power to manage the system.
    """
    _manages(actor)
    found = Delivery.objects.filter(state=State.DEAD, settled_at=None).order_by("-id")
    if cursor:
        found = found.filter(id__lt=paging.decode_as(cursor, int)[0])
    shown = list(found.select_related("notice__address")[: size + 1])
    accounts = {one.notice.account_id for one in shown if one.notice.account_id}
    mine = {one.account_id: one for one in Address.objects.filter(account__in=accounts)}
    more = paging.encode(shown[size - 1].pk) if len(shown) > size else None
    return paging.Page(tuple(_dead(one, mine) for one in shown[:size]), more)


def _dead(one: Delivery, mine: dict[int | None, Address]) -> DeadMail:
    notice = one.notice
    address = notice.address or mine.get(notice.account_id)
    return DeadMail(
        id=one.pk,
        at=one.claimed_at or notice.created_at,
        to=masked(address) if address else "",
        resident=notice.address_id is not None,
        reference=notice.reference,
        line=rules.line(notice.template, {**notice.values, "reference": notice.reference}),
        trouble=str(Trouble(one.trouble).label) if one.trouble else "",
        error=one.last_error,
        tries=one.tries,
    )


def log_letters(actor: Actor, *, most: int = 100) -> list[LogLetter]:
    """Return the facts that handlers gave up, oldest first; raises `NotAllowed`."""
    _manages(actor)
    return [
        LogLetter(one.pk, one.at, one.reader, one.kind, one.fact, one.error)
        for one in facts.dead_letters()[:most]
    ]


def fact_of(number: int) -> FactRow | None:
    """Return a fact as a handler gets it; None when there is none of this number."""
    found = row("messages", "fact_again", {"fact": number})
    if found is None:
        return None
    plain: dict[str, Any] = dict(found)
    data = plain.pop("data")
    return FactRow(
        case=plain.pop("case_id"),
        actor=plain.pop("actor_id"),
        post=plain.pop("post_id"),
        data=data if isinstance(data, dict) else dict(orjson.loads(data)),
        **plain,
    )


def figures(actor: Actor) -> Figures:
    """Return what became of the notices of the last days; raises `NotAllowed`."""
    _manages(actor)
    since = clock.now() - timedelta(days=FIGURE_DAYS)
    found = row("messages", "figures", {"since": since}) or {}
    return Figures(days=FIGURE_DAYS, **found)
