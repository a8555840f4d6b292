"""Splits, merges, renumberings: nothing is lost, nothing is overwritten, everything is linked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from gongzhi.areas import actions, queries
from gongzhi.areas.actions import Change, Link, Part
from gongzhi.areas.actions.writing import NewArea, NewShape, forget_places, save_shapes
from gongzhi.areas.apportion import apportion
from gongzhi.areas.choices import AdjustmentKind, AdjustmentState
from gongzhi.areas.errors import AreaOverlap, AreaUnknown, NotConserved
from gongzhi.areas.models import Adjustment, AreaShape, Succession
from gongzhi.areas.tests.support import (
    DAY,
    DISTRICT,
    FAR_HOME,
    HOME,
    OTHER_HOME,
    SINCE,
    STREET,
    current,
    open_rows,
    sums,
)
from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock, codes
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db
NEW = "990101001003"
CHANGE = Change(DAY, "规模调整", 1)


def _split_home() -> int:
    parts = [
        Part(HOME, "一社区", (HOME + "002", HOME + "003")),
        Part(NEW, "新社区", (HOME + "001",)),
    ]
    return actions.split_area(actor=SYSTEM, code=HOME, parts=parts, change=CHANGE)


@pytest.mark.requirement("002-17")
def test_a_split_conserves_households_residents_and_grids(tree: None) -> None:
    before = sums(STREET, "community"), sums(STREET, "grid")
    _split_home()
    assert (sums(STREET, "community"), sums(STREET, "grid")) == before
    assert (current(HOME).households, current(HOME).residents) == (300, 800)
    assert (current(NEW).households, current(NEW).residents) == (300, 700)
    assert [a.code for a in queries.children(NEW)] == [NEW + "001"]
    assert current(NEW + "001").name == "新社区第1网格"
    assert current(NEW + "001001").households == 40
    assert [a.code for a in queries.children(HOME)] == [HOME + "002", HOME + "003"]


def test_before_the_day_of_a_split_everything_is_as_it_was(tree: None) -> None:
    _split_home()
    before = DAY - timedelta(days=1)
    assert queries.get_area(HOME, before).valid_to == DAY
    assert len(queries.children(HOME, before)) == 3
    with pytest.raises(AreaUnknown):
        queries.get_area(NEW, before)
    with pytest.raises(AreaUnknown):
        queries.get_area(HOME + "001")
    assert queries.names([HOME + "001"]) == {HOME + "001": "一社区第1网格"}


def test_a_split_is_told_as_history_and_as_a_fact(tree: None) -> None:
    adjustment = _split_home()
    told = {(item.old_code, item.new_code) for item in queries.history(HOME)}
    assert told == {(HOME, HOME), (HOME, NEW)}
    assert {i.old_code for i in queries.history(NEW + "001")} == {HOME + "001"}
    fact = FactRecord.objects.get(kind="areas.adjusted")
    assert fact.area == HOME
    assert fact.data["adjustment"] == adjustment
    assert NEW in fact.data["successors"]


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([Part(HOME, "一社区", (HOME + "001", HOME + "002", HOME + "003"))], InvalidInput),
        ([Part(HOME, "一", (HOME + "001",)), Part(NEW, "新", (HOME + "002",))], InvalidInput),
        (
            [Part(HOME, "一", (HOME + "001", HOME + "002")), Part(NEW, "新", (HOME + "002",))],
            InvalidInput,
        ),
        (
            [
                Part(HOME, "一", (HOME + "001", HOME + "002")),
                Part(NEW, "新", (HOME + "003",), households=101),
            ],
            NotConserved,
        ),
        (
            [
                Part(HOME, "一", (HOME + "001", HOME + "002")),
                Part(NEW + "001", "新", (HOME + "003",)),
            ],
            InvalidInput,
        ),
    ],
)
def test_what_is_no_split_is_refused(tree: None, parts: list[Part], error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.split_area(actor=SYSTEM, code=HOME, parts=parts, change=CHANGE)
    assert not Adjustment.objects.exists()


def test_a_code_in_use_cannot_be_taken_by_a_split(tree: None) -> None:
    parts = [
        Part(HOME, "一社区", (HOME + "001", HOME + "002")),
        Part(OTHER_HOME, "占用", (HOME + "003",)),
    ]
    with pytest.raises(AreaOverlap):
        actions.split_area(actor=SYSTEM, code=HOME, parts=parts, change=CHANGE)


def test_a_leaf_splits_by_stated_counts_only(tree: None) -> None:
    grid = HOME + "001001"
    wrong = [Part(grid, "一号楼", (), 20, 40), Part(HOME + "001002", "二号楼", (), 19, 50)]
    with pytest.raises(NotConserved):
        actions.split_area(actor=SYSTEM, code=grid, parts=wrong, change=CHANGE)


@pytest.mark.parametrize("day", [SINCE, date(2019, 1, 1), clock.today() + timedelta(days=1)])
def test_a_day_before_the_area_or_after_today_is_refused(tree: None, day: date) -> None:
    with pytest.raises(InvalidInput):
        actions.rename_area(actor=SYSTEM, code=HOME, name="新名", change=Change(day, "更名"))


@pytest.mark.requirement("002-17")
def test_a_merge_conserves_and_numbers_grids_on(tree: None) -> None:
    before = sums(STREET, "community"), sums(STREET, "grid")
    into = Part(HOME, "大社区")
    actions.merge_areas(actor=SYSTEM, merged=[HOME, OTHER_HOME], into=into, change=CHANGE)
    assert (sums(STREET, "community"), sums(STREET, "grid")) == before
    assert current(HOME).name == "大社区"
    assert [a.code for a in queries.children(HOME)] == [HOME + f"00{n}" for n in (1, 2, 3, 4)]
    assert queries.children(OTHER_HOME) == []
    assert {i.new_code for i in queries.history(OTHER_HOME + "001")} == {HOME + "004"}


def test_a_rename_keeps_the_old_name_for_the_time_before(tree: None) -> None:
    change = Change(DAY, "更名")
    actions.rename_area(actor=SYSTEM, code=HOME, name="新名社区", change=change)
    assert queries.get_area(HOME).name == "新名社区"
    assert queries.names([HOME], date(2022, 1, 1)) == {HOME: "一社区"}
    assert [name for name, *_ in queries.periods(HOME)] == ["一社区", "新名社区"]
    assert len(queries.children(HOME)) == 3


def test_areas_with_others_inside_are_not_renumbered(tree: None) -> None:
    links = [Link(HOME, NEW, 600, 1500)]
    with pytest.raises(InvalidInput):
        actions.renumber_areas(
            actor=SYSTEM, area=STREET, links=links, named={NEW: "新"}, change=CHANGE
        )


def test_a_plan_is_carried_out_once(tree: None) -> None:
    later = clock.today() + timedelta(days=400)
    plan = actions.plan_adjustment(
        actor=SYSTEM, kind=AdjustmentKind.SPLIT, code=HOME, change=Change(later, "二批", 2)
    )
    assert [p.batch for p in queries.planned_adjustments(DISTRICT)] == [2]
    parts = [
        Part(HOME, "一社区", (HOME + "001",)),
        Part(NEW, "新社区", (HOME + "002", HOME + "003")),
    ]
    change = Change(DAY, "二批", 2, planned=plan)
    done = actions.split_area(actor=SYSTEM, code=HOME, parts=parts, change=change)
    assert done == plan
    assert Adjustment.objects.get(id=plan).state == AdjustmentState.DONE
    assert queries.planned_adjustments(DISTRICT) == []


def test_only_who_manages_every_code_may_adjust(
    tree: None, manager: Callable[[str], Actor]
) -> None:
    into = Part(HOME, "大社区")
    with pytest.raises(NotAllowed):
        actions.merge_areas(
            actor=manager(HOME), merged=[HOME, OTHER_HOME], into=into, change=CHANGE
        )
    assert actions.merge_areas(
        actor=manager(STREET), merged=[HOME, OTHER_HOME], into=into, change=CHANGE
    )


@action
def _draw(*, actor: Actor, code: str, shape: BaseGeometry) -> None:
    save_shapes({current(code).id: NewShape(shape, False)})
    forget_places()


def test_outlines_follow_a_split_without_gap_or_overlap(tree: None) -> None:
    for n in range(3):
        box = shapely.box(110 + n, 30, 111 + n, 31)
        _draw(actor=SYSTEM, code=f"{HOME}00{n + 1}", shape=box)
    _draw(actor=SYSTEM, code=HOME, shape=shapely.box(110, 30, 113, 31))
    assert queries.locate(110.5, 30.5) == HOME + "001"
    _split_home()
    assert queries.locate(110.5, 30.5) == NEW + "001"
    found = {
        s.area.code: shapely.from_wkb(bytes(s.geometry))
        for s in AreaShape.objects.filter(area__valid_to=None).select_related("area")
    }
    assert found[NEW].equals(shapely.box(110, 30, 111, 31))
    assert found[HOME].equals(shapely.box(111, 30, 113, 31))


def test_a_grid_that_splits_shares_its_outline(tree: None) -> None:
    grid = OTHER_HOME + "001"
    _draw(actor=SYSTEM, code=grid, shape=shapely.box(110, 30, 111, 31))
    parts = [Part(grid, "甲", (), 200, 450), Part(OTHER_HOME + "002", "乙", (), 200, 450)]
    actions.split_area(actor=SYSTEM, code=grid, parts=parts, change=CHANGE)
    shapes = AreaShape.objects.filter(area__valid_to=None)
    pieces = [shapely.from_wkb(bytes(shape.geometry)) for shape in shapes]
    assert len(pieces) == 2
    assert all(shape.schematic for shape in shapes)
    assert shapely.union_all(pieces).area == pytest.approx(1, rel=1e-4)
    assert shapely.intersection_all(pieces).area == pytest.approx(0, abs=1e-9)


_numbers = iter(range(100, 900))
counts = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 2500)), min_size=1, max_size=8)


@pytest.mark.requirement("002-17", "004-06")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(grids=counts, data=st.data())
def test_any_renumbering_split_and_merge_conserves(
    tree: None, grids: list[tuple[int, int]], data: st.DataObject
) -> None:
    home = f"{STREET}{next(_numbers):03d}"
    total = (sum(h for h, _ in grids), sum(r for _, r in grids))
    rows = [NewArea(home, "社区", "residential", SINCE, "", None, *total)]
    rows += [
        NewArea(codes.child_code(home, n), f"社区{n}", "basic", SINCE, "", None, h, r)
        for n, (h, r) in enumerate(grids, 1)
    ]
    open_rows(actor=SYSTEM, rows=rows)
    links = _any_links(home, grids, data)
    change = Change(date(2021, 1, 1), "重编")
    actions.renumber_areas(actor=SYSTEM, area=home, links=links, named={}, change=change)
    assert sums(home, "grid") == total
    _split_and_merge(home, data)
    assert sums(home, "grid") == total == sums(home, "community")
    olds = Succession.objects.filter(predecessor__code__startswith=home)
    assert all(link.successor.valid_from > link.predecessor.valid_from for link in olds)


def _any_links(home: str, grids: list[tuple[int, int]], data: st.DataObject) -> list[Link]:
    """Share every old grid out to some of the new codes."""
    links = []
    for n, (homes, people) in enumerate(grids, 1):
        old = codes.child_code(home, n)
        chosen = data.draw(st.sets(st.integers(500, 505), min_size=1, max_size=3))
        h, r = apportion(homes, [1] * len(chosen)), apportion(people, [1] * len(chosen))
        links += [
            Link(old, codes.child_code(home, number), h[i], r[i])
            for i, number in enumerate(sorted(chosen))
        ]
    return links


def _split_and_merge(home: str, data: st.DataObject) -> None:
    """Split the community by any cut, then join it again under its old code."""
    below = [area.code for area in queries.children(home)]
    off = data.draw(st.sets(st.sampled_from(below)))
    other = f"{FAR_HOME[:9]}{zlib.crc32(home.encode()) % 800 + 100:03d}"
    parts = [
        Part(home, "社区", tuple(code for code in below if code not in off)),
        Part(other, "分出", tuple(sorted(off))),
    ]
    if len(off) in (0, len(below)):
        return
    actions.split_area(actor=SYSTEM, code=home, parts=parts, change=Change(DAY, "拆"))
    later = Change(DAY + timedelta(days=1), "并")
    actions.merge_areas(actor=SYSTEM, merged=[home, other], into=Part(home, "社区"), change=later)
