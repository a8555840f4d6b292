"""Roles and kinds of organisation as data: faults named with file and line, loading idempotent."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import NotAllowed
from gongzhi.organisations import queries
from gongzhi.organisations.actions import (
    load_district_definitions,
    load_roles,
)
from gongzhi.organisations.actions.definitions import read_definitions
from gongzhi.organisations.choices import POWERS
from gongzhi.organisations.definitions import parse_kinds, parse_roles
from gongzhi.organisations.errors import DefinitionsInvalid, RoleTaken
from gongzhi.organisations.tests.support import BASE, GRID, give, person, small_district, staff

KINDS = ("department", "unit")


def faults(text: str) -> list[str]:
    with pytest.raises(DefinitionsInvalid) as refused:
        parse_roles(text, "roles.yaml", KINDS)
    return [str(fault) for fault in refused.value.faults]


def test_what_ships_is_without_fault_and_uses_every_power() -> None:
    kinds, roles = read_definitions([BASE])
    assert len(kinds) == 8
    assert {power for role in roles for power in role.powers} == set(POWERS)
    assert {role.apart for role in roles if role.apart} == {"system", "security", "audit"}


def test_every_fault_is_named_with_line_and_mend() -> None:
    text = """roles:
  - id: one
    name: {zh: 甲}
    levels: [grids]
    powers: [matters.se, matters.handle]
  - id: one
    name: {en: Two}
    levels: [grid]
    single: perhaps
    power: []
  - id: Third One
    name: 丙
"""
    found = faults(text)
    assert [line.split(": ")[0] for line in found] == [
        "roles.yaml:4",
        "roles.yaml:5",
        "roles.yaml:6",
        "roles.yaml:7",
        "roles.yaml:9",
        "roles.yaml:10",
        "roles.yaml:11",
        "roles.yaml:11",
    ]
    assert "是否要写 grid" in found[0]
    assert "是否要写 matters.see" in found[1]
    assert all("修改：" in line for line in found)


@pytest.mark.parametrize("text", ["", "roles: x", "roles:\n - a\n - [", "- 1", "roles: {a: 1}"])
def test_rubbish_is_a_named_fault_too(text: str) -> None:
    assert faults(text)[0].startswith("roles.yaml:")


def test_a_ring_of_parents_is_refused() -> None:
    text = """kinds:
  - {id: one, name: 甲, parents: [two], levels: [grid]}
  - {id: two, name: 乙, parents: [one], levels: [grid]}
"""
    with pytest.raises(DefinitionsInvalid) as refused:
        parse_kinds(text, "kinds.yaml")
    assert [fault.line for fault in refused.value.faults] == [2, 3]


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_a_dry_run_writes_nothing() -> None:
    first = load_district_definitions(actor=SYSTEM, folders=[BASE], dry_run=True)
    assert first["roles"].added
    assert queries.role_book().roles == {}
    load_district_definitions(actor=SYSTEM, folders=[BASE])
    digest = queries.role_book().digest
    again = load_district_definitions(actor=SYSTEM, folders=[BASE])
    assert not again["roles"]
    assert not again["organisation_kinds"]
    assert queries.role_book().digest == digest


@pytest.mark.django_db
def test_a_district_changes_a_role_and_everybody_sees_it_at_once(tmp_path: Path) -> None:
    small_district()
    worker = staff("worker", "grid_worker", GRID)
    assert worker.has("matters.handle")
    own = "roles: [{id: grid_worker, name: 红色管家, levels: [grid], powers: [matters.see]}]"
    (tmp_path / "roles.yaml").write_text(own, encoding="utf-8")
    changes = load_district_definitions(actor=SYSTEM, folders=[BASE, tmp_path])
    assert changes["roles"].changed == ("grid_worker",)
    worker = queries.actor_for(worker.account or 0)
    assert worker.has("matters.see")
    assert not worker.has("matters.handle")
    assert queries.role_name("grid_worker") == "红色管家"


@pytest.mark.django_db
def test_a_role_gone_from_the_file_gives_no_power_any_more() -> None:
    small_district()
    worker = staff("worker", "grid_worker", GRID)
    _kinds, roles = read_definitions([BASE])
    left = [role for role in roles if role.key != "grid_worker"]
    assert load_roles(actor=SYSTEM, roles=left).retired == ("grid_worker",)
    worker = queries.actor_for(worker.account or 0)
    assert worker.posts
    assert not worker.has("matters.see")
    assert "grid_worker" in load_roles(actor=SYSTEM, roles=roles).changed
    assert queries.actor_for(worker.account or 0).has("matters.see")


@pytest.mark.django_db
def test_a_role_cannot_become_single_while_two_hold_it(tmp_path: Path) -> None:
    small_district()
    for name in ("one", "two"):
        give(person(name), "grid_worker", GRID)
    own = "roles: [{id: grid_worker, name: 网格员, levels: [grid], single: true}]"
    (tmp_path / "roles.yaml").write_text(own, encoding="utf-8")
    with pytest.raises(RoleTaken):
        load_district_definitions(actor=SYSTEM, folders=[BASE, tmp_path])


@pytest.mark.django_db
def test_only_system_administration_loads_definitions() -> None:
    small_district()
    worker = staff("worker", "grid_worker", GRID)
    with pytest.raises(NotAllowed):
        load_roles(actor=worker, roles=[])
