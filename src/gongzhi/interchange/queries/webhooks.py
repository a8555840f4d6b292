"""Endpoints and deliveries as administrators see them, and what an endpoint may be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from gongzhi.interchange.choices import EVENTS, MANAGE, DeliveryState, Fault, PausedBy
from gongzhi.interchange.errors import EndpointInvalid, EndpointUnknown
from gongzhi.interchange.models import Delivery, Endpoint
from gongzhi.kernel import crypto, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import prefix_range
from gongzhi.kernel.held import Held
from gongzhi.matters.choices import SEE, SUBJECT
from gongzhi.organisations.queries import actor_for
from gongzhi.people import queries as people
from gongzhi.procedures import queries as procedures

SECRET_PURPOSE = "interchange.webhook_secret"  # noqa: S105  # the name of a purpose


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint as lists and its own page show it; the secret is never among it."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    owner: str
    area: str
    added_at: datetime
    paused: str
    waiting: int = 0
    dead: int = 0

    @property
    def event_labels(self) -> list[str]:
        """What the subscribed events are called."""
        return [str(EVENTS[name].label) for name in self.events if name in EVENTS]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One line of the log."""

    id: int
    event: str
    type: str
    state: str
    tries: int
    status: int | None
    ms: int | None
    fault: str
    made_at: datetime
    next_at: datetime | None
    sent_at: datetime | None

    @property
    def label(self) -> str:
        """What people call this type of event."""
        return str(EVENTS[self.type].label) if self.type in EVENTS else _("测试")

    @property
    def tone(self) -> str:
        """The state under which the shared tag shows it."""
        tones = {"waiting": "waiting", "sent": "solved", "dead": "late"}
        return tones.get(self.state, "cancelled")

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(DeliveryState(self.state).label)

    @property
    def fault_label(self) -> str:
        """What went wrong at the last try, in words."""
        return str(Fault(self.fault).label) if self.fault else ""

    @property
    def may_resend(self) -> bool:
        """Whether a person may have it sent once more."""
        return self.state != DeliveryState.WAITING


@dataclass(frozen=True, slots=True)
class Live:
    """What a new fact needs to know of an endpoint."""

    id: int
    owner: int
    events: frozenset[str]


def visible_to(actor: Actor) -> QuerySet[Endpoint]:
    """Return the endpoints within the areas that *actor* administers."""
    found = Endpoint.objects.filter(removed_at=None)
    if actor.is_system:
        return found
    reach = Q(pk__in=())
    for prefix in actor.areas_for(MANAGE):
        low, high = prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high)
    return found.filter(reach)


def list_endpoints(actor: Actor) -> list[EndpointRow]:
    """Return the endpoints, newest first, with how much waits and failed, in two statements."""
    return _rows(visible_to(actor).order_by("-id"))


def get_endpoint(actor: Actor, endpoint: int) -> EndpointRow:
    """Return one endpoint; raise `EndpointUnknown`."""
    found = _rows(visible_to(actor).filter(pk=endpoint))
    if not found:
        raise EndpointUnknown()
    return found[0]


def _rows(found: QuerySet[Endpoint]) -> list[EndpointRow]:
    counted = found.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
    )
    rows = list(counted)
    owners = people.display_names({row.owner for row in rows}) if rows else {}
    return [
        EndpointRow(
            id=row.pk,
            name=row.name,
            url=row.url,
            events=tuple(row.events),
            owner=owners.get(row.owner, ""),
            area=row.area,
            added_at=row.added_at,
            paused=str(PausedBy(row.paused_by).label) if row.paused_by else "",
            waiting=row.waiting,
            dead=row.dead,
        )
        for row in rows
    ]


_LOGGED = (
    "id",
    "event",
    "type",
    "state",
    "tries",
    "status",
    "ms",
    "fault",
    "made_at",
    "next_at",
    "sent_at",
)


def list_deliveries(
    actor: Actor, endpoint: int, *, cursor: str = "", limit: int | None = None
) -> paging.Page[DeliveryRow]:
    """Return a page of an endpoint's log, newest first; raise `EndpointUnknown`."""
    size = paging.limit(limit)
    if not visible_to(actor).filter(pk=endpoint).exists():
        raise EndpointUnknown()
    found = Delivery.objects.filter(endpoint_id=endpoint).order_by("-id")
    if cursor:
        found = found.filter(id__lt=paging.decode_as(cursor, int)[0])
    rows = [DeliveryRow(**row) for row in found.values(*_LOGGED)[: size + 1]]
    more = paging.encode(rows[size - 1].id) if len(rows) > size else None
    return paging.Page(tuple(rows[:size]), more)


def _read_live(_all: list[str]) -> dict[str, list[Live]]:
    found = Endpoint.objects.filter(removed_at=None).order_by("id")
    rows = found.values_list("id", "owner", "events")
    return {_ALL: [Live(id_, owner, frozenset(events)) for id_, owner, events in rows]}


_ALL = "all"
_live = Held(_read_live, changed_by=("interchange.",), seconds=2)


def live_endpoints(event: str) -> list[Live]:
    """Return who wants events of this type, as of a moment ago; paused ones get them later."""
    return [one for one in _live.one(_ALL) or () if event in one.events]


def may_know(owner: int, cases: Iterable[int]) -> set[int]:
    """Return which of these cases the account may see now, by the posts it holds now.

    The posts alone count, as through a token: what somebody holds in person is not for a program.
    """
    actor = actor_for(owner, frozenset({SEE}))
    found = procedures.matching(actor, subject=SUBJECT, pk__in=list(cases))
    return set(found.values_list("pk", flat=True))


def owner_named(actor: Actor, words: str) -> int:
    """Return the one account meant by a name that *actor* may see; raise `EndpointInvalid`."""
    found = people.pick_account(actor, words)
    if len(found) != 1:
        message = _("没有找到这个人") if not found else _("同名的不止一位")
        raise EndpointInvalid(message, field="owner", mend=_("请填写用户名"))
    people.get_person(actor, found[0][0])
    return found[0][0]


def opened_secret(sealed: crypto.Sealed) -> str:
    """Return the secret with which deliveries to an endpoint are signed."""
    return crypto.open_sealed(sealed, SECRET_PURPOSE)
