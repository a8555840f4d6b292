"""Publishing procedures: checked, immutable, and only when something changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import FieldProblem, InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.choices import EFFECTS, GUARDS
from gongzhi.procedures.definition import Definition
from gongzhi.procedures.definition.directory import Report, check_directory
from gongzhi.procedures.definition.vocabulary import read_vocabulary
from gongzhi.procedures.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Planned:
    """What loading would do with one procedure: `new`, `changed` or `same`."""

    procedure: str
    name: str
    change: str


def check_procedures(directory: Path) -> Report:
    """Check every procedure file of a district's folder against what this system knows."""
    vocabulary = read_vocabulary(directory, guards=GUARDS, effects=EFFECTS)
    return check_directory(directory, vocabulary)


@action
def publish_procedure(*, actor: Actor, definition: Definition, scope: str) -> bool:
    """Publish a checked definition for an area prefix; False when the newest is the same."""
    require(policies.can_publish(actor, scope))
    newest = queries.newest(definition.key, scope)
    if newest is not None and newest.digest == definition.digest:
        return False
    version = ProcedureVersion(
        procedure=definition.key, scope=scope, number=newest.number + 1 if newest else 1,
        name=definition.name, subject=definition.subject, digest=definition.digest,
        source=definition.source, published_at=clock.now(),
    )
    version.save(force_insert=True)
    queries.forget_versions()
    emit(
        facts.ProcedurePublished(
            procedure=definition.key, number=version.number, version=version.pk
        ),
        area=scope,
    )
    return True


def plan_procedures(directory: Path, scope: str) -> list[Planned]:
    """Return what loading the folder would change; raise `InvalidInput` with every problem."""
    found = []
    for definition in _checked(directory):
        newest = queries.newest(definition.key, scope)
        change = "new" if newest is None else "changed"
        if newest is not None and newest.digest == definition.digest:
            change = "same"
        found.append(Planned(definition.key, definition.name, change))
    return found


@action
def load_procedures(*, actor: Actor, directory: Path, scope: str) -> list[Planned]:
    """Publish what changed of a folder's procedures for an area prefix; idempotent.

    Raises `InvalidInput` naming file and line of every problem, and publishes nothing then.
    """
    planned = plan_procedures(directory, scope)
    for definition in _checked(directory):
        publish_procedure(actor=actor, definition=definition, scope=scope)
    return planned


def _checked(directory: Path) -> list[Definition]:
    report = check_procedures(directory)
    if report.problems:
        error = InvalidInput(_("规程有误，没有载入"))
        error.problems = tuple(
            FieldProblem(f"{p.file}:{p.line}", p.message, p.mend) for p in report.problems
        )
        raise error
    return list(report.definitions)
