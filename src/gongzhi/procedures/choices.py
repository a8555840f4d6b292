"""The closed vocabularies of the engine: subjects, guards, effects and sub-case openers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Whether a case still has somebody or a clock to carry it."""

    OPEN = "open", _("办理中")
    CLOSED = "closed", _("已办结")


class Part(models.TextChoices):
    """What a work item is to its case."""

    LEAD = "lead", _("主办")
    ASSIST = "assist", _("协办")
    FAN = "fan", _("分办")
    ESCALATION = "escalation", _("升级督办")
    RULING = "ruling", _("异议裁定")
    APPROVAL = "approval", _("暂停审批")


CARRYING = (Part.LEAD, Part.FAN, Part.ESCALATION)
"""Parts whose holders may make the owner's moves."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a procedure carries, and the powers it takes to see and to handle it."""

    key: str
    see: str
    handle: str
    address: str = ""
    """Name of the URL of one case's page; its one argument is the reference."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guard or an effect is told of the case, the move and the answers."""

    case: int
    procedure: str
    subject: str
    subject_id: int
    area: str
    stage: str
    visit: int
    move: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


Guard = Callable[[Situation], Any]
Effect = Callable[[Situation], None]
Opener = Callable[[Situation, Any], list[Any]]

SUBJECTS: dict[str, Subject] = {}
GUARDS: dict[str, Guard] = {}
EFFECTS: dict[str, Effect] = {}
OPENERS: dict[str, Opener] = {}


def register_subject(subject: Subject) -> None:
    """Let procedures carry *subject*."""
    SUBJECTS[subject.key] = subject


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a guard: it returns a `Decision`, whose reason is shown when it refuses."""

    def register(func: Guard) -> Guard:
        GUARDS[name] = func
        return func

    return register


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect: it runs inside the move's transaction, after the move."""

    def register(func: Effect) -> Effect:
        EFFECTS[name] = func
        return func

    return register


def opener(name: str) -> Callable[[Opener], Opener]:
    """Register what a stage's `spawn` opens: told the case as it left the stage before and the

    `Spawn` of the file, it returns the `Opening`s of the sub-cases.
    """

    def register(func: Opener) -> Opener:
        OPENERS[name] = func
        return func

    return register


TASK = "procedures.task"
"""What a sub-case carries that stands for itself: its subject is the case that opened it."""

register_subject(Subject(TASK, "matters.see", "matters.handle"))
