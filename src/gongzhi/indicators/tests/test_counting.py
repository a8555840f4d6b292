"""Figures come out of facts: what counts where, and what a correction does."""

from __future__ import annotations

from gongzhi.indicators.tests import support as given
from gongzhi.indicators.tests.support import COMMUNITY, DISTRICT, GRID, STREET, tally
from gongzhi.kernel.action import action
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.matters.actions import classify_matter, locate_matter
from gongzhi.procedures.actions import Opening, move_case, open_case, reopen_case
from gongzhi.procedures.tests.support import World


def test_a_matter_counts_at_every_level_above_it(world: World) -> None:
    given.solved(world)
    given.catch_up()
    for area in (DISTRICT, STREET, COMMUNITY, GRID):
        assert tally("received", area) == 1
        assert tally("closed", area) == 1
        assert tally("closed_in_time", area) == 1
        assert tally("closed_grid", area) == 1
    assert tally("received", cut="c", key="parking") == 1
    assert (tally("verdicts"), tally("verdicts_solved"), tally("verdicts_satisfied")) == (1, 1, 1)
    assert tally("responded_in_time") == tally("responded") == 1


def test_a_step_past_its_due_time_is_late_whoever_closes_in_time(world: World) -> None:
    found = given.report()
    given.answer(world, found, 6)  # the grid has two working days
    given.rate(world, found, 6.1)
    given.catch_up()
    assert (tally("closed"), tally("closed_in_time")) == (1, 0)
    assert (tally("responded"), tally("responded_in_time")) == (1, 0)


def test_counting_in_pieces_is_counting_at_once(world: World) -> None:
    found = given.answered(world)
    given.catch_up()
    given.rate(world, found, 1)
    given.catch_up()
    given.catch_up()
    assert (tally("received"), tally("closed"), tally("verdicts")) == (1, 1, 1)


def test_a_reopened_matter_is_no_longer_closed(world: World) -> None:
    found = given.solved(world)
    given.catch_up()
    with given.at(1):
        secretary = world.staff["community_secretary"]
        reopen_case(actor=secretary, case=found.case, stage="grid", reason="又停满了")
    given.catch_up()
    assert (tally("received"), tally("closed"), tally("closed_grid")) == (1, 0, 0)
    given.answer(world, found, 1.1)
    given.rate(world, found, 2)
    given.catch_up()
    assert tally("closed") == 1
    assert tally("verdicts") == 1


def test_another_category_and_place_take_their_figures_along(world: World) -> None:
    found = given.report()
    given.catch_up()
    worker = world.staff["community_worker"]
    with given.at(0.1):
        given.move(world.staff["grid_worker"], found, "pass_up", 0.1, pass_reason="不是网格的事")
        classify_matter(actor=worker, reference=found.reference, category="noise")
        locate_matter(actor=worker, reference=found.reference, area="320602001001002")
    given.catch_up()
    assert tally("received", cut="c", key="parking") == 0
    assert tally("received", cut="c", key="noise") == 1
    assert tally("received", GRID) == 0
    assert tally("received", "320602001001002") == 1
    assert tally("received") == 1


def test_an_excluded_matter_is_taken_out_and_shown_as_excluded(world: World) -> None:
    found = given.solved(world, 0)
    with given.at(1):
        secretary = world.staff["community_secretary"]
        reopen_case(actor=secretary, case=found.case, stage="street", reason="重新核实")
    clerk = world.staff["district_clerk"]
    given.move(clerk, found, "exclude", 1.1, exclude_reason="false_report", note="不属实")
    given.catch_up()
    assert (tally("excluded"), tally("closed"), tally("verdicts"), tally("responded")) == (
        1,
        0,
        0,
        0,
    )
    assert tally("received") == 1


def test_a_dispatched_matter_counts_for_the_organisation(world: World) -> None:
    found = given.report()
    given.move(world.staff["grid_worker"], found, "pass_up", 0.1, pass_reason="要部门")
    given.move(world.staff["community_worker"], found, "pass_up", 0.2, pass_reason="要部门")
    department = world.departments[0]
    given.move(
        world.staff["street_officer"], found, "dispatch", 0.3,
        lead_organisation=department, instruction="请办",
    )  # fmt: skip
    given.move(world.liaisons[department], found, "answer", 1, result="solved", answer="划了线")
    given.rate(world, found, 1.1)
    given.catch_up()
    assert tally("closed", cut="o", key=str(department)) == 1
    assert (tally("closed_district"), tally("closed_grid")) == (1, 0)
    assert tally("moves", cut="m", key="matter/street/dispatch/street_officer") == 1


def test_nothing_counted_is_no_figure(world: World) -> None:
    given.catch_up()
    assert tally("received") == 0


def test_a_whistle_answered_before_its_due_time_counts_as_in_time(world: World) -> None:
    department = world.departments[0]
    called = {"whistle_kind": "emergency", "scene": "北门", "whistle_request": "请来"}
    for number, hours in enumerate((1, 40)):
        with given.at(number / 100):
            opening = Opening(
                "whistle", GRID, "procedures.task", 1, "测试", "summon",
                answers={"department": department, **called},
            )  # fmt: skip
            opened = open_sub_case(actor=SYSTEM, opening=opening)
        with given.at(number / 100 + hours / 24):
            move_case(
                actor=world.liaisons[department], case=opened, move="arrive",
                data={"arrived": "到了"},
            )  # fmt: skip
    given.catch_up()
    assert (tally("whistles"), tally("whistles_in_time")) == (2, 1)
    assert tally("whistles", cut="o", key=str(department)) == 2
    assert tally("received") == 0


@action
def open_sub_case(*, actor: Actor, opening: Opening) -> int:
    """Open a case that no matter stands behind."""
    return open_case(actor=actor, opening=opening).id
