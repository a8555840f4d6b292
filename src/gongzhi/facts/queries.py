"""Reading the log: a case's timeline, the auditor's list, what a handler has yet to see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from gongzhi.facts.models import DeadLetter, FactRecord, Reader
from gongzhi.kernel import paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.codes import prefix_range
from gongzhi.kernel.sql import row, rows


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row of the log, as handlers and timelines read it."""

    id: int
    at: datetime
    kind: str
    area: str
    case: int | None
    actor_kind: str
    actor: int | None
    post: int | None
    request_id: str
    action: str
    data: dict[str, Any]
    xid: str = ""


def _fact(found: dict[str, Any]) -> FactRow:
    return FactRow(
        id=found["id"],
        at=found["at"],
        kind=found["kind"],
        area=found["area"],
        case=found["case_id"],
        actor_kind=found["actor_kind"],
        actor=found["actor_id"],
        post=found["post_id"],
        request_id=found["request_id"],
        action=found["action"],
        data=_decoded(found["data"]),
        xid=found.get("xid", ""),
    )


def _decoded(data: Any) -> dict[str, Any]:
    """Return jsonb as a dict, whether the driver decoded it or left it as text."""
    if isinstance(data, dict):
        return data
    import orjson

    return dict(orjson.loads(data))


def timeline(case: int, *, limit: int = 500) -> list[FactRow]:
    """Return the facts of one case, oldest first. The caller has checked who may see it."""
    return [_fact(found) for found in rows("facts", "timeline", {"case_id": case, "limit": limit})]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log, in the order readers follow: transaction first, then fact."""

    xid: str = "0"
    fact: int = 0


def settled() -> Place:
    """Return the place up to which the log is settled: nothing can come in before it any more."""
    found = row("facts", "settled", {})
    return Place(**found) if found else Place()


def unread(after: Place, end: Place, *, kinds: Iterable[str], limit: int) -> list[FactRow]:
    """Return facts of these kinds after one place, up to another, in the order readers follow."""
    params = {
        "xid": after.xid,
        "fact": after.fact,
        "end_xid": end.xid,
        "end_fact": end.fact,
        "kinds": sorted(kinds),
        "limit": limit,
    }
    return [_fact(found) for found in rows("facts", "follow", params)]


def visible_to(actor: Actor) -> QuerySet[FactRecord]:
    """Return the part of the log that *actor* may audit: `facts.audit` within its areas."""
    if actor.is_system:
        return FactRecord.objects.all()
    reach = Q(pk__in=())
    for prefix in actor.areas_for("facts.audit"):
        low, high = prefix_range(prefix)
        reach |= Q(area__gte=low, area__lt=high)
    return FactRecord.objects.filter(reach)


def audit(
    actor: Actor, *, kind: str = "", person: int | None = None, cursor: str = "", size: int = 50
) -> paging.Page[FactRow]:
    """Return the newest facts that *actor* may audit, optionally of one kind or one person."""
    found = visible_to(actor).order_by("-id")
    if kind:
        found = found.filter(kind=kind)
    if person is not None:
        found = found.filter(actor_id=person)
    if cursor:
        found = found.filter(id__lt=paging.decode_as(cursor, int)[0])
    items = [_fact(dict(item)) for item in found.values()[: size + 1]]
    more = paging.encode(items[size - 1].id) if len(items) > size else None
    return paging.Page(tuple(items[:size]), more)


@dataclass(frozen=True, slots=True)
class ReaderState:
    """Where a handler stands: facts settled but not yet read, failed tries, letters given up."""

    name: str
    behind: int
    tries: int
    dead: int


def readers() -> list[ReaderState]:
    """Return every handler's place in the log, for the operator's page and `gongzhi verify`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.name, (SELECT count(*) FROM fact f"
            " WHERE (f.xid, f.id) > (r.xid::xid8, r.fact)"
            " AND f.xid < pg_snapshot_xmin(pg_current_snapshot())), r.tries,"
            " (SELECT count(*) FROM fact_dead_letter d WHERE d.reader = r.name"
            " AND d.settled_at IS NULL) FROM fact_reader r ORDER BY r.name"
        )
        return [ReaderState(*found) for found in cursor.fetchall()]


def dead_letters() -> QuerySet[DeadLetter]:
    """Return letters that a person has still to settle, oldest first."""
    return DeadLetter.objects.filter(settled_at=None).order_by("id")


def place_of(reader: str) -> tuple[str, int] | None:
    """Return how far a handler has read: transaction and fact; None before it has begun."""
    return Reader.objects.filter(name=reader).values_list("xid", "fact").first()


def places() -> dict[str, Place]:
    """Return how far each handler that has a place in the log has read."""
    found = Reader.objects.values_list("name", "xid", "fact")
    return {name: Place(xid, fact) for name, xid, fact in found}
