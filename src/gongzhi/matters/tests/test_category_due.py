"""A category's own time dates the stages whose file asks for it, from when the table says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.matters import actions
from gongzhi.matters.tests.support import BASE, report
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import ask_pause, fire_timers, rule_pause
from gongzhi.procedures.models import WorkItem
from gongzhi.procedures.tests.support import MOMENT, World, days, make

TABLE = (BASE / "categories.csv").read_text("utf-8")
LAMP = "lamp,,路灯,Street lamps,,,路灯,6 hours,照明条例第三条\n"
LAMP_SLOWER = LAMP.replace("6 hours", "20 workdays")


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel_to(MOMENT):
        yield


def load(lines: str) -> None:
    """Bring the shipped table with these lines into force."""
    actions.load_categories(actor=SYSTEM, file=(TABLE.rstrip("\n") + "\n" + lines).encode())


def due(case: int) -> tuple[float, str]:
    """Return in how many hours from now the case is due, and by which rule."""
    state = procedures.case_state(case)
    assert state.due_at is not None
    return (state.due_at - MOMENT) / timedelta(hours=1), state.due_basis


def to_street(world: World, case: int) -> None:
    """Pass a case up to the street."""
    make(world, case, "pass_up")
    make(world, case, "pass_up")


def test_new_matters_get_it_and_old_ones_keep_theirs(world: World) -> None:
    load(LAMP.replace("6 hours,照明条例第三条", ","))
    old = report(category="lamp").case
    grid = due(old)
    assert grid[1] == "网格办理期限（默认值）"
    load(LAMP)
    new = report(category="lamp").case
    assert due(new) == (6, "照明条例第三条")
    assert due(old) == grid
    to_street(world, old)
    to_street(world, new)
    assert due(new) == (6, "照明条例第三条")
    assert due(old)[1].startswith("一般事项5个工作日")
    load(LAMP_SLOWER)
    make(world, new, "dispatch")
    assert due(new) == (6, "照明条例第三条")  # what it was reported under


def test_a_stage_without_the_mark_is_untouched_and_a_shorter_one_stays(world: World) -> None:
    load(LAMP + LAMP_SLOWER.replace("lamp", "pole"))
    slow, quick = report(category="pole").case, report(category="lamp").case
    assert due(slow)[1] == "网格办理期限（默认值）"  # two working days end before twenty
    to_street(world, slow)
    assert due(slow)[1] == "照明条例第三条"
    to_street(world, quick)
    make(world, quick, "whistle")
    assert due(quick)[1].startswith("吹哨事项10个工作日")


def test_a_corrected_category_dates_the_open_stage_from_its_beginning(world: World) -> None:
    load(LAMP)
    found = report(category="sanitation")
    before = procedures.case_state(found.case)
    with clock.travel_to(MOMENT + timedelta(hours=2)):
        _classify(world, found.reference, "lamp")
    after = procedures.case_state(found.case)
    assert due(found.case) == (6, "照明条例第三条")
    assert after.revision == before.revision + 1
    assert set(WorkItem.objects.values_list("due_at", flat=True)) == {after.due_at}
    assert [f.kind for f in facts_of(found.case)].count("procedures.due_set") == 1
    _classify(world, found.reference, "sanitation")
    assert due(found.case)[1] == before.due_basis
    assert procedures.case_state(found.case).due_at == before.due_at


def test_a_correction_that_is_late_already_turns_red_at_once(world: World) -> None:
    load(LAMP)
    found = report(category="sanitation")
    with clock.travel_to(MOMENT + timedelta(hours=8)):
        _classify(world, found.reference, "lamp")
        assert procedures.case_state(found.case).light == "late"
        fire_timers(actor=SYSTEM)
        lights = [f for f in facts_of(found.case) if f.kind == "procedures.light_turned"]
    assert [f.data["light"] for f in lights if f.data["light"] == "red"] == ["red"]


def test_what_the_clock_stood_still_is_kept(world: World) -> None:
    load(LAMP)
    found = report(category="sanitation")
    to_street(world, found.case)
    officer = world.staff["street_officer"]
    ask_pause(actor=officer, case=found.case, workdays=2, reason="等材料")
    rule_pause(actor=world.staff["street_secretary"], case=found.case, approved=True)
    with clock.travel_to(MOMENT + days(2)):
        fire_timers(actor=SYSTEM)
    with clock.travel_to(MOMENT + days(7)):
        fire_timers(actor=SYSTEM)
        stood = procedures.case_state(found.case).due_at
        _classify(world, found.reference, "lamp")
        again = procedures.case_state(found.case)
        assert again.due_at is not None
        assert stood is not None
        assert again.due_at > MOMENT + timedelta(hours=6)
        assert again.paused_at is None


def _classify(world: World, reference: str, category: str) -> None:
    secretary = world.staff["street_secretary"]
    actions.classify_matter(actor=secretary, reference=reference, category=category)
