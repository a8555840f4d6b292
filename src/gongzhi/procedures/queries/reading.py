"""Cases as others read them: where one stands, whose it is."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongzhi.areas.queries import names as area_names
from gongzhi.kernel import clock, references, sql
from gongzhi.kernel.actor import Actor
from gongzhi.organisations import queries as organisations
from gongzhi.people import queries as people
from gongzhi.procedures.choices import Part, Status
from gongzhi.procedures.definition import Definition
from gongzhi.procedures.errors import CaseUnknown
from gongzhi.procedures.models import Case, WorkItem
from gongzhi.procedures.queries.catalogue import calendar, definition_of
from gongzhi.procedures.queries.reach import visible_cases


@dataclass(frozen=True, slots=True)
class Holding:
    """An open item: which part, whose, and who has claimed it. `label` is for people.

    `recused` are the accounts that have nothing to do with its case any more.
    """

    id: int
    part: str
    owner: str
    pool: bool
    claimed_by: int | None
    due_at: datetime | None
    label: str = ""
    claimer: str = ""
    recused: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """What people call the owner; looked up when the state was read without names."""
        return self.label or owner_labels([self.owner])[self.owner]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """What programs are told of where a case stands. An ended one has no light."""

    reference: str
    status: str
    stage: str
    stage_name: str
    owner_label: str
    due_at: datetime | None
    light: str
    outcome: str
    outcome_kind: str
    revision: int


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands."""

    id: int
    reference: str
    version: int
    procedure: str
    subject: str
    subject_id: int
    title: str
    area: str
    parent: int | None
    stage: str
    stage_name: str
    public_stage: str
    visit: int
    status: str
    outcome: str
    outcome_name: str
    outcome_kind: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    due_basis: str
    due_note: str
    own_due: str
    own_due_basis: str
    yellow_at: datetime | None
    red_at: datetime | None
    clock_at: datetime | None
    paused_at: datetime | None
    resume_at: datetime | None
    supervised: bool
    recused: tuple[int, ...]
    revision: int
    holdings: tuple[Holding, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the case still goes on."""
        return self.status == Status.OPEN

    @property
    def light(self) -> str:
        """`late`, `soon`, `waiting` (paused) or an empty text."""
        return light_at(clock.now(), self.yellow_at, self.red_at, self.paused_at)

    @property
    def owner_label(self) -> str:
        """Who carries the case now, for people."""
        carrying = [h.words for h in self.holdings if h.part in (Part.LEAD, Part.FAN)]
        return "、".join(carrying)

    def shown(self) -> dict[str, Any]:
        """Return what `CaseShown` tells of the case."""
        found = {one.name: getattr(self, one.name) for one in fields(CaseShown)}
        return found | {"light": self.light if self.is_open else ""}


def light_at(
    moment: datetime, yellow: datetime | None, red: datetime | None, paused: datetime | None
) -> str:
    """Return the light of an open case at a moment."""
    if paused is not None:
        return "waiting"
    if red is not None and moment >= red:
        return "late"
    return "soon" if yellow is not None and moment >= yellow else ""


@functools.lru_cache(maxsize=4096)
def _reader(column: str, actor: Actor | None) -> tuple[sql.Statement, dict[str, Any]]:
    """Return the statement that reads one case in the actor's reach (None: any), and its values.

    `visible_cases` alone says who sees what: its condition is taken over as it was compiled.
    """
    text = f"{sql.statement('procedures', 'case_state')}WHERE procedures_case.{column} = %(wanted)s"
    if actor is None:
        return sql.Statement(text), {}
    query = visible_cases(actor).query
    if not query.where:
        return sql.Statement(text), {}
    try:
        condition, given = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    except EmptyResultSet:
        return sql.Statement(f"{text} AND false"), {}
    names = [f"reach_{number}" for number in range(len(given))]
    condition = condition % tuple(f"%({name})s" for name in names)
    return sql.Statement(f"{text} AND ({condition})"), dict(zip(names, given, strict=True))


def _read(column: str, wanted: int | str, actor: Actor | None, *, named: bool) -> CaseState | None:
    text, reach = _reader(column, actor)
    found = sql.run(text, {"wanted": wanted, **reach})
    if not found:
        return None
    held = [
        {**dict(zip(_HELD, item, strict=True)), "due_at": _moment(item[-1])}
        for item in found[0].pop("held") or ()
    ]
    return _state(found[0], _named(held, named=named))


_HELD = ("id", "part", "owner", "pool", "claimed_by", "due_at")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def case_by_reference(actor: Actor, reference: str) -> CaseState:
    """Return the case that *actor* may see under this reference; raise `CaseUnknown`."""
    try:
        wanted = references.check(reference)
    except references.InvalidReference:
        raise CaseUnknown(field="reference") from None
    found = _read("reference", wanted, actor, named=True)
    if found is None:
        raise CaseUnknown(field="reference")
    return found


def case_by_id(actor: Actor, case: int, *, named: bool = True) -> CaseState:
    """Return the case that *actor* may see; raise `CaseUnknown`.

    Without *named* the names of owners are left to be looked up if somebody asks for them.
    """
    found = _read("id", case, actor, named=named)
    if found is None:
        raise CaseUnknown()
    return found


def case_state(case: int, *, named: bool = True) -> CaseState:
    """Return where a case stands; the caller has checked who may see it. Raise `CaseUnknown`."""
    found = _read("id", case, None, named=named)
    if found is None:
        raise CaseUnknown()
    return found


def state_of(case: Case, *, named: bool = True) -> CaseState:
    """Return the state of a case row, with its open items."""
    holdings = holdings_of([case.pk], named=named).get(case.pk, ())
    return as_state(case, holdings)


def as_state(case: Case, holdings: tuple[Holding, ...]) -> CaseState:
    """Return the state of a case row with these open items."""
    columns = ("version_id", "parent_id", "recused", *_COPIED)
    return _state({name: getattr(case, name) for name in columns}, holdings)


def _state(columns: Mapping[str, Any], holdings: tuple[Holding, ...]) -> CaseState:
    definition = definition_of(columns["version_id"])
    stage = definition.stages.get(columns["stage"])
    outcome = definition.outcomes.get(columns["outcome"])
    recused = tuple(columns["recused"])
    if recused:
        holdings = tuple(replace(held, recused=recused) for held in holdings)
    return CaseState(
        version=columns["version_id"],
        parent=columns["parent_id"],
        holdings=holdings,
        recused=recused,
        stage_name=outcome.name if outcome else stage.name if stage else columns["stage"],
        public_stage=outcome.public_name if outcome else stage.public_name if stage else "",
        outcome_name=outcome.name if outcome else "",
        **{name: columns[name] for name in _COPIED},
    )


_COPIED = (
    "id",
    "reference",
    "procedure",
    "subject",
    "subject_id",
    "title",
    "area",
    "stage",
    "visit",
    "status",
    "outcome",
    "outcome_kind",
    "opened_at",
    "closed_at",
    "due_at",
    "due_basis",
    "due_note",
    "own_due",
    "own_due_basis",
    "yellow_at",
    "red_at",
    "clock_at",
    "paused_at",
    "resume_at",
    "supervised",
    "revision",
)


def holdings_of(cases: Iterable[int], *, named: bool = True) -> dict[int, tuple[Holding, ...]]:
    """Return the open items of many cases, with names when *named*, in at most five statements."""
    rows = sql.rows("procedures", "open_items", {"cases": list(cases)})
    found: dict[int, tuple[Holding, ...]] = {}
    for row, holding in zip(rows, _named(rows, named=named), strict=True):
        found[row["case_id"]] = (*found.get(row["case_id"], ()), holding)
    return found


def _named(rows: Sequence[Mapping[str, Any]], *, named: bool) -> tuple[Holding, ...]:
    """Return open items as read, with what people call their owners when *named*."""
    labels = owner_labels(row["owner"] for row in rows) if named else {}
    claiming = {row["claimed_by"] for row in rows if row["claimed_by"]} if named else set()
    claimers = people.display_names(claiming) if claiming else {}
    return tuple(
        Holding(
            row["id"],
            row["part"],
            row["owner"],
            row["pool"],
            row["claimed_by"],
            row["due_at"],
            labels.get(row["owner"], ""),
            claimers.get(row["claimed_by"] or 0, ""),
        )
        for row in rows
    )


def owner_labels(owners: Iterable[str], places: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what people call each owner, in at most four statements; *places* saves one."""
    wanted = set(owners)
    at_areas = {o: o.split("@", 1) for o in wanted if "@" in o}
    of_organisations = {o: int(o[4:]) for o in wanted if o.startswith("org:")}
    of_people = {o: int(o[4:]) for o in wanted if o.startswith("acc:")}
    if places is None:
        places = area_names({area for _role, area in at_areas.values()}) if at_areas else {}
    roles = organisations.role_names() if at_areas else {}
    named = organisations.organisation_names(of_organisations.values()) if of_organisations else {}
    persons = people.display_names(set(of_people.values())) if of_people else {}
    labels = {
        owner: f"{places.get(area, area)} {roles.get(role, role)}"
        for owner, (role, area) in at_areas.items()
    }
    labels |= {owner: named.get(i, _("单位")) for owner, i in of_organisations.items()}
    labels |= {owner: persons.get(i, _("个人")) for owner, i in of_people.items()}
    return labels


def visited(case: CaseState) -> tuple[str, ...]:
    """Return the stages that a case has been in, in the order first entered, for its drawing."""
    found = WorkItem.objects.filter(case_id=case.id).order_by("id").values_list("stage", flat=True)
    return tuple(dict.fromkeys(found))


def definition_for(case: CaseState) -> Definition:
    """Return the definition that the case is pinned to."""
    return definition_of(case.version)


def due_in_words(case: CaseState) -> tuple[int, str]:
    """Return working days left (negative when overdue) and the legal basis of the due time."""
    if case.due_at is None:
        return 0, case.due_basis
    from gongzhi.kernel.workcalendar import CalendarYearUnknown

    try:
        return calendar().workdays_between(clock.now(), case.due_at), case.due_basis
    except CalendarYearUnknown:
        return (case.due_at - clock.now()).days, case.due_basis


def matching(actor: Actor, **conditions: Any) -> QuerySet[Case]:
    """Return visible cases that meet exact conditions on their columns."""
    return visible_cases(actor).filter(**conditions)
