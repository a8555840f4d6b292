"""What happens to matters, in the past tense: ids, codes and states only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class MatterReported(Fact):
    """Somebody reported a matter."""

    kind: ClassVar[str] = "matters.reported"
    matter: int
    category: str
    channel: str
    anonymous: bool
    located: bool


@dataclass(frozen=True, slots=True)
class MatterLocated(Fact):
    """A person found out where a matter lies."""

    kind: ClassVar[str] = "matters.located"
    matter: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PhotoAdded(Fact):
    """A photo was put to a matter."""

    kind: ClassVar[str] = "matters.photo_added"
    matter: int
    photo: int


@dataclass(frozen=True, slots=True)
class VerdictGiven(Fact):
    """The reporter judged what was done."""

    kind: ClassVar[str] = "matters.verdict_given"
    matter: int
    solved: bool
    satisfaction: str


@dataclass(frozen=True, slots=True)
class ReporterRevealed(Fact):
    """Somebody looked at who reported; the reason lies in the reveal."""

    kind: ClassVar[str] = "matters.reporter_revealed"
    matter: int
    reveal: int


@dataclass(frozen=True, slots=True)
class CategoriesLoaded(Fact):
    """An edition of the table of categories came into force."""

    kind: ClassVar[str] = "matters.categories_loaded"
    edition: int
    lines: int
