"""Requests as anybody may read them: state, kind and community, never words, persons or points.

What a client sent itself it may read again with its key: words, place and point.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from gongzhi.areas.queries import path_names
from gongzhi.interchange.open311.reading import Wanted
from gongzhi.kernel import clock, references
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.held import Held
from gongzhi.matters.choices import SUBJECT
from gongzhi.matters.errors import MatterUnknown
from gongzhi.matters.queries import CategoryBook, category_book
from gongzhi.matters.queries.public import secret_hash
from gongzhi.procedures import queries as procedures

_COMMUNITY = 12  # digits of a code: no place is told more exactly
_COLUMNS = (
    "id",
    "reference",
    "version_id",
    "area",
    "stage",
    "status",
    "outcome",
    "opened_at",
    "entered_at",
    "closed_at",
    "due_at",
    "matter__category",
    "matter__reported_by",
    "matter__words",
    "matter__place_text",
    "matter__lon",
    "matter__lat",
)


def find(actor: Actor, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the newest requests that are asked for, at most a thousand, in few statements."""
    if wanted.references:
        found = _public().filter(reference__in=_written(wanted.references))
    else:
        found = _public().filter(opened_at__gte=wanted.first, opened_at__lte=wanted.last)
        if wanted.codes:
            book = category_book()
            below = {code for one in wanted.codes for code in book.below(one)}
            found = found.filter(matter__category__in=below)
        if wanted.statuses:
            found = found.filter(status__in=wanted.statuses)
    return _told(actor, list(found.order_by("-id").values(*_COLUMNS)[: wanted.most]))


def one(actor: Actor, reference: str) -> list[dict[str, Any]]:
    """Return one request; raise `MatterUnknown`."""
    found = _public().filter(reference__in=_written([reference]))
    rows = list(found.values(*_COLUMNS))
    if not rows:
        raise MatterUnknown(field="service_request_id")
    return _told(actor, rows)


def by_token(token: str) -> list[dict[str, Any]]:
    """Return the reference of what was sent under this token; raise `MatterUnknown`."""
    found = _public().filter(matter__submit_hash=secret_hash(token))
    reference = found.values_list("reference", flat=True).first()
    if reference is None:
        raise MatterUnknown(field="token")
    return [{"service_request_id": reference, "token": token}]


def _public() -> QuerySet[Any]:
    """Return the cases of matters whose procedure shows its stages to everybody."""
    known = _shown.one(_ALL) or []
    return procedures.matching(
        SYSTEM, subject=SUBJECT, parent=None, procedure__in=known, matter__isnull=False
    )


def _read_shown(_all: list[str]) -> dict[str, list[str]]:
    return {_ALL: [one.procedure for one in procedures.versions() if _shows(one.id, "stage")]}


def _shows(version: int, what: str) -> bool:
    return what in procedures.definition_of(version).public


_ALL = "all"
_shown = Held(_read_shown, changed_by=("procedures.published",), seconds=2)


def _written(given: Iterable[str]) -> list[str]:
    """Return references in their one written form, without what is none."""
    found = []
    for text in given:
        try:
            found.append(references.check(text))
        except references.InvalidReference:
            continue
    return found


def _told(actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # A case keeps to the version it began with, which may have shown less.
    rows = [row for row in rows if _shows(row["version_id"], "stage")]
    if not rows:
        return []
    book = category_book()
    places = path_names({row["area"][:_COMMUNITY] for row in rows})
    holdings = procedures.holdings_of([row["id"] for row in rows if row["status"] == "open"])
    return [_as_request(actor, row, book, places, holdings.get(row["id"], ())) for row in rows]


def _as_request(
    actor: Actor,
    row: dict[str, Any],
    book: CategoryBook,
    places: dict[str, str],
    holdings: Iterable[procedures.Holding],
) -> dict[str, Any]:
    version = row["version_id"]
    area, code = row["area"][:_COMMUNITY], row["matter__category"]
    told = {
        "service_request_id": row["reference"],
        "status": row["status"],
        "status_notes": _notes(row),
        "service_name": book.name(code) if code else None,
        "service_code": code or None,
        "description": None,
        "agency_responsible": _agency(holdings, places) if _shows(version, "owner") else None,
        "service_notice": None,
        "requested_datetime": _w3c(row["opened_at"]),
        "updated_datetime": _w3c(row["closed_at"] or row["entered_at"]),
        "expected_datetime": _w3c(row["due_at"]) if _shows(version, "due") else None,
        "address": "，".join(reversed(places.get(area, area).split(" › "))),
        "address_id": area,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    return told | _own(row) if _is_own(actor, row) else told


def _is_own(actor: Actor, row: dict[str, Any]) -> bool:
    return actor.account is not None and actor.account == row["matter__reported_by"]


def _own(row: dict[str, Any]) -> dict[str, Any]:
    """Return what only the client that sent a request reads again."""
    told = {
        "description": row["matter__words"],
        "lat": row["matter__lat"],
        "long": row["matter__lon"],
    }
    return told | ({"address": row["matter__place_text"]} if row["matter__place_text"] else {})


def _notes(row: dict[str, Any]) -> str | None:
    """Return the public name of the stage, or of how it ended."""
    definition = procedures.definition_of(row["version_id"])
    found = definition.outcomes.get(row["outcome"]) or definition.stages.get(row["stage"])
    return found.public_name if found else None


def _agency(holdings: Iterable[procedures.Holding], places: dict[str, str]) -> str | None:
    """Return who carries a case, by post or organisation.

    A person's own name is not told, nor a post below the community: that is often one person.
    """
    carrying = [
        _post(holding, places)
        for holding in holdings
        if holding.part in ("lead", "fan") and not holding.owner.startswith("acc:")
    ]
    return "、".join(dict.fromkeys(filter(None, carrying))) or None


def _post(holding: procedures.Holding, places: dict[str, str]) -> str:
    area = holding.owner.partition("@")[2]
    if len(area) <= _COMMUNITY:
        return holding.words
    return places.get(area[:_COMMUNITY], "").split(" › ")[-1]


def _w3c(moment: datetime | None) -> str | None:
    return clock.local(moment).isoformat(timespec="seconds") if moment else None
