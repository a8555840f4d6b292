"""The log as the auditor reads it: facts with the names of people and places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.areas import queries as areas
from gongzhi.facts import queries as facts
from gongzhi.kernel import paging
from gongzhi.kernel.actor import Actor
from gongzhi.people import queries as people


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One fact in words."""

    id: int
    at: datetime
    kind: str
    who: str
    account: int | None
    place: str
    case: int | None
    request_id: str
    data: dict[str, Any]


def audit_page(
    actor: Actor, *, kind: str = "", person: str = "", cursor: str = ""
) -> paging.Page[AuditRow]:
    """Return the newest facts that *actor* may audit; names in two statements for any number."""
    account = None
    if person.strip():
        found = people.pick_account(actor, person.strip())
        account = found[0][0] if len(found) == 1 else -1
    page = facts.audit(actor, kind=kind, person=account, cursor=cursor)
    who = people.display_names(fact.actor for fact in page.items if fact.actor)
    places = areas.names(sorted({fact.area for fact in page.items if fact.area}))
    rows = tuple(
        AuditRow(
            fact.id,
            fact.at,
            fact.kind,
            who.get(fact.actor or 0, fact.actor_kind),
            fact.actor,
            places.get(fact.area, fact.area),
            fact.case,
            fact.request_id,
            fact.data,
        )
        for fact in page.items
    )
    return paging.Page(rows, page.next)
