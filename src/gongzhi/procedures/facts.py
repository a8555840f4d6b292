"""What happens to cases, in the past tense. Words stay in entries; a fact points to them by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class ProcedurePublished(Fact):
    """A version of a procedure came into force for new cases."""

    kind: ClassVar[str] = "procedures.published"
    procedure: str
    number: int
    version: int


@dataclass(frozen=True, slots=True)
class CaseOpened(Fact):
    """A case began."""

    kind: ClassVar[str] = "procedures.case_opened"
    procedure: str
    version: int
    subject: str
    subject_id: int
    reference: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Moved(Fact):
    """Somebody, or the clock, made a move; `entry` holds what was written."""

    kind: ClassVar[str] = "procedures.moved"
    move: str
    source: str
    target: str
    entry: int | None
    owner: str


@dataclass(frozen=True, slots=True)
class StageEntered(Fact):
    """A case came to rest in a stage, with its owners and due time."""

    kind: ClassVar[str] = "procedures.stage_entered"
    stage: str
    visit: int
    owners: list[str]
    due_at: str | None


@dataclass(frozen=True, slots=True)
class ItemClaimed(Fact):
    """Somebody took an item from the pool."""

    kind: ClassVar[str] = "procedures.item_claimed"
    item: int
    account: int


@dataclass(frozen=True, slots=True)
class ItemReleased(Fact):
    """An item went back to the pool."""

    kind: ClassVar[str] = "procedures.item_released"
    item: int


@dataclass(frozen=True, slots=True)
class ItemAssigned(Fact):
    """An item was given to a person."""

    kind: ClassVar[str] = "procedures.item_assigned"
    item: int
    account: int


@dataclass(frozen=True, slots=True)
class PartClosed(Fact):
    """One part of a stage was closed; the stage goes on."""

    kind: ClassVar[str] = "procedures.part_closed"
    item: int
    part: str
    owner: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Fact):
    """A piece of evidence was put to the stage."""

    kind: ClassVar[str] = "procedures.evidence_added"
    evidence: str
    reference: str
    visit: int


@dataclass(frozen=True, slots=True)
class PauseAsked(Fact):
    """The owner asked for the clock to stop."""

    kind: ClassVar[str] = "procedures.pause_asked"
    pause: int
    workdays: int


@dataclass(frozen=True, slots=True)
class PauseRuled(Fact):
    """The pause was approved or refused."""

    kind: ClassVar[str] = "procedures.pause_ruled"
    pause: int
    approved: bool


@dataclass(frozen=True, slots=True)
class Resumed(Fact):
    """The clock runs again; the due time moved by the time it stood still."""

    kind: ClassVar[str] = "procedures.resumed"
    due_at: str | None


@dataclass(frozen=True, slots=True)
class ObjectionRaised(Fact):
    """A dispatched organisation said that the case is not theirs."""

    kind: ClassVar[str] = "procedures.objection_raised"
    objection: int
    owner: str


@dataclass(frozen=True, slots=True)
class ObjectionRuled(Fact):
    """Somebody ruled on the objection."""

    kind: ClassVar[str] = "procedures.objection_ruled"
    objection: int
    upheld: bool


@dataclass(frozen=True, slots=True)
class Reminded(Fact):
    """The due time is near."""

    kind: ClassVar[str] = "procedures.reminded"
    stage: str
    due_at: str


@dataclass(frozen=True, slots=True)
class LightTurned(Fact):
    """The case turned yellow (due soon) or red (overdue)."""

    kind: ClassVar[str] = "procedures.light_turned"
    stage: str
    light: str


@dataclass(frozen=True, slots=True)
class Escalated(Fact):
    """An overdue stage reached the next level."""

    kind: ClassVar[str] = "procedures.escalated"
    stage: str
    owner: str


@dataclass(frozen=True, slots=True)
class SupervisionOpened(Fact):
    """A case was put under 督办."""

    kind: ClassVar[str] = "procedures.supervision_opened"
    supervision: int
    trigger: str
    due_at: str | None
    entry: int | None


@dataclass(frozen=True, slots=True)
class SupervisionAnswered(Fact):
    """Who carries the case answered whoever supervises it."""

    kind: ClassVar[str] = "procedures.supervision_answered"
    supervision: int
    entry: int | None


@dataclass(frozen=True, slots=True)
class SupervisionClosed(Fact):
    """A supervised case was taken off the list (销号), by a person or by its own end."""

    kind: ClassVar[str] = "procedures.supervision_closed"
    supervision: int
    entry: int | None


@dataclass(frozen=True, slots=True)
class DueSet(Fact):
    """The time that a case's subject brings along was set anew, and with it the stage's."""

    kind: ClassVar[str] = "procedures.due_set"
    stage: str
    due_at: str


@dataclass(frozen=True, slots=True)
class Recused(Fact):
    """Somebody has nothing to do with a case any more (回避)."""

    kind: ClassVar[str] = "procedures.recused"
    recusal: int
    account: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class RecusalInherited(Fact):
    """Somebody keeps away from a case, because he is recused from the one that it is part of."""

    kind: ClassVar[str] = "procedures.recusal_inherited"
    recusal: int
    account: int


@dataclass(frozen=True, slots=True)
class RecusalTakenBack(Fact):
    """A recusal was taken back; why stays in its record."""

    kind: ClassVar[str] = "procedures.recusal_taken_back"
    recusal: int
    account: int


@dataclass(frozen=True, slots=True)
class ItemHandedOver(Fact):
    """An item went to the superior, because everybody else who held it is recused."""

    kind: ClassVar[str] = "procedures.item_handed_over"
    item: int
    owner: str


@dataclass(frozen=True, slots=True)
class QuestionAsked(Fact):
    """Who handles a case asked the reporter, or somebody outside, through a link."""

    kind: ClassVar[str] = "procedures.question_asked"
    question: int
    to_reporter: bool
    expires_at: str


@dataclass(frozen=True, slots=True)
class QuestionExtended(Fact):
    """The link of a question answers for longer."""

    kind: ClassVar[str] = "procedures.question_extended"
    question: int
    expires_at: str


@dataclass(frozen=True, slots=True)
class QuestionWithdrawn(Fact):
    """A question was taken back; its link answers no more."""

    kind: ClassVar[str] = "procedures.question_withdrawn"
    question: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Fact):
    """A question was answered through its link."""

    kind: ClassVar[str] = "procedures.question_answered"
    question: int
    to_reporter: bool


@dataclass(frozen=True, slots=True)
class CaseClosed(Fact):
    """A case came to an end."""

    kind: ClassVar[str] = "procedures.case_closed"
    outcome: str
    outcome_kind: str
    stage: str
    on_time: bool


@dataclass(frozen=True, slots=True)
class CaseReopened(Fact):
    """A closed case goes on."""

    kind: ClassVar[str] = "procedures.case_reopened"
    stage: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class CaseCancelled(Fact):
    """An open case was called off."""

    kind: ClassVar[str] = "procedures.case_cancelled"
    stage: str
    outcome: str
    entry: int | None
