"""What happens to matters, in the past tense; words, names and places stay in their records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class MatterReported(Fact):
    """Somebody reported a matter; `located` says whether its place came from a point.

    `source` names the record that it was drafted from, as `visits.need:17`.
    """

    kind: ClassVar[str] = "matters.reported"
    matter: int
    category: str
    channel: str
    anonymous: bool
    located: bool
    photos: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class MatterLocated(Fact):
    """The place of a matter was set or corrected."""

    kind: ClassVar[str] = "matters.located"
    matter: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MatterClassified(Fact):
    """The category of a matter was set or corrected."""

    kind: ClassVar[str] = "matters.classified"
    matter: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AccusedNamed(Fact):
    """It was said against which organisation a matter is, or that it is against none."""

    kind: ClassVar[str] = "matters.accused_named"
    matter: int
    organisation: int | None


@dataclass(frozen=True, slots=True)
class VerdictGiven(Fact):
    """The reporter said whether it is solved, and how satisfied he is."""

    kind: ClassVar[str] = "matters.verdict_given"
    matter: int
    solved: str
    satisfaction: str


@dataclass(frozen=True, slots=True)
class PhotoAttached(Fact):
    """A photo was added to a matter."""

    kind: ClassVar[str] = "matters.photo_attached"
    matter: int
    photo: int
    origin: str


@dataclass(frozen=True, slots=True)
class ReporterRevealed(Fact):
    """Somebody looked at who reported a matter; the words of the reason stay in the record."""

    kind: ClassVar[str] = "matters.reporter_revealed"
    matter: int
    reveal: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReporterErased(Fact):
    """Who reported a matter was erased when its time was over."""

    kind: ClassVar[str] = "matters.reporter_erased"
    matter: int


@dataclass(frozen=True, slots=True)
class CategoriesLoaded(Fact):
    """A new version of the category table came into force."""

    kind: ClassVar[str] = "matters.categories_loaded"
    number: int
    categories: int


@dataclass(frozen=True, slots=True)
class MatterFollowed(Fact):
    """Somebody follows a matter instead of reporting it again."""

    kind: ClassVar[str] = "matters.followed"
    matter: int
    co_reporter: int
    channel: str


@dataclass(frozen=True, slots=True)
class MatterMerged(Fact):
    """A matter was found to repeat another, whose case goes on for both."""

    kind: ClassVar[str] = "matters.merged"
    matter: int
    main: int


@dataclass(frozen=True, slots=True)
class MatterSplitOff(Fact):
    """A merged matter goes on by itself again."""

    kind: ClassVar[str] = "matters.split_off"
    matter: int
    main: int


@dataclass(frozen=True, slots=True)
class MatterDivided(Fact):
    """A part of a matter became a matter of its own."""

    kind: ClassVar[str] = "matters.divided"
    matter: int
    part: int


@dataclass(frozen=True, slots=True)
class VoiceGiven(Fact):
    """One of several reporters said what the answer was worth; `voice` points to the record."""

    kind: ClassVar[str] = "matters.voice_given"
    matter: int
    voice: int
    solved: str
    satisfaction: str


@dataclass(frozen=True, slots=True)
class SheetTaken(Fact):
    """A sheet of another system was confirmed; its good rows are taken in from now on."""

    kind: ClassVar[str] = "matters.sheet_taken"
    sheet: int
    scheme: str
    rows: int


@dataclass(frozen=True, slots=True)
class SuggestionsTrained(Fact):
    """A new version of what is suggested came into use; shares are per thousand held out."""

    kind: ClassVar[str] = "matters.suggestions_trained"
    number: int
    matters: int
    categories: int
    first: int
    among_three: int
