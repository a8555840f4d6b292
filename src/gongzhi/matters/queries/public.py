"""Matters as residents read them: by code alone, by the secret link, and the latest in short."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gongzhi.areas.queries import path_name, path_names
from gongzhi.kernel import clock, crypto
from gongzhi.kernel.actor import REPORTER, SYSTEM
from gongzhi.matters.choices import SUBJECT
from gongzhi.matters.errors import DigitsWrong, MatterUnknown, SecretWrong
from gongzhi.matters.models import Matter, Reporter
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.queries.detail import normal_reference, tail_index
from gongzhi.matters.queries.photos import PhotoInfo, photos_of
from gongzhi.procedures import queries as procedures

RECENT_DAYS = 90
_MOST_SECRET = 100
_COARSE = 12  # digits of a code on public lists: the community, never the grid


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What the code alone tells: where the matter stands, by when, and whose turn it is."""

    reference: str
    stage: str
    status: str
    outcome: str
    outcome_kind: str
    owner: str
    due_at: datetime | None
    reported_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicView:
    """The reporter's own view: status, what was reported, what was said in public, the verdict.

    `may_rate` says whether the verdict is asked for now.
    """

    status: PublicStatus
    case: int
    title: str
    words: str
    category: str
    place: str
    place_text: str
    area: str
    photos: tuple[PhotoInfo, ...]
    timeline: tuple[procedures.TimelineEntry, ...]
    may_rate: bool
    solved: str
    satisfaction: str


@dataclass(frozen=True, slots=True)
class PublicProgress:
    """What the code and the phone's last digits tell together: status and steps, never words."""

    status: PublicStatus
    timeline: tuple[procedures.TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One matter on the public page: category and community only, never words or persons."""

    title: str
    stage: str
    outcome_kind: str
    at: datetime


def fresh_secret() -> str:
    """Return a new secret of 256 bits for a link."""
    return secrets.token_urlsafe(32)


def secret_for(submit_key: str) -> str:
    """Return the secret that belongs to a submission: pressing twice gives the same link."""
    raw = crypto.blind_index(submit_key, "matters.secret")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a link's secret: it is random enough to need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def matter_with_secret(reference: str, secret: str) -> Matter:
    """Return the matter whose link this is; raise `SecretWrong`, also for an unknown reference."""
    found = None
    try:
        wanted = normal_reference(reference)
        found = Matter.objects.filter(case__reference=wanted).select_related("case").first()
    except MatterUnknown:
        pass
    given = secret_hash(secret if 0 < len(secret) <= _MOST_SECRET else "")
    kept = bytes(found.secret_hash) if found else b""
    if not hmac.compare_digest(given, kept) or found is None:
        raise SecretWrong(field="secret", mend=_("请从回执或短信里重新打开链接"))
    return found


def public_status(reference: str) -> PublicStatus:
    """Return what the code alone may tell; raise `MatterUnknown`."""
    wanted = normal_reference(reference)
    found = procedures.matching(SYSTEM, reference=wanted, subject=SUBJECT).first()
    if found is None:
        raise MatterUnknown(field="reference")
    return _status(procedures.state_of(found))


def _status(state: procedures.CaseState) -> PublicStatus:
    shows = procedures.definition_for(state).public
    stage = state.public_stage or state.outcome_name
    return PublicStatus(
        reference=state.reference,
        stage=stage,
        status=state.status,
        outcome=stage if not state.is_open else "",
        outcome_kind=state.outcome_kind,
        owner=state.owner_label if "owner" in shows else "",
        due_at=state.due_at if "due" in shows else None,
        reported_at=state.opened_at,
        closed_at=state.closed_at,
    )


def public_view(reference: str, secret: str) -> PublicView:
    """Return the reporter's view of the matter behind a secret link; raise `SecretWrong`."""
    matter = matter_with_secret(reference, secret)
    state = procedures.state_of(matter.case)
    moves = procedures.next_moves(REPORTER, state)
    return PublicView(
        status=_status(state),
        case=state.id,
        title=matter.title,
        words=matter.words,
        category=category_book().name(matter.category) if matter.category else "",
        place=path_name(state.area),
        place_text=matter.place_text,
        area=state.area,
        photos=tuple(photos_of(matter.pk)),
        timeline=tuple(procedures.public_timeline(state)),
        may_rate=any(move.allowed for move in moves),
        solved=matter.solved,
        satisfaction=matter.satisfaction,
    )


def public_progress(reference: str, digits: str) -> PublicProgress:
    """Return status and steps of a matter to whoever knows the last digits of its reporter's phone.

    Four digits prove too little for words, photos and the verdict: those stay behind the link.
    Raises `DigitsWrong`, the same for an unknown reference, wrong digits, and no phone at all.
    """
    found = None
    try:
        wanted = normal_reference(reference)
        reporters = Reporter.objects.filter(matter__case__reference=wanted)
        found = reporters.select_related("matter__case").first()
    except MatterUnknown:
        pass
    given = tail_index(found.matter_id if found else 0, digits)
    kept = bytes(found.tail_index or b"") if found else b""
    if not hmac.compare_digest(given, kept) or found is None:
        raise DigitsWrong(mend=_("请核对编号和电话；反映时没有留电话的，只能用送出时的链接查看"))
    state = procedures.state_of(found.matter.case)
    steps = tuple(replace(one, said=()) for one in procedures.public_timeline(state))
    return PublicProgress(_status(state), steps)


def recent_public(limit: int = 10) -> list[PublicRow]:
    """Return the newest matters of the last 90 days, told by category and community only."""
    since = clock.now() - timedelta(days=RECENT_DAYS)
    found = procedures.matching(SYSTEM, subject=SUBJECT, opened_at__gte=since)
    rows = list(
        found.exclude(outcome_kind__in=("declined", "excluded", "cancelled"))
        .exclude(matter__category="")
        .order_by("-id")
        .values(
            "version_id",
            "area",
            "stage",
            "outcome",
            "outcome_kind",
            "opened_at",
            "matter__category",
        )[:limit]
    )
    places = path_names({row["area"][:_COARSE] for row in rows}) if rows else {}
    book = category_book()
    found_rows = []
    for row in rows:
        definition = procedures.definition_of(row["version_id"])
        outcome = definition.outcomes.get(row["outcome"])
        stage = outcome or definition.stages.get(row["stage"])
        place = places.get(row["area"][:_COARSE], "").split(" › ")
        found_rows.append(
            PublicRow(
                title=f"{' · '.join(place[-2:])} · {book.name(row['matter__category'])}",
                stage=stage.public_name if stage else "",
                outcome_kind=row["outcome_kind"],
                at=row["opened_at"],
            )
        )
    return found_rows
