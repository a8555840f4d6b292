"""One case as it stands now: read in one statement, with its items, evidence and sub-cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from gongzhi.kernel import clock
from gongzhi.kernel.sql import row
from gongzhi.procedures.choices import CARRYING, Part
from gongzhi.procedures.definition import Definition, Stage
from gongzhi.procedures.errors import CaseUnknown
from gongzhi.procedures.models import Case
from gongzhi.procedures.queries.owners import owner_labels
from gongzhi.procedures.queries.schedule import Times
from gongzhi.procedures.queries.versions import definition_of


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the present stay: who holds it, who took it, whether it is done."""

    id: int
    part: str
    owner: str
    pool: bool
    claimed_by: int | None
    done: bool

    @property
    def carrying(self) -> bool:
        """Whether its holder may move the case on."""
        return not self.done and self.part in CARRYING


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """Where a case stands, who has it, by when; `revision` guards against stale presses."""

    id: int
    reference: str
    version: int
    procedure: str
    subject: str
    subject_id: int | None
    title: str
    area: str
    stage: str
    visit: int
    status: str
    outcome: str
    outcome_kind: str
    opened_at: datetime
    entered_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    due_basis: str
    due_note: str
    yellow_at: datetime | None
    red_at: datetime | None
    clock_at: datetime | None
    wake_at: datetime | None
    woken_to: datetime | None
    paused_at: datetime | None
    resume_at: datetime | None
    pauses: int
    objected: bool
    revision: int
    parent: int | None = None
    items: tuple[Item, ...] = ()
    evidence: dict[str, int]
    children_open: int = 0
    children: int = 0

    @property
    def definition(self) -> Definition:
        """The pinned, immutable definition."""
        return definition_of(self.version)

    @property
    def here(self) -> Stage:
        """The stage where the case is, or was when it ended."""
        return self.definition.stages[self.stage]

    @property
    def procedure_name(self) -> str:
        """The procedure's name for staff."""
        return self.definition.name

    @property
    def stage_name(self) -> str:
        """The stage's name for staff; the outcome's once closed."""
        if self.outcome:
            return self.outcome_name
        return self.here.name

    @property
    def public_stage_name(self) -> str:
        """The stage's (or outcome's) name for residents."""
        if self.outcome:
            return self.definition.outcomes[self.outcome].public_name
        return self.here.public_name

    @property
    def outcome_name(self) -> str:
        """The outcome's name, or an empty text while open."""
        return self.definition.outcomes[self.outcome].name if self.outcome else ""

    @property
    def open(self) -> bool:
        """Whether the case still runs."""
        return self.status == "open"

    @property
    def paused(self) -> bool:
        """Whether the clock stands still, by approval."""
        return self.paused_at is not None

    @property
    def light(self) -> str:
        """`red` overdue, `yellow` nearly so, else empty; none while paused or closed."""
        return light(self.status, self.paused_at, self.yellow_at, self.red_at)

    @property
    def owners(self) -> tuple[str, ...]:
        """Who holds the open parts, the leading one first."""
        order = [Part.LEAD, Part.FAN, Part.ESCALATION, Part.ASSIST]
        held = [item for item in self.items if not item.done and item.part in order]
        return tuple(item.owner for item in sorted(held, key=lambda item: order.index(Part(item.part))))

    @property
    def owner_label(self) -> str:
        """The leading owner in words; asks the database for the names."""
        owners = self.owners[:1]
        return owner_labels(owners)[owners[0]] if owners else ""

    @property
    def times(self) -> Times:
        """The times of the present stay."""
        return Times(
            self.due_at, self.due_basis, self.due_note, self.yellow_at, self.red_at,
            self.clock_at, self.wake_at,
        )

    def item(self, number: int) -> Item | None:
        """Return the open item with this id, if it belongs to the present stay."""
        return next((item for item in self.items if item.id == number and not item.done), None)


def light(
    status: str, paused: datetime | None, yellow: datetime | None, red: datetime | None
) -> str:
    """Return the light that these times show now."""
    now = clock.now()
    if status != "open" or paused is not None:
        return ""
    if red and red <= now:
        return "red"
    return "yellow" if yellow and yellow <= now else ""


def items_of(text: str) -> tuple[Item, ...]:
    """Return items from the JSON the statements answer with."""
    return tuple(Item(*found) for found in orjson.loads(text))


def load(case: int) -> CaseState:
    """Return the state of a case whoever asks (for actions); raise `CaseUnknown`."""
    found = row("procedures", "case", {"case": case})
    if found is None:
        raise CaseUnknown()
    return _state(found)


def _state(found: dict[str, Any]) -> CaseState:
    open_children, children = orjson.loads(found.pop("children"))
    items = items_of(found.pop("items"))
    evidence = orjson.loads(found.pop("evidence"))
    version, parent = found.pop("version_id"), found.pop("parent_id")
    return CaseState(
        **found, version=version, parent=parent, items=items, evidence=evidence,
        children_open=open_children, children=children,
    )


def case_state(case: int) -> CaseState:
    """Return the state of a case. The caller has checked who may see it."""
    return load(case)


def case_of_reference(reference: str) -> int:
    """Return the id behind a reference; raise `CaseUnknown`. Says nothing about sight."""
    found = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    if found is None:
        raise CaseUnknown()
    return found


def with_changes(state: CaseState, **changes: Any) -> CaseState:
    """Return *state* as an action has just written it, without reading it again."""
    return replace(state, **changes)
