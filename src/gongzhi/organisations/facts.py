"""Kinds of fact the organisations app emits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongzhi.kernel.action import Fact


@dataclass(frozen=True, slots=True)
class DefinitionsLoaded(Fact):
    """Kinds of organisation or roles were loaded from a data file."""

    kind: ClassVar[str] = "organisations.definitions_loaded"
    what: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationEstablished(Fact):
    """An organisation was founded."""

    kind: ClassVar[str] = "organisations.established"
    organisation: int
    organisation_kind: str
    parent: int | None
    on: date


@dataclass(frozen=True, slots=True)
class OrganisationChanged(Fact):
    """An organisation was renamed or hung elsewhere."""

    kind: ClassVar[str] = "organisations.changed"
    organisation: int
    changed: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class OrganisationAbolished(Fact):
    """An organisation was abolished."""

    kind: ClassVar[str] = "organisations.abolished"
    organisation: int
    successor: int | None
    on: date


@dataclass(frozen=True, slots=True)
class PostTaken(Fact):
    """Somebody took up a post."""

    kind: ClassVar[str] = "organisations.post_taken"
    post: int
    account: int
    role: str
    organisation: int | None
    deputy_for: int | None
    on: date


@dataclass(frozen=True, slots=True)
class PostEnded(Fact):
    """A post came to an end; `on` is the first day on which it is not held."""

    kind: ClassVar[str] = "organisations.post_ended"
    post: int
    account: int
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class PostHandedOver(Fact):
    """A post went from one person to another on one day; open work follows the role."""

    kind: ClassVar[str] = "organisations.post_handed_over"
    post: int
    next_post: int
    role: str
    on: date
