"""Reporting a matter: checked, put in its place, opened as a case, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection

from gongzhi.kernel import clock, codes, coordinates, crypto, sources
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.policy import require
from gongzhi.kernel.sql import row
from gongzhi.matters import pictures, policies
from gongzhi.matters.actions.checking import (
    NewMatter,
    check_report,
    place_of,
    refuse_unknown_category,
    title_of,
)
from gongzhi.matters.actions.notifying import LeftMail, keep_mail
from gongzhi.matters.actions.photos import keep_photos
from gongzhi.matters.choices import PROCEDURE, SUBJECT, Origin
from gongzhi.matters.facts import MatterReported
from gongzhi.matters.models import Matter, Reporter
from gongzhi.matters.queries.categories import category_book
from gongzhi.matters.queries.detail import NAME_PURPOSE, PHONE_PURPOSE, TAIL, tail_index
from gongzhi.matters.queries.public import fresh_secret, secret_for, secret_hash
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import Opened, Opening, open_case
from gongzhi.procedures.errors import NoHolder

__all__ = ["NewMatter", "Reported", "report_matter"]


@dataclass(frozen=True, slots=True)
class Reported:
    """The answer to a report. The secret is told here and never again.

    `again` says that this submission had come before and nothing was written now.
    """

    reference: str
    secret: str
    case: int
    matter: int
    area: str
    stage: str
    revision: int
    again: bool = False


@action
def report_matter(*, actor: Actor, report: NewMatter) -> Reported:
    """Take in a matter and open its case.

    A point decides the grid; without one the chosen area; with neither the district takes it in.
    Raises `MatterInvalid` with every field's problem, `PlaceUnknown`, `CategoryUnknown`,
    `PhotoRefused`, `NotAllowed`, `ProcedureUnknown`, and what the source of a draft raises.
    """
    report = check_report(report)
    require(policies.can_report(actor, report.channel))
    if report.submit_key:
        _alone(report.submit_key)
        if before := _same_submission(report.submit_key):
            return before
    if report.source:
        sources.take(actor, report.source)
    photos = [pictures.read_picture(raw, field="photos") for raw in report.photos]
    area, located = place_of(report)
    prepared = row("matters", "prepare") or {}
    refuse_unknown_category(report.category, prepared["category_table"])
    secret = secret_for(report.submit_key) if report.submit_key else fresh_secret()
    title = report.title or title_of(report.words)
    opening = Opening(PROCEDURE, area, SUBJECT, prepared["matter"], title)
    opened = _open(_dated(opening, report.category, prepared["category_table"]), actor)
    matter = _matter(actor, report, prepared)
    matter.case_id, matter.title, matter.secret_hash = opened.id, title, secret_hash(secret)
    Matter.objects.bulk_create([matter])
    _keep_reporter(matter, report)
    if photos:
        keep_photos(matter, photos, origin=Origin.REPORTER, stage="", by=actor.account)
    if report.email:
        mail = LeftMail(report.email, opened.id, opened.reference, area, secret)
        keep_mail(actor=actor, mail=mail)
    fact = MatterReported(
        matter=matter.pk,
        category=report.category,
        channel=report.channel,
        anonymous=report.anonymous,
        located=located,
        photos=len(photos),
        source=report.source,
    )
    emit(fact, area=area, case=opened.id)
    return Reported(
        opened.reference, secret, opened.id, matter.pk, area, opened.stage, opened.revision
    )


def _matter(actor: Actor, report: NewMatter, prepared: dict[str, int]) -> Matter:
    lon, lat = report.lon, report.lat
    if lon is not None and lat is not None:
        lon, lat = coordinates.to_wgs84(lon, lat, report.system)
    return Matter(
        pk=prepared["matter"],
        category=report.category,
        channel=report.channel,
        category_table=prepared["category_table"] or None,
        anonymous=report.anonymous,
        lon=lon,
        lat=lat,
        words=report.words,
        place_text=report.place_text,
        reported_at=clock.now(),
        reported_by=actor.account,
        submit_hash=secret_hash(report.submit_key) if report.submit_key else None,
    )


def _alone(key: str) -> None:
    """Let one report of this key go on at a time: a second one waits, then finds the first."""
    number = int.from_bytes(secret_hash(key)[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _same_submission(key: str) -> Reported | None:
    found = Matter.objects.filter(submit_hash=secret_hash(key)).select_related("case").first()
    if found is None:
        return None
    case = found.case
    return Reported(
        case.reference,
        secret_for(key),
        case.pk,
        found.pk,
        case.area,
        case.stage,
        case.revision,
        again=True,
    )


# --- the first stage ---------------------------------------------------------------------------
def _open(opening: Opening, actor: Actor) -> Opened:
    """Open the case at the stage that carries its place; where nobody holds it, at the start."""
    for move in _first_moves(opening.area):
        try:
            return open_case(actor=actor, opening=replace(opening, first_move=move))
        except NoHolder:
            # Raised before anything is written: whoever holds the level above is tried next.
            continue
    return open_case(actor=actor, opening=opening)


def _dated(opening: Opening, category: str, table: int) -> Opening:
    """Give a matter's case the time of its category, if it has one, by the table in force."""
    due, basis = category_book(table).due_of(category)
    return replace(opening, due=due, due_basis=basis)


def _first_moves(area: str) -> list[str]:
    """Return the system's moves from the start to stages owned at or above *area*'s level.

    Deepest first; none above the community, and none that asks for an answer: such a move is
    a person's.
    """
    definition = procedures.definition_of(procedures.current_version(PROCEDURE, area))
    depth = {level: length for level, length in codes.LENGTHS.items() if length <= len(area)}
    found: list[tuple[int, str]] = []
    for move in definition.moves_from(definition.start):
        stage = definition.stages.get(move.target)
        level = stage.owner.level if stage and stage.owner else None
        if level in depth and depth[level] >= codes.LENGTHS["community"] and not move.form:
            found.append((depth[level], move.key))
    return [key for _depth, key in sorted(found, reverse=True)]


def _keep_reporter(matter: Matter, report: NewMatter) -> None:
    name, phone = report.name, report.phone
    if not name and not phone:
        return
    Reporter.objects.bulk_create(
        [
            Reporter(
                matter=matter,
                stored_at=clock.now(),
                name_sealed=crypto.seal(name, NAME_PURPOSE) if name else None,
                phone_sealed=crypto.seal(phone, PHONE_PURPOSE) if phone else None,
                phone_index=crypto.blind_index(phone, PHONE_PURPOSE) if phone else None,
                tail_index=tail_index(matter.pk, phone[-TAIL:]) if phone else None,
            )
        ]
    )
