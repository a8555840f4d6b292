"""One's own notices: the unread first, each with what it is about as far as one may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongzhi.kernel import paging
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.sql import row
from gongzhi.messages import rules
from gongzhi.messages.choices import MOST_COUNTED, SUBJECTS, Told
from gongzhi.messages.errors import NoticeUnknown
from gongzhi.messages.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its reader sees it; without `title` and `url` it is out of the reader's sight."""

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

    @property
    def is_read(self) -> bool:
        """Whether the reader has seen it."""
        return self.read_at is not None


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """Return the notices of *actor* alone: nobody reads another's, whatever the post."""
    if actor.kind != "person" or actor.account is None:
        return Notice.objects.none()
    return Notice.objects.filter(account=actor.account)


def is_past(moment: datetime) -> bool:
    """Whether what happened at *moment* is too long ago to be told to staff as news."""
    return rules.rules().is_past(moment)


def unread_count(actor: Actor) -> int:
    """Return how many notices the actor has not read, up to one more than is ever shown."""
    if actor.kind != "person" or actor.account is None:
        return 0
    found = row("messages", "unread", {"account": actor.account, "most": MOST_COUNTED + 1})
    return int((found or {"unread": 0})["unread"])


def list_notices(
    actor: Actor, *, unread: bool = False, cursor: str = "", size: int = 30
) -> paging.Page[NoticeRow]:
    """Return the actor's notices, newest first, all unread ones before those read.

    With *unread* only those. A cursor names the part of the list and the last row of it.
    """
    part, last = paging.decode_as(cursor, int, int) if cursor else (0, 0)
    found: list[Notice] = []
    for number, read in enumerate((False,) if unread else (False, True)):
        if number < part or len(found) > size:
            continue
        some = visible_to(actor).filter(read_at__isnull=not read).order_by("-id")
        if last and number == part:
            some = some.filter(id__lt=last)
        found += some[: size + 1 - len(found)]
    shown = found[:size]
    more = None
    if len(found) > size:
        more = paging.encode(int(shown[-1].read_at is not None), shown[-1].pk)
    return paging.Page(tuple(rows_of(actor, shown)), more)


def opened(actor: Actor, notice: int) -> NoticeRow:
    """Return one of the actor's notices; raise `NoticeUnknown` for any other's."""
    found = visible_to(actor).filter(pk=notice).first()
    if found is None:
        raise NoticeUnknown()
    return rows_of(actor, [found])[0]


def rows_of(actor: Actor, notices: Sequence[Notice]) -> list[NoticeRow]:
    """Return notices in words; one statement for each kind of subject among them."""
    told = _told(actor, notices)
    kinds = rules.rules().kinds
    return [
        NoticeRow(
            id=one.pk,
            at=one.created_at,
            read_at=one.read_at,
            kind=one.kind,
            kind_name=kinds[one.kind].name if one.kind in kinds else "",
            reference=one.reference,
            line=rules.line(one.template, {**one.values, "reference": one.reference}),
            text=rules.text(one.template, {**one.values, "reference": one.reference}),
            title=about.title,
            url=about.url,
        )
        for one in notices
        for about in (told.get((one.subject_kind, one.subject_id), _NOTHING),)
    ]


_NOTHING = Told("", "")


def _told(actor: Actor, notices: Iterable[Notice]) -> dict[tuple[str, int], Told]:
    wanted: dict[str, set[int]] = {}
    for one in notices:
        wanted.setdefault(one.subject_kind, set()).add(one.subject_id)
    return {
        (kind, subject): told
        for kind, ids in wanted.items()
        if kind in SUBJECTS
        for subject, told in SUBJECTS[kind].told(actor, ids).items()
    }
