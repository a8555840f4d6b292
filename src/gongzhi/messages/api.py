"""REST operations of notices: one's own, and their receipts.

Annotations stay real objects here: the API reads them through the access guard.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from gongzhi.kernel import paging
from gongzhi.kernel.access import access, actor_of
from gongzhi.messages import actions, queries

router = Router(tags=["notices"])
Number = Annotated[int, Field(ge=0, le=2**63 - 1)]


class NoticeAnswer(Schema):
    """One notice; `url` is the page of what it is about, empty when it is out of sight."""

    id: int
    at: datetime
    read_at: datetime | None
    kind: str
    kind_name: str
    reference: str
    line: str
    text: str
    title: str
    url: str


class Notices(Schema):
    """A page of notices, the unread first."""

    items: list[NoticeAnswer]
    next: str | None


class Read(Schema):
    """The receipt."""

    id: int
    read_at: datetime


@router.get("/notices", response=Notices, summary="One's own notices")
@access(face="account")
def list_notices(
    request: HttpRequest, unread: bool = False, cursor: str = "", limit: int | None = None
) -> Any:
    """List the caller's notices, the unread first, newest first in each part."""
    size = paging.limit(limit, default=30)
    found = queries.list_notices(actor_of(request), unread=unread, cursor=cursor, size=size)
    return {"items": [asdict(row) for row in found.items], "next": found.next}


@router.post("/notices/{item}/read", response=Read, summary="Mark a notice as read")
@access(face="account")
def read_notice(request: HttpRequest, item: Number) -> Any:
    """Mark one of the caller's notices as read; the first receipt stays."""
    actor = actor_of(request)
    actions.mark_read(actor=actor, notice=item)
    found = queries.opened(actor, item)
    return {"id": found.id, "read_at": found.read_at}
