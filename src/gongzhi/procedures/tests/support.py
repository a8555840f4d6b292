"""A small district whose cases tests can play: every role held, procedures loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from gongzhi.kernel import clock
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import REPORTER, SYSTEM, Actor
from gongzhi.organisations import queries as organisations
from gongzhi.organisations.actions import NewOrganisation, establish_organisation
from gongzhi.organisations.tests import support as small
from gongzhi.people.models import Account
from gongzhi.procedures import actions, queries
from gongzhi.procedures.actions import Opening
from gongzhi.procedures.definition import Field
from gongzhi.procedures.definition.graph import way_to
from gongzhi.procedures.models import WorkItem
from gongzhi.procedures.queries import CaseState

BASE = small.BASE
GRID, COMMUNITY, STREET, DISTRICT = small.GRID, small.COMMUNITY, small.STREET, small.DISTRICT
MOMENT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Asia/Shanghai

STAFF = {
    "grid_worker": GRID,
    "community_worker": COMMUNITY,
    "community_secretary": COMMUNITY,
    "street_officer": STREET,
    "street_secretary": STREET,
    "district_clerk": DISTRICT,
}


@dataclass
class World:
    """Who is who, and the departments."""

    staff: dict[str, Actor] = field(default_factory=dict)
    departments: list[int] = field(default_factory=list)
    liaisons: dict[int, Actor] = field(default_factory=dict)

    def holder(self, owner: str) -> Actor:
        """Return somebody who holds what *owner* names."""
        if owner.startswith("org:"):
            return self.liaisons[int(owner[4:])]
        if owner.startswith("acc:"):
            return next(a for a in self.staff.values() if a.account == int(owner[4:]))
        return self.staff[owner.partition("@")[0]]

    def acting(self, state: CaseState) -> Actor:
        """Return somebody who carries the case now."""
        return self.holder(next(h.owner for h in state.holdings if h.part in ("lead", "fan")))


def build_world(folders: tuple[Path, ...] = (BASE,)) -> World:
    """Load the small district, its people and the procedures of the folders."""
    small.small_district()
    world = World()
    for role, area in STAFF.items():
        world.staff[role] = small.staff(role, role, area)
    for number in range(3):
        found = establish_organisation(
            actor=SYSTEM,
            new=NewOrganisation("department", f"部门{number}", DISTRICT, valid_from=small.FOUNDED),
        )
        account = small.person(f"liaison{number}", DISTRICT)
        small.give(account, "department_liaison", organisation=found)
        world.departments.append(found)
        world.liaisons[found] = organisations.actor_for(account)
    for folder in folders:
        actions.load_procedures(actor=SYSTEM, directory=folder, scope="")
    return world


@action
def open_matter(
    *,
    actor: Actor = SYSTEM,
    procedure: str = "matter",
    first_move: str = "",
    area: str = GRID,
    subject: str = "matters.matter",
) -> int:
    """Open a case that no matter stands behind: the engine alone."""
    opening = Opening(procedure, area, subject, 1, "测试", first_move)
    return actions.open_case(actor=actor, opening=opening).id


def answer(world: World, wanted: Field) -> Any:
    """Return a right answer to a field."""
    answers: dict[str, Any] = {
        "text": "说明",
        "long_text": "说明",
        "date": (clock.today() + days(6)).isoformat(),
        "datetime": f"{clock.today() + days(6)}T09:00",
        "integer": 10,
        "money": 100,
        "area": COMMUNITY,
        "organisation": world.departments[0],
        "organisations": world.departments[1:],
        "files": ["a"],
        "boolean": True,
        "person": world.staff["grid_worker"].account,
        "rows": [{f.key: answer(world, f) for f in wanted.columns if f.required}],
    }
    return wanted.choices[0].key if wanted.choices else answers[wanted.type]


def filled(world: World, state: CaseState, move: str) -> dict[str, Any]:
    """Return right answers to the required fields of a move."""
    found = queries.definition_of(state.version).move(state.stage, move)
    form = found.form if found else ()
    return {f.key: answer(world, f) for f in form if f.required}


def mover(world: World, state: CaseState, move: str) -> Actor:
    """Return somebody who may make this move."""
    found = queries.definition_of(state.version).move(state.stage, move)
    if found is not None and found.moved_by == "reporter":
        return REPORTER
    if found is not None and found.by is not None and found.by.role:
        return world.staff[found.by.role]
    return world.acting(state)


def make(world: World, case: int, move: str, **data: Any) -> CaseState:
    """Make a move as somebody who may, filling in what is not given."""
    state = queries.case_state(case)
    for helper in [h for h in state.holdings if h.part == "assist"]:
        actions.move_case(
            actor=world.holder(helper.owner), case=case, move="close_part", data={"note": "已配合"}
        )
    state = queries.case_state(case)
    answers = filled(world, state, move) | data
    return actions.move_case(actor=mover(world, state, move), case=case, move=move, data=answers)


def show(case: int) -> None:
    """Put every piece of evidence that a move out of the case's stage may ask for."""
    state = queries.case_state(case)
    for move in queries.definition_for(state).moves_from(state.stage):
        for kind, count in move.evidence.items():
            for number in range(count):
                actions.add_evidence(actor=SYSTEM, case=case, kind=kind, reference=str(number))


def close_child(world: World, case: int) -> CaseState:
    """Bring a case to an end by the shortest way, as whoever may."""
    state = queries.case_state(case)
    definition = queries.definition_for(state)
    ways = [way_to(definition, end, start=state.stage) for end in definition.outcomes]
    for move in min((way for way in ways if way), key=len):
        show(case)
        state = make(world, case, move.key)
    return state


def carried(case: int) -> tuple[str, bool, bool]:
    """Return the case's status, whether somebody holds it, whether a clock runs."""
    state = queries.case_state(case)
    held = WorkItem.objects.filter(case_id=case, done_at=None).exists()
    return state.status, held, state.clock_at is not None


def days(count: int) -> timedelta:
    """Return that many days."""
    return timedelta(days=count)


def desk(actor: Actor) -> Client:
    """Return the browser of a member of staff, second factor given."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account or 0))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client
