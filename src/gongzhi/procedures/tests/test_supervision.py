"""督办 as staff meet it: begun by its occasions or by hand, answered for, taken off the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.queries import timeline as facts_of
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM
from gongzhi.kernel.errors import NotAllowed
from gongzhi.kernel.held import forget_all
from gongzhi.procedures import actions, errors, queries
from gongzhi.procedures.models import Supervision
from gongzhi.procedures.tests.support import MOMENT, World, days, desk, make, open_matter


def supervise(world: World, case: int) -> None:
    """Let the street's secretary put a case under supervision."""
    actions.supervise_case(
        actor=world.staff["street_secretary"], case=case, trigger="bad_effect", reason="媒体来问"
    )


def triggers(case: int) -> list[str]:
    """Return what the case was supervised for, in order."""
    found = Supervision.objects.filter(case_id=case).order_by("id")
    return list(found.values_list("trigger", flat=True))


def test_an_overdue_case_comes_under_supervision_by_itself_and_once(world: World) -> None:
    with clock.travel_to(MOMENT):
        case = open_matter(first_move="to_grid")
    for day in range(8):
        with clock.travel_to(MOMENT + days(day)):
            actions.fire_timers(actor=SYSTEM)
    assert triggers(case) == ["overdue"]
    assert queries.case_state(case).supervised
    (row,) = queries.supervised(world.staff["street_secretary"]).items
    assert (row.trigger, row.reference) == ("超期未办", queries.case_state(case).reference)


def test_twice_unsolved_comes_under_supervision(world: World) -> None:
    case = open_matter(first_move="to_grid")
    for round_ in range(2):
        make(world, case, "answer")
        make(world, case, "verdict_unsolved", satisfaction="dissatisfied")
        assert triggers(case) == ["unsolved"] * round_
        if not round_:
            make(world, case, "redo_grid")


def test_a_department_that_was_told_to_do_it_is_watched(world: World) -> None:
    case = open_matter()
    for move in ("to_grid", "pass_up", "pass_up", "dispatch"):
        make(world, case, move)
    department = world.liaisons[world.departments[0]]
    actions.object_to_dispatch(actor=department, case=case, reason="不归我们管")
    clerk = world.staff["district_clerk"]
    actions.rule_objection(actor=clerk, case=case, upheld=False, ruling="就是你们的")
    assert triggers(case) == ["refused"]


def test_begun_by_hand_answered_by_the_carrier_and_taken_off(world: World) -> None:
    case = open_matter(first_move="to_grid")
    worker, secretary = world.staff["grid_worker"], world.staff["street_secretary"]
    with pytest.raises(NotAllowed):
        actions.supervise_case(actor=worker, case=case, trigger="bad_effect", reason="急")
    supervise(world, case)
    with pytest.raises(errors.SupervisionRefused):
        supervise(world, case)
    with pytest.raises(errors.NotYours):
        actions.answer_supervision(actor=secretary, case=case, words="我来答")
    actions.answer_supervision(actor=worker, case=case, words="今天下午去清")
    actions.end_supervision(actor=secretary, case=case, words="已经清掉")
    assert not queries.case_state(case).supervised
    with pytest.raises(errors.SupervisionRefused):
        actions.end_supervision(actor=secretary, case=case, words="再销一次")
    told = [
        (line.text, [said.words for said in line.said])
        for line in queries.timeline(queries.case_state(case))
    ]
    assert ("督办：造成不良影响", ["媒体来问"]) in told
    assert ("回复督办", ["今天下午去清"]) in told
    assert ("督办销号", ["已经清掉"]) in told
    public = [line.text for line in queries.public_timeline(queries.case_state(case))]
    assert not any("督办" in text for text in public)


def test_the_end_of_a_case_ends_its_supervision(world: World) -> None:
    case = open_matter(first_move="to_grid")
    supervise(world, case)
    make(world, case, "answer")
    make(world, case, "verdict_solved")
    assert not queries.case_state(case).supervised
    assert not Supervision.objects.filter(closed_at=None).exists()
    assert "procedures.supervision_closed" in [fact.kind for fact in facts_of(case)]


def test_the_answer_is_due_in_working_days(world: World) -> None:
    friday = MOMENT + days(2)
    with clock.travel_to(friday):
        case = open_matter(first_move="to_grid")
        supervise(world, case)
    due = Supervision.objects.get().due_at
    assert due is not None
    assert clock.local(due).strftime("%m-%d %H:%M") == "03-10 18:00"


def test_the_list_shows_what_the_reader_may_see_in_few_statements(world: World) -> None:
    for count in (1, 3):
        while Supervision.objects.count() < count:
            supervise(world, open_matter(first_move="to_grid"))
        forget_all()
        with CaptureQueriesContext(connection) as asked:
            found = queries.supervised(world.staff["street_secretary"])
        assert len(found.items) == count
        assert len(asked) <= 6
    assert queries.supervised(world.liaisons[world.departments[0]]).items == ()
    first = queries.supervised(world.staff["street_secretary"], size=2)
    second = queries.supervised(world.staff["street_secretary"], size=2, cursor=first.next or "")
    assert len({row.reference for row in (*first.items, *second.items)}) == 3


def test_the_page_of_a_case_offers_it_to_whom_it_falls(world: World) -> None:
    with clock.travel_to(MOMENT + timedelta(hours=1)):
        case = open_matter(procedure="resolution-task", subject="procedures.task")
        reference = queries.case_state(case).reference
    page = desk(world.staff["street_secretary"]).get(f"/desk/cases/{reference}/")
    assert "督办这件事项" not in page.content.decode()  # its file names no supervisor
    listed = desk(world.staff["street_secretary"]).get("/desk/supervised/").content.decode()
    assert "现在没有督办的事项" in listed
