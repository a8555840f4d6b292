"""Publishing procedures: checked, immutable, and only when something changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.db import connection
from django.utils.translation import gettext as _

from gongzhi.kernel import clock
from gongzhi.kernel.action import action, emit
from gongzhi.kernel.actor import Actor
from gongzhi.kernel.errors import FieldProblem, InvalidInput
from gongzhi.kernel.policy import require
from gongzhi.procedures import facts, policies, queries
from gongzhi.procedures.choices import EFFECTS, GUARDS, OPENERS
from gongzhi.procedures.definition import Definition
from gongzhi.procedures.definition.directory import Report, check_directory
from gongzhi.procedures.definition.vocabulary import read_vocabulary
from gongzhi.procedures.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Planned:
    """What loading does with one procedure of a scope: `new`, `changed` or `same`."""

    procedure: str
    name: str
    change: str
    number: int
    scope: str = ""

    @property
    def new(self) -> bool:
        """Whether there is a version that was not there before."""
        return self.change != "same"


def check_procedures(directory: Path) -> Report:
    """Check every procedure file of a district's folder against what this system knows."""
    vocabulary = read_vocabulary(directory, guards=GUARDS, effects=EFFECTS, openers=OPENERS)
    return check_directory(directory, vocabulary)


@action
def publish_procedure(*, actor: Actor, definition: Definition, scope: str = "") -> bool:
    """Publish a checked definition for an area prefix; False when the newest is the same."""
    require(policies.can_publish(actor, scope))
    with connection.cursor() as cursor:
        # Two who publish the same procedure at once would otherwise count the same number.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{definition.key}@{scope}"])
    newest = queries.newest(definition.key, scope)
    if newest is not None and newest.digest == definition.digest:
        return False
    version = ProcedureVersion(
        procedure=definition.key,
        scope=scope,
        number=newest.number + 1 if newest else 1,
        name=definition.name,
        subject=definition.subject,
        digest=definition.digest,
        source=definition.source,
        published_at=clock.now(),
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


def plan_procedures(directory: Path, scope: str | None = None) -> list[Planned]:
    """Return what loading the folder would change; raise `InvalidInput` with every problem."""
    return [_planned(one, place) for one, place in _wanted(Path(directory), scope)]


@action
def load_procedures(
    *, actor: Actor, directory: Path, scope: str | None = None, dry_run: bool = False
) -> list[Planned]:
    """Publish what changed of a folder's procedures; idempotent, and nothing with *dry_run*.

    They hold for the areas within *scope*; None means the district that the folder describes
    (everywhere when it describes none). Raises `InvalidInput` naming file and line of every
    problem, and publishes nothing then.
    """
    wanted = _wanted(Path(directory), scope)
    planned = [_planned(definition, place) for definition, place in wanted]
    if not dry_run:
        for definition, place in wanted:
            publish_procedure(actor=actor, definition=definition, scope=place)
    return planned


def _wanted(directory: Path, scope: str | None) -> list[tuple[Definition, str]]:
    places = _codes(directory) if scope is None else [scope]
    return [(definition, place) for definition in _checked(directory) for place in places]


def _codes(directory: Path) -> list[str]:
    """Return the codes of the district that a folder describes; everywhere when it has none."""
    described = directory / "district.yaml"
    if not described.is_file():
        return [""]
    told = yaml.safe_load(described.read_text(encoding="utf-8"))
    return [str(code) for code in told.get("codes", [])] or [""]


def _planned(definition: Definition, scope: str) -> Planned:
    newest = queries.newest(definition.key, scope)
    if newest is None:
        return Planned(definition.key, definition.name, "new", 1, scope)
    same = newest.digest == definition.digest
    change, number = ("same", newest.number) if same else ("changed", newest.number + 1)
    return Planned(definition.key, definition.name, change, number, scope)


def _checked(directory: Path) -> list[Definition]:
    report = check_procedures(directory)
    if report.problems:
        error = InvalidInput(_("规程有误，没有载入"))
        error.problems = tuple(
            FieldProblem(f"{p.file}:{p.line}", p.message, p.mend) for p in report.problems
        )
        raise error
    return list(report.definitions)
