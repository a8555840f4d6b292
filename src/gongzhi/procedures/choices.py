"""The closed vocabularies of the engine: subjects, guards, effects and sub-case openers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


class Trigger(models.TextChoices):
    """What a case was put under 督办 for; the first four may come by themselves."""

    OVERDUE = "overdue", _("超期未办")
    REFUSED = "refused", _("推诿拒办")
    UNSOLVED = "unsolved", _("应解决未解决")
    REPEATED = "repeated", _("多人反映")
    EFFECT = "bad_effect", _("造成不良影响")


CARRYING = (Part.LEAD, Part.FAN, Part.ESCALATION)
"""Parts whose holders may make the owner's moves."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a procedure carries, and the powers it takes to see and to handle it.

    `keep_photos(actor=, case=, contents=)` keeps what came with an answer through a link; without
    it such an answer takes words alone.
    """

    key: str
    see: str
    handle: str
    keep_photos: Callable[..., Any] | None = None


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
    level: str = ""
    """The level whose owner the move leads to; '' for an organisation, a person or an end."""
    data: Mapping[str, Any] = field(default_factory=dict)


Guard = Callable[[Situation], Any]
Effect = Callable[[Situation], None]
Opener = Callable[[Situation, Any], list[Any]]


@dataclass(frozen=True, slots=True)
class Doing:
    """A step about to be made: by whom, on which record, with what was filled in."""

    actor: Any
    record: Any
    data: dict[str, Any]
    area: str = ""

    @property
    def case(self) -> int:
        """The case of the record."""
        return int(self.record.state.id)


@dataclass(frozen=True, slots=True)
class Step:
    """What can be done with a case and is no move: when it is offered, its form, what it does.

    `moves` puts it beside the moves; one that `answers` shows what it gave back on the same page;
    one that changes what the reader may see of the `whole` page is not answered by a part of it;
    `more` gives what its form needs to know of the record.
    """

    key: str
    name: Any
    shown: Callable[[Any, Any], bool]
    call: Callable[[Doing], Any]
    form: Callable[..., Any]
    moves: bool = True
    answers: bool = False
    whole: bool = False
    more: Callable[[Any], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """What a subject adds to the page of its cases.

    `find(actor, state)` returns its record, which has the `state`; `move` takes what `move_matter`
    takes; `context(actor, record)` is what the template needs beside what every case shows.
    """

    template: str
    find: Callable[[Any, Any], Any]
    move: Callable[..., Any]
    context: Callable[[Any, Any], dict[str, Any]] | None = None
    steps: tuple[Step, ...] = ()
    replies: Callable[[Any], list[Any]] | None = None
    """Words to begin an answer to the public with: each with a `name` and a `text`."""
    likely: Callable[[Any], Sequence[Any]] | None = None
    """Organisations that did such work before, each with its `id`, `name`, and `handled` `of`."""


FACES: dict[str, Face] = {}
SUBJECTS: dict[str, Subject] = {}
GUARDS: dict[str, Guard] = {}
EFFECTS: dict[str, Effect] = {}
OPENERS: dict[str, Opener] = {}


def register_subject(subject: Subject, face: Face | None = None) -> None:
    """Let procedures carry *subject*, whose cases have a page when it has a face."""
    SUBJECTS[subject.key] = subject
    if face is not None:
        FACES[subject.key] = face


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
