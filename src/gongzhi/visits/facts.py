"""What happens to visits: ids, codes and counts; what was heard stays in the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class VisitRecorded(Fact):
    """Somebody was visited; `needs` is how many were heard."""

    kind: ClassVar[str] = "visits.recorded"
    visit: int
    purpose: str
    needs: int


@dataclass(frozen=True, slots=True)
class NeedAnswered(Fact):
    """What came of a need was written down."""

    kind: ClassVar[str] = "visits.need_answered"
    visit: int
    need: int


@dataclass(frozen=True, slots=True)
class VisitErased(Fact):
    """The words of a visit were erased when their time was over."""

    kind: ClassVar[str] = "visits.erased"
    visit: int


@dataclass(frozen=True, slots=True)
class NeedBecameMatter(Fact):
    """A need is carried by a case from now on."""

    kind: ClassVar[str] = "visits.need_became_matter"
    visit: int
    need: int
