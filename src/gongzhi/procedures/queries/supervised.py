"""Cases under 督办, as those who may see them read the list: what is due first comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongzhi.kernel import paging
from gongzhi.kernel.actor import Actor
from gongzhi.procedures.choices import Trigger
from gongzhi.procedures.models import Supervision
from gongzhi.procedures.queries.reach import visible_cases
from gongzhi.procedures.queries.reading import as_state, holdings_of


@dataclass(frozen=True, slots=True)
class SupervisedRow:
    """One line: the case, what it is supervised for, by when and whether it was answered."""

    reference: str
    title: str
    stage: str
    owner: str
    trigger: str
    opened_at: datetime
    due_at: datetime | None
    replied_at: datetime | None


def supervised(actor: Actor, *, cursor: str = "", size: int = 50) -> paging.Page[SupervisedRow]:
    """Return a page of the open supervisions of cases that *actor* may see."""
    found = Supervision.objects.filter(closed_at=None, case__in=visible_cases(actor))
    if cursor:
        opened, last = paging.decode_as(cursor, str, int)
        at = paging.moment(opened)
        found = found.filter(Q(opened_at__gt=at) | Q(opened_at=at, id__gt=last))
    rows = list(found.select_related("case").order_by("opened_at", "id")[: size + 1])
    held = holdings_of([row.case_id for row in rows]) if rows else {}
    items = []
    for row in rows[:size]:
        state = as_state(row.case, held.get(row.case_id, ()))
        items.append(
            SupervisedRow(
                reference=state.reference,
                title=state.title,
                stage=state.stage_name,
                owner=state.owner_label,
                trigger=str(Trigger(row.trigger).label),
                opened_at=row.opened_at,
                due_at=row.due_at,
                replied_at=row.replied_at,
            )
        )
    last_row = rows[size - 1] if len(rows) > size else None
    more = paging.encode(last_row.opened_at.isoformat(), last_row.pk) if last_row else None
    return paging.Page(tuple(items), more)
