"""Which version of a procedure is in force where, and its definition, parsed once per process."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongzhi.kernel import languages
from gongzhi.kernel.workcalendar import WorkCalendar, read_calendar
from gongzhi.procedures.definition import Definition, parse
from gongzhi.procedures.definition.english import told_by
from gongzhi.procedures.errors import ProcedureUnknown
from gongzhi.procedures.models import ProcedureVersion

_FRESH_SECONDS = 2.0
_in_force: dict[str, tuple[float, list[tuple[str, int]]]] = {}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version as lists show it."""

    id: int
    procedure: str
    scope: str
    number: int
    name: str
    published_at: datetime


def definition_of(version: int) -> Definition:
    """Return the definition of a published version, its names in the reader's language.

    It never changes, so it is kept for good.
    """
    return _in_english(version) if languages.is_english() else _as_published(version)


@functools.cache
def _in_english(version: int) -> Definition:
    return told_by(_as_published(version), languages.said)


@functools.cache
def _as_published(version: int) -> Definition:
    found = ProcedureVersion.objects.get(pk=version)
    return parse(found.source, file=f"{found.procedure} v{found.number}")


def current_version(procedure: str, area: str) -> int:
    """Return the version in force for new cases at *area*: of the narrowest scope above it.

    Read anew every two seconds; a case that begins meanwhile keeps the version it began with.
    Raises `ProcedureUnknown`.
    """
    kept = _in_force.get(procedure)
    if kept is None or time.monotonic() - kept[0] > _FRESH_SECONDS:
        kept = (time.monotonic(), _scopes(procedure))
        _in_force[procedure] = kept
    fitting = [(scope, version) for scope, version in kept[1] if area.startswith(scope)]
    if not fitting:
        _in_force.pop(procedure, None)
        raise ProcedureUnknown(field="procedure")
    return max(fitting, key=lambda pair: len(pair[0]))[1]


def forget_versions() -> None:
    """Read the versions in force anew at the next question."""
    _in_force.clear()


def _scopes(procedure: str) -> list[tuple[str, int]]:
    found = ProcedureVersion.objects.filter(procedure=procedure).order_by("number")
    return list(dict(found.values_list("scope", "id")).items())


def versions() -> list[VersionRow]:
    """Return the newest version of every procedure and scope."""
    found = ProcedureVersion.objects.order_by("procedure", "scope", "-number").distinct(
        "procedure", "scope"
    )
    return [VersionRow(v.pk, v.procedure, v.scope, v.number, v.name, v.published_at) for v in found]


def newest(procedure: str, scope: str) -> ProcedureVersion | None:
    """Return the newest version of one procedure and scope."""
    found = ProcedureVersion.objects.filter(procedure=procedure, scope=scope)
    return found.order_by("-number").first()


@functools.cache
def calendar() -> WorkCalendar:
    """Return the work calendar of this installation: the base file, then the district's own."""
    folder = Path(settings.DISTRICTS)
    files = [folder / "_base" / "calendar.yaml"]
    if settings.DISTRICT:
        files.append(folder / settings.DISTRICT / "calendar.yaml")
    return read_calendar(*files)
