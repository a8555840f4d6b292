"""Published versions: which is in force where, and their parsed definitions, kept per process."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel import codes
from gongzhi.kernel.actor import Actor
from gongzhi.procedures.definition import Definition, parse
from gongzhi.procedures.errors import ProcedureUnknown
from gongzhi.procedures.models import Case, ProcedureVersion


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version, as lists show it; `running` counts the open cases that pin it."""

    id: int
    procedure: str
    scope: str
    number: int
    name: str
    subject: str
    published_at: datetime
    running: int = 0


@functools.lru_cache(maxsize=512)
def definition_of(version: int) -> Definition:
    """Return the definition of a version: it never changes, so it is parsed once a process."""
    found = ProcedureVersion.objects.filter(pk=version).values_list("source", "procedure").first()
    if found is None:
        raise ProcedureUnknown()
    source, key = found
    return parse(source, f"{key}.yaml")


def scopes_of(area: str) -> list[str]:
    """Return the scopes that reach *area*: its codes upwards, and the one for everywhere."""
    return ["", *codes.ancestors(area, itself=True)]


def version_in_force(procedure: str, area: str) -> int:
    """Return the version that a case opened now at *area* would pin; raise `ProcedureUnknown`."""
    found = list(
        ProcedureVersion.objects.filter(procedure=procedure, scope__in=scopes_of(area))
        .values_list("scope", "number", "pk")
    )
    if not found:
        raise ProcedureUnknown()
    return max(found, key=lambda row: (len(row[0]), row[1]))[2]


def latest_version(procedure: str, scope: str) -> ProcedureVersion | None:
    """Return the newest version of exactly this scope, or None."""
    found = ProcedureVersion.objects.filter(procedure=procedure, scope=scope)
    return found.order_by("-number").first()


def list_versions(actor: Actor) -> list[VersionRow]:
    """Return the newest version of each procedure and scope: nothing about persons is in it."""
    if not actor.has("procedures.see"):
        return []
    found = ProcedureVersion.objects.order_by("procedure", "scope", "-number").distinct(
        "procedure", "scope"
    )
    return [_row(version) for version in found.defer("source")]


def get_version(actor: Actor, version: int) -> VersionRow:
    """Return one version with the number of its open cases in sight; raise `ProcedureUnknown`."""
    found = ProcedureVersion.objects.filter(pk=version).defer("source").first()
    if found is None or not actor.has("procedures.see"):
        raise ProcedureUnknown()
    return _row(found, Case.objects.filter(version=version, status="open").count())


def _row(found: ProcedureVersion, running: int = 0) -> VersionRow:
    return VersionRow(
        found.pk, found.procedure, found.scope, found.number, found.name, found.subject,
        found.published_at, running,
    )
