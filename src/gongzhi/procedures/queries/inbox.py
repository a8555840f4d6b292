"""The one inbox: open items of an actor, sorted and grouped by what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from gongzhi.areas.queries import names as area_names
from gongzhi.kernel import clock, paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row, rows
from gongzhi.procedures.choices import SUBJECTS, Part
from gongzhi.procedures.queries.catalogue import definition_of
from gongzhi.procedures.queries.reach import owner_keys
from gongzhi.procedures.queries.reading import light_at, owner_labels

_MINE = [part.value for part in Part if part is not Part.ASSIST]


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One line of the inbox. `group` is late, today, week or later."""

    item: int
    part: str
    case: int
    reference: str
    title: str
    area: str
    area_name: str
    procedure: str
    procedure_name: str
    subject: str
    subject_id: int
    stage: str
    stage_name: str
    owner: str
    owner_label: str
    claimable: bool
    due_at: datetime | None
    opened_at: datetime
    light: str
    group: str
    revision: int


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How much lies in the inbox, by when it is due and in what part."""

    late: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    assisting: int = 0
    claimable: int = 0
    total: int = 0


def _edges() -> tuple[datetime, datetime, datetime]:
    """Return now, the coming midnight and the midnight after this week's Sunday (local)."""
    moment = clock.now()
    midnight = datetime.combine(clock.today(), time(), tzinfo=clock.LOCAL)
    tomorrow = midnight + timedelta(days=1)
    return moment, tomorrow, midnight + timedelta(days=7 - clock.today().weekday())


def inbox_counts(actor: Actor) -> InboxCounts:
    """Return the counts of the actor's inbox in one statement."""
    now, tomorrow, next_week = _edges()
    params = {
        "owners": owner_keys(actor),
        "account": actor.account,
        "now": now,
        "tomorrow": tomorrow,
        "next_week": next_week,
    }
    return InboxCounts(**(row("procedures", "inbox_counts", params) or {}))


def inbox(
    actor: Actor, *, tab: str = "mine", cursor: str = "", limit: int = 50
) -> paging.Page[InboxItem]:
    """Return a page of the actor's open items, the most urgent first.

    *tab* is `mine` (to handle), `assist` (to help with) or `pool` (to be claimed).
    """
    after = _after(cursor)
    seen = [one.key for one in SUBJECTS.values() if actor.has(one.see)]
    params = {
        "owners": owner_keys(actor),
        "account": actor.account,
        "subjects": None if actor.scopes is None else seen,
        "limit": limit + 1,
        "parts": [Part.ASSIST.value] if tab == "assist" else _MINE,
        "unclaimed": tab == "pool",
        "after_due": after[0],
        "after_id": after[1],
    }
    found = rows("procedures", "inbox", params)
    more = None
    if len(found) > limit:
        last = found[limit - 1]
        more = paging.encode(_iso(last["item_due"]), last["item"])
    return paging.Page(tuple(_lines(found[:limit])), more)


def _after(cursor: str) -> tuple[str, int]:
    """Return due time and item id after which the page begins; raise `InvalidInput`."""
    if not cursor:
        return "-infinity", 0
    due, item = paging.decode_as(cursor, str, int)
    return due if due == "infinity" else paging.moment(due).isoformat(), item


def _iso(due: datetime | None) -> str:
    return due.isoformat() if due else "infinity"


def _lines(found: list[dict[str, Any]]) -> list[InboxItem]:
    if not found:
        return []
    owned = {line["owner"] for line in found}
    standing = {owner.partition("@")[2] for owner in owned if "@" in owner}
    places = area_names({line["area"] for line in found} | standing)
    labels = owner_labels(owned, places)
    edges = _edges()
    return [_line(line, places, labels, edges) for line in found]


def _line(
    line: dict[str, Any],
    places: dict[str, str],
    labels: dict[str, str],
    edges: tuple[datetime, datetime, datetime],
) -> InboxItem:
    definition = definition_of(line["version_id"])
    stage = definition.stages.get(line["stage"])
    due = line["item_due"]
    copied = {
        name: line[name]
        for name in (
            "item",
            "part",
            "reference",
            "title",
            "area",
            "procedure",
            "subject",
            "subject_id",
            "stage",
            "owner",
            "opened_at",
            "revision",
        )
    }
    return InboxItem(
        case=line["id"],
        area_name=places.get(line["area"], line["area"]),
        procedure_name=definition.name,
        stage_name=stage.name if stage else line["stage"],
        owner_label=labels.get(line["owner"], ""),
        due_at=due,
        claimable=line["pool"] and line["claimed_by"] is None,
        light=light_at(edges[0], line["yellow_at"], line["red_at"], line["paused_at"]),
        group=_group(due, edges),
        **copied,
    )


def _group(due: datetime | None, edges: tuple[datetime, datetime, datetime]) -> str:
    now, tomorrow, next_week = edges
    if due is None or due >= next_week:
        return "later"
    if due < now:
        return "late"
    return "today" if due < tomorrow else "week"
