"""Every write to webhooks: endpoints, what is to be sent to them, and how it went."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from django.utils.translation import gettext as _

from gongzhi.facts.queries import FactRow
from gongzhi.interchange import policies, queries
from gongzhi.interchange.choices import (
    BATCH,
    EVENTS,
    KEEP_DAYS,
    LEASE,
    LONGEST_NAME,
    LONGEST_URL,
    MANAGE,
    MOST_ENDPOINTS,
    RETRIES,
    TEST_EVENT,
    TYPE_OF,
    DeliveryState,
    Fault,
    PausedBy,
)
from gongzhi.interchange.errors import (
    DeliveryUnknown,
    DeliveryWaiting,
    EndpointInvalid,
    EndpointUnknown,
)
from gongzhi.interchange.facts import (
    DeliveryResent,
    EndpointAdded,
    EndpointPaused,
    EndpointRemoved,
    EndpointResumed,
)
from gongzhi.interchange.models import Delivery, Endpoint
from gongzhi.interchange.outward import Result, url_fault
from gongzhi.interchange.queries.webhooks import SECRET_PURPOSE
from gongzhi.kernel import clock, crypto
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.policy import require
from gongzhi.kernel.sql import rows
from gongzhi.matters.choices import SUBJECT
from gongzhi.procedures import queries as procedures

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class AddedEndpoint:
    """A new endpoint; its secret is shown this once."""

    id: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that one sender has taken, with what it needs to send it."""

    id: int
    endpoint: int
    event: str
    body: str
    case: int | None
    tries: int
    url: str
    owner: int
    claim: str
    secret: str = field(repr=False)


# --- endpoints ---------------------------------------------------------------------------------
@action
def add_endpoint(
    *, actor: Actor, name: str, url: str, events: Collection[str], owner: int
) -> AddedEndpoint:
    """Have events of these types sent to *url*, as far as *owner* may see what they are about.

    Raises `EndpointInvalid` and `NotAllowed`.
    """
    areas = actor.areas_for(MANAGE)
    area = areas[0] if areas else ""
    require(policies.can_manage(actor, area))
    wanted = _check(name, url, events)
    if queries.visible_to(actor).count() >= MOST_ENDPOINTS:
        mend = _("请先删除不用的")
        raise EndpointInvalid(_("推送地址太多"), field="url", mend=mend)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    made = Endpoint.objects.create(
        name=name.strip(),
        url=url.strip(),
        events=wanted,
        owner=owner,
        area=area,
        secret_sealed=crypto.seal(secret, SECRET_PURPOSE),
        added_at=clock.now(),
        added_by=actor.account,
    )
    emit(EndpointAdded(endpoint=made.pk, owner=owner, events=tuple(wanted)), area=area)
    return AddedEndpoint(made.pk, secret)


def _check(name: str, url: str, events: Collection[str]) -> list[str]:
    """Return the events in the order of the public list; raise `EndpointInvalid`."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise EndpointInvalid(_("须有名称"), field="name", mend=_("写明是哪个系统"))
    if len(url) > LONGEST_URL:
        raise EndpointInvalid(_("网址太长"), field="url", mend=_("不超过 500 个字符"))
    fault = url_fault(url.strip())
    if fault:
        mend = _("须为 https:// 开头的公网地址，不带用户名和密码")
        raise EndpointInvalid(_("这个网址不能用"), field="url", mend=mend)
    wanted = [one for one in EVENTS if one in events]
    if not wanted or len(wanted) != len(set(events)):
        raise EndpointInvalid(_("请至少选一种事件"), field="events", mend=_("从列表中选择"))
    return wanted


def _endpoint(actor: Actor, endpoint: int) -> Endpoint:
    found = queries.visible_to(actor).select_for_update().filter(pk=endpoint).first()
    if found is None:
        raise EndpointUnknown()
    require(policies.can_manage(actor, found.area))
    return found


@action
def pause_endpoint(*, actor: Actor, endpoint: int) -> None:
    """Send nothing there until it is resumed; what happens meanwhile waits."""
    _pause(_endpoint(actor, endpoint), PausedBy.HAND)


def _pause(found: Endpoint, by: PausedBy) -> None:
    stopped = Endpoint.objects.filter(pk=found.pk, paused_at=None)
    if stopped.update(paused_at=clock.now(), paused_by=by):
        emit(EndpointPaused(endpoint=found.pk, by=by.value), area=found.area)


@action
def resume_endpoint(*, actor: Actor, endpoint: int) -> None:
    """Send what waited, and what comes."""
    found = _endpoint(actor, endpoint)
    held = Endpoint.objects.filter(pk=found.pk, paused_at__isnull=False)
    if held.update(paused_at=None, paused_by=""):
        emit(EndpointResumed(endpoint=found.pk), area=found.area)


@action
def remove_endpoint(*, actor: Actor, endpoint: int) -> None:
    """Send nothing there any more; the log stays for its term, the secret is destroyed."""
    found = _endpoint(actor, endpoint)
    Endpoint.objects.filter(pk=found.pk).update(removed_at=clock.now(), secret_sealed=b"")
    emit(EndpointRemoved(endpoint=found.pk), area=found.area)


# --- what is to be sent ------------------------------------------------------------------------
@action
def send_test(*, actor: Actor, endpoint: int) -> int:
    """Let the endpoint get a test event next; return its delivery."""
    found = _endpoint(actor, endpoint)
    body = _body(TEST_EVENT, clock.now().isoformat(), {"endpoint": found.pk})
    return Delivery.objects.create(
        endpoint=found,
        event=_event(),
        type=TEST_EVENT,
        body=body,
        made_at=clock.now(),
        next_at=clock.now(),
    ).pk


@action
def write_deliveries(*, actor: Actor, facts: Sequence[FactRow]) -> int:
    """Put facts on their way to every endpoint that may know them, once each; return how many."""
    wanting = {type_: queries.live_endpoints(type_) for type_ in {TYPE_OF[f.kind] for f in facts}}
    made = [
        one
        for fact in facts
        if (to := wanting[TYPE_OF[fact.kind]])
        for one in _on_its_way(fact, to)
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _on_its_way(fact: FactRow, wanting: Sequence[queries.Live]) -> list[Delivery]:
    """Return one delivery of a fact for each of these endpoints that may know it."""
    case = procedures.matching(SYSTEM, pk=fact.case, subject=SUBJECT).first()
    if case is None:
        return []
    type_ = TYPE_OF[fact.kind]
    told = {name: fact.data.get(name) for name in EVENTS[type_].tells}
    about = {"reference": case.reference, "area": fact.area, "fact": fact.id}
    body = _body(type_, fact.at.isoformat(), about | told)
    return [
        Delivery(
            endpoint_id=one.id,
            event=_event(),
            type=type_,
            fact=fact.id,
            case=case.pk,
            body=body,
            made_at=clock.now(),
            next_at=clock.now(),
        )
        for one in wanting
        if case.pk in queries.may_know(one.owner, [case.pk])
    ]


def _event() -> str:
    return f"msg_{secrets.token_urlsafe(18)}"


def _body(type_: str, at: str, data: dict[str, Any]) -> str:
    return orjson.dumps({"type": type_, "timestamp": at, "data": data}).decode()


@action
def resend(*, actor: Actor, endpoint: int, delivery: int) -> None:
    """Send a delivery once more, under its own id, with all its tries before it again.

    Raises `DeliveryUnknown` and `DeliveryWaiting`.
    """
    found = _endpoint(actor, endpoint)
    ours = Delivery.objects.filter(pk=delivery, endpoint=found)
    ended = ours.exclude(state=DeliveryState.WAITING)
    changes = {"state": DeliveryState.WAITING, "tries": 0, "next_at": clock.now(), "claim": ""}
    if not ended.update(**changes, sent_at=None, fault="", status=None, ms=None):
        raise DeliveryWaiting() if ours.exists() else DeliveryUnknown()
    emit(DeliveryResent(endpoint=found.pk, delivery=delivery), area=found.area)


# --- sending -----------------------------------------------------------------------------------
@action
def claim_due(*, actor: Actor, most: int = BATCH) -> list[Claimed]:
    """Take deliveries that are due, for a while; no other sender gets them meanwhile."""
    now = clock.now()
    given = {"now": now, "lease": now + LEASE, "claim": secrets.token_hex(16), "most": most}
    return [
        Claimed(secret=queries.opened_secret(row.pop("secret_sealed")), **row)
        for row in rows("interchange", "claim_due", given)
    ]


@action
def withhold(*, actor: Actor, claimed: Claimed) -> None:
    """Keep back what the endpoint's owner may not see any more."""
    _settle(claimed, state=DeliveryState.WITHHELD, next_at=None)


@action
def record_result(*, actor: Actor, claimed: Claimed, result: Result) -> None:
    """Write down how a try went, and when the next one is due; nothing when it was taken away."""
    told: dict[str, Any] = {"status": result.status, "ms": result.ms, "fault": result.fault}
    if not result.fault:
        _settle(claimed, state=DeliveryState.SENT, next_at=None, sent_at=clock.now(), **told)
        return
    if result.fault == Fault.GONE:
        _pause(Endpoint.objects.get(pk=claimed.endpoint), PausedBy.GONE)
    if result.fault == Fault.GONE or claimed.tries > len(RETRIES):
        _settle(claimed, state=DeliveryState.DEAD, next_at=None, **told)
        return
    _settle(claimed, next_at=clock.now() + RETRIES[claimed.tries - 1], **told)


def _settle(claimed: Claimed, **changes: Any) -> None:
    """Change a delivery that is still this sender's: one whose lease ended is another's."""
    mine = Delivery.objects.filter(pk=claimed.id, claim=claimed.claim, state=DeliveryState.WAITING)
    mine.update(claim="", **changes)


@action
def forget_deliveries(*, actor: Actor) -> int:
    """Delete the log of deliveries past its term, waiting ones too; return how many."""
    before = clock.now() - timedelta(days=KEEP_DAYS)
    return Delivery.objects.filter(made_at__lt=before).delete()[0]
