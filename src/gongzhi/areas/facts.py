"""The kinds of fact that areas emit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class AreasImported(Fact):
    """A file of areas was taken in."""

    kind: ClassVar[str] = "areas.imported"
    opened: int
    changed: int
    shapes: int


@dataclass(frozen=True, slots=True)
class AreasAdjusted(Fact):
    """Areas gave way to others on a day: split, merged, renumbered or renamed."""

    kind: ClassVar[str] = "areas.adjusted"
    adjustment: int
    how: str
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    on: str


@dataclass(frozen=True, slots=True)
class AdjustmentPlanned(Fact):
    """An adjustment was planned for a batch, not yet carried out."""

    kind: ClassVar[str] = "areas.adjustment_planned"
    adjustment: int
    how: str
    batch: int


@dataclass(frozen=True, slots=True)
class AliasSet(Fact):
    """A foreign code was tied to an area."""

    kind: ClassVar[str] = "areas.alias_set"
    scheme: str
    foreign_code: str
    code: str


@dataclass(frozen=True, slots=True)
class AliasEnded(Fact):
    """A foreign code stopped meaning an area."""

    kind: ClassVar[str] = "areas.alias_ended"
    scheme: str
    foreign_code: str
    code: str


@dataclass(frozen=True, slots=True)
class AreaSetSaved(Fact):
    """A named set of areas was made or changed."""

    kind: ClassVar[str] = "areas.set_saved"
    area_set: int
    members: int


@dataclass(frozen=True, slots=True)
class AreaSetEnded(Fact):
    """A named set of areas ended."""

    kind: ClassVar[str] = "areas.set_ended"
    area_set: int


@dataclass(frozen=True, slots=True)
class DistrictAreasLoaded(Fact):
    """The areas of a district folder were loaded."""

    kind: ClassVar[str] = "areas.district_loaded"
    opened: int
    changed: int
    grids: int


@dataclass(frozen=True, slots=True)
class CountryLoaded(Fact):
    """The statistical divisions of the whole country were loaded."""

    kind: ClassVar[str] = "areas.country_loaded"
    opened: int
