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
from gongzhi.matters.models import CoReporter, Matter, Reporter, Voice
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.queries.detail import normal_reference, tail_index
from gongzhi.matters.queries.photos import PhotoInfo, photos_for_reporter
from gongzhi.matters.queries.similar import reporter_counts
from gongzhi.procedures import queries as procedures

RECENT_DAYS = 90
_MOST_SECRET = 100
ANSWERED = ("solved", "partly", "explained")  # kinds of outcome whose worth can be judged
_OPENED = "procedures.case_opened"
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

    `may_rate` says whether the verdict is asked for now. `following` is a further reporter, who
    is shown no words of the first; `merged` says that another's case goes on for this matter;
    `parts` are the matters split off this one, which the same secret opens; `asked` is what
    waits for the reporter's answer.
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
    reporters: int = 1
    following: bool = False
    merged: bool = False
    parts: tuple[PublicPart, ...] = ()
    asked: tuple[procedures.AskedReporter, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicPart:
    """A matter that was split off, as its reporter reads it."""

    reference: str
    title: str
    status: str
    stage: str
    outcome_kind: str


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
        matters = Matter.objects.filter(case__reference=wanted)
        found = matters.select_related("case", "main__case").first()
    except MatterUnknown:
        pass
    given = secret_hash(secret if 0 < len(secret) <= _MOST_SECRET else "")
    kept = bytes(found.secret_hash) if found else b""
    if not hmac.compare_digest(given, kept) or found is None:
        raise SecretWrong(field="secret", mend=_("请从回执或短信里重新打开链接"))
    return found


@dataclass(frozen=True, slots=True)
class Link:
    """What a secret link opens: the matter, as its reporter or as one who follows it."""

    matter: Matter
    reporter: CoReporter | None = None

    @property
    def main(self) -> Matter:
        """The matter whose case goes on: this one, or the one it repeats."""
        return self.matter.main or self.matter


def link_of(reference: str, secret: str) -> Link:
    """Return what this link opens; raise `SecretWrong`."""
    try:
        return Link(matter_with_secret(reference, secret))
    except SecretWrong:
        followers = CoReporter.objects.filter(secret_hash=secret_hash(secret[:_MOST_SECRET]))
        found = followers.select_related("matter__case", "matter__main__case").first()
        if found is None or not _names(reference, found.matter):
            raise
        return Link(found.matter, found)


def _names(reference: str, matter: Matter) -> bool:
    try:
        wanted = normal_reference(reference)
    except MatterUnknown:
        return False
    main = matter.main or matter
    return wanted in (matter.case.reference, main.case.reference)


def public_status(reference: str) -> PublicStatus:
    """Return what the code alone may tell, of a duplicate that of its main; `MatterUnknown`."""
    wanted = normal_reference(reference)
    found = procedures.matching(SYSTEM, reference=wanted, subject=SUBJECT).first()
    if found is None:
        raise MatterUnknown(field="reference")
    if found.outcome_kind == "cancelled":
        matter = Matter.objects.filter(case=found).select_related("main__case").first()
        found = matter.main.case if matter and matter.main else found
    return replace(_status(procedures.state_of(found)), reference=wanted)


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
    link = link_of(reference, secret)
    matter, following = link.matter, link.reporter is not None
    state = procedures.state_of(link.main.case)
    voice = _voice(link)
    own = link.main if following else matter
    kind = category_book().name(own.category) if own.category else ""
    said = voice or matter
    shown = link.main.case.reference if following else matter.case.reference
    return PublicView(
        status=replace(_status(state), reference=shown, reported_at=_since(link)),
        case=state.id,
        title=_title(link, kind) if following else matter.title,
        words="" if following else matter.words,
        category=kind,
        place=path_name(state.area[:_COARSE] if following else state.area),
        place_text="" if following else matter.place_text,
        area=state.area[:_COARSE] if following else state.area,
        photos=() if following else tuple(photos_for_reporter(matter.pk)),
        timeline=_timeline(link, state),
        may_rate=_may_rate(link, state, voice),
        solved="" if following and voice is None else said.solved,
        satisfaction="" if following and voice is None else said.satisfaction,
        reporters=reporter_counts([link.main.pk])[link.main.pk],
        following=following,
        merged=matter.main is not None and not following,
        parts=_parts(matter, following=following),
        asked=() if following or matter.main else tuple(procedures.asked_of_reporter(state.id)),
    )


def _voice(link: Link) -> Voice | None:
    """Return what this one of several reporters said; the main's verdict is the matter's own."""
    if link.reporter is not None:
        return Voice.objects.filter(reporter=link.reporter).first()
    return Voice.objects.filter(duplicate=link.matter).first() if link.matter.main else None


def _since(link: Link) -> datetime:
    return link.reporter.joined_at if link.reporter else link.matter.reported_at


def _title(link: Link, kind: str) -> str:
    """Return what a follower's matter is called: another's words are not shown."""
    place = path_name(link.main.case.area[:_COARSE]).split(" › ")[-1]
    return " · ".join(word for word in (place, kind or _("居民反映的事")) if word)


def _timeline(link: Link, state: procedures.CaseState) -> tuple[procedures.TimelineEntry, ...]:
    """Return the public steps of the case that goes on, after the own report."""
    told = tuple(procedures.public_timeline(state))
    if link.matter.main is None or link.reporter is not None:
        return told
    own = procedures.public_timeline(procedures.state_of(link.matter.case))
    opened = [one for one in own if one.kind == _OPENED]
    return (*opened, *(one for one in told if one.kind != _OPENED))


def _may_rate(link: Link, state: procedures.CaseState, voice: Voice | None) -> bool:
    """Whether a verdict is asked: at its time; of one of several once, also after the end."""
    several = link.reporter is not None or link.matter.main is not None
    if several and voice is not None:
        return False
    if not state.is_open:
        return several and state.outcome_kind in ANSWERED
    return any(move.allowed for move in procedures.next_moves(REPORTER, state))


def _parts(matter: Matter, *, following: bool) -> tuple[PublicPart, ...]:
    """Return the parts of a matter to its own reporter."""
    if following:
        return ()
    found = []
    for part in matter.parts.select_related("case").order_by("pk"):
        status = _status(procedures.state_of(part.case))
        told = (status.reference, part.title, status.status, status.stage, status.outcome_kind)
        found.append(PublicPart(*told))
    return tuple(found)


def public_progress(reference: str, digits: str) -> PublicProgress:
    """Return status and steps of a matter to whoever knows the last digits of its reporter's phone.

    Four digits prove too little for words, photos and the verdict: those stay behind the link.
    Raises `DigitsWrong`, the same for an unknown reference, wrong digits, and no phone at all.
    """
    found = None
    try:
        wanted = normal_reference(reference)
        reporters = Reporter.objects.filter(matter__case__reference=wanted)
        found = reporters.select_related("matter__case", "matter__main__case").first()
    except MatterUnknown:
        pass
    given = tail_index(found.matter_id if found else 0, digits)
    kept = bytes(found.tail_index or b"") if found else b""
    if not hmac.compare_digest(given, kept) or found is None:
        raise DigitsWrong(mend=_("请核对编号和电话；反映时没有留电话的，只能用送出时的链接查看"))
    link = Link(found.matter)
    state = procedures.state_of(link.main.case)
    steps = tuple(replace(one, said=()) for one in _timeline(link, state))
    return PublicProgress(replace(_status(state), reference=wanted), steps)


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
