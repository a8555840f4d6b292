"""What happens to disputes and consultations: ids and codes; names and words stay sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class DisputeRegistered(Fact):
    """A dispute was put on record."""

    kind: ClassVar[str] = "mediation.dispute_registered"
    dispute: int
    type: str
    parties: int


@dataclass(frozen=True, slots=True)
class PartyAdded(Fact):
    """A further party joined a dispute."""

    kind: ClassVar[str] = "mediation.party_added"
    dispute: int
    party: int


@dataclass(frozen=True, slots=True)
class MediationHeld(Fact):
    """The parties were brought together."""

    kind: ClassVar[str] = "mediation.held"
    dispute: int
    mediation: int
    held_on: str


@dataclass(frozen=True, slots=True)
class AgreementMade(Fact):
    """The parties agreed."""

    kind: ClassVar[str] = "mediation.agreement_made"
    dispute: int
    agreement: int
    agreed_on: str
    due_on: str | None


@dataclass(frozen=True, slots=True)
class AgreementReviewed(Fact):
    """Somebody looked whether the agreement was kept."""

    kind: ClassVar[str] = "mediation.agreement_reviewed"
    dispute: int
    review: int
    result: str


@dataclass(frozen=True, slots=True)
class PartiesRevealed(Fact):
    """Somebody looked at the parties; the words of the reason stay in the record."""

    kind: ClassVar[str] = "mediation.parties_revealed"
    dispute: int
    reveal: int
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeErased(Fact):
    """Parties and words of a dispute were erased when their time was over."""

    kind: ClassVar[str] = "mediation.dispute_erased"
    dispute: int


@dataclass(frozen=True, slots=True)
class ConsultationRegistered(Fact):
    """A consultation was put on record."""

    kind: ClassVar[str] = "mediation.consultation_registered"
    consultation: int


@dataclass(frozen=True, slots=True)
class TalkHeld(Fact):
    """The counsellor talked with the person."""

    kind: ClassVar[str] = "mediation.talk_held"
    consultation: int
    talk: int


@dataclass(frozen=True, slots=True)
class PersonRevealed(Fact):
    """Somebody looked at who is counselled."""

    kind: ClassVar[str] = "mediation.person_revealed"
    consultation: int
    reveal: int
    reason: str


@dataclass(frozen=True, slots=True)
class ConsultationErased(Fact):
    """Person and words of a consultation were erased when their time was over."""

    kind: ClassVar[str] = "mediation.consultation_erased"
    consultation: int
