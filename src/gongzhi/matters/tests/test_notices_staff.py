"""Staff hear of what comes to them, waits for them or is late; nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM, Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters.actions.notifying import tell_of_cases
from gongzhi.matters.tests.notified import EMAIL, HEARD, confirm_addresses, hear, send, told
from gongzhi.matters.tests.support import PHONE, report
from gongzhi.messages import queries
from gongzhi.messages.models import Notice
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import (
    answer_supervision,
    ask_pause,
    assign_item,
    fire_timers,
    object_to_dispatch,
    rule_objection,
    rule_pause,
    supervise_case,
)
from gongzhi.procedures.tests.support import MOMENT, World, make


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    HEARD.clear()


@pytest.fixture
def noon(world: World) -> Any:
    with clock.travel_to(MOMENT):
        yield MOMENT


# --- staff ------------------------------------------------------------------------------------
def test_what_comes_to_somebody_is_told_to_him_and_not_to_who_sent_it(
    world: World, noon: Any
) -> None:
    found = report()
    worker, helper = world.staff["grid_worker"], world.staff["community_worker"]
    assert told(worker) == ["case.pool"]
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert told(worker) == ["case.pool"]
    assert told(helper) == ["case.pool"]
    assert told(world.staff["other_secretary"]) == []


def test_lead_and_assisting_organisations_are_told(world: World, noon: Any) -> None:
    found = report()
    for _step in range(2):
        make(world, found.case, "pass_up", pass_reason="管不了")
    lead, assist = world.departments[:2]
    make(world, found.case, "dispatch", lead_organisation=lead, assisting_organisations=[assist])
    assert told(world.liaisons[lead]) == ["case.assigned"]
    assert told(world.liaisons[assist]) == ["case.assigned"]
    assert told(world.liaisons[world.departments[2]]) == []


def test_who_is_given_an_item_is_told_and_reminders_go_to_who_claimed_it(
    world: World, noon: Any
) -> None:
    found = report()
    make(world, found.case, "pass_up", pass_reason="管不了")
    helper, secretary = world.staff["community_worker"], world.staff["community_secretary"]
    assert told(helper) == ["case.pool"]
    assign_item(
        actor=secretary,
        item=procedures.case_state(found.case).holdings[0].id,
        account=helper.account or 0,
    )
    assert told(helper) == ["case.pool", "case.given"]
    state = procedures.case_state(found.case)
    assert state.yellow_at is not None
    with clock.travel_to(state.yellow_at + timedelta(minutes=1)):
        fire_timers(actor=SYSTEM)
        # The reminder and the yellow light of the same moment are one notice.
        assert told(helper)[2:] == ["case.due_soon"]
    assert state.red_at is not None
    assert (
        queries.list_notices(helper).items[0].text.startswith("一社区 一网格的一件事项还没有办完")
    )
    with clock.travel_to(state.red_at + timedelta(days=2)):
        fire_timers(actor=SYSTEM)
        assert told(helper)[3:] == ["case.overdue", "case.supervised"]
        assert told(world.staff["street_secretary"]) == ["case.escalated"]


def test_a_pause_is_put_to_its_approver_and_the_answer_told(world: World, noon: Any) -> None:
    found = report()
    worker, approver = world.staff["grid_worker"], world.staff["street_secretary"]
    ask_pause(actor=worker, case=found.case, workdays=2, reason="等材料")
    assert told(approver) == ["case.pause_asked"]
    rule_pause(actor=approver, case=found.case, approved=False)
    assert told(worker) == ["case.pool", "case.pause_refused"]


def test_an_objection_is_put_to_its_judge_and_the_ruling_told(world: World, noon: Any) -> None:
    found = report()
    for _step in range(2):
        make(world, found.case, "pass_up", pass_reason="管不了")
    make(world, found.case, "dispatch")
    liaison = world.liaisons[world.departments[0]]
    object_to_dispatch(actor=liaison, case=found.case, reason="不归我们")
    clerk = world.staff["district_clerk"]
    assert "case.ruling_asked" in told(clerk)
    rule_objection(actor=clerk, case=found.case, upheld=True, ruling="另派")
    assert told(liaison)[-1] == "case.objection_upheld"


def test_supervision_is_told_to_the_carrier_and_its_answer_to_who_supervises(
    world: World, noon: Any
) -> None:
    found = report()
    worker, secretary = world.staff["grid_worker"], world.staff["street_secretary"]
    told(worker)
    supervise_case(actor=secretary, case=found.case, trigger="bad_effect", reason="媒体来问")
    assert "case.supervised" in told(worker)
    answer_supervision(actor=worker, case=found.case, words="今天去清")
    assert told(secretary) == ["case.supervision_answered"]


def test_summoned_departments_are_told_of_the_whistle(world: World, noon: Any) -> None:
    found = report()
    for _step in range(2):
        make(world, found.case, "pass_up")
    make(world, found.case, "whistle", summoned=world.departments[:2])
    for department in world.departments[:2]:
        assert told(world.liaisons[department]) == ["case.assigned"]
    assert told(world.liaisons[world.departments[2]]) == []


def test_what_moved_on_meanwhile_is_not_told_as_somebodys(world: World, noon: Any) -> None:
    found = report()
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert told(world.staff["grid_worker"]) == []


def test_staff_are_not_told_old_news_but_reporters_are(world: World) -> None:
    with clock.travel_to(MOMENT):
        report(email=EMAIL)
        confirm_addresses()
    with clock.travel_to(MOMENT + timedelta(days=8)):
        assert told(world.staff["grid_worker"]) == []
        assert len(send()) == 1
    assert Notice.objects.latest("pk").created_at == MOMENT


def test_the_reader_sees_the_title_only_while_he_may_see_the_case(world: World, noon: Any) -> None:
    found = report()
    hear()
    worker = world.staff["grid_worker"]
    (row,) = queries.list_notices(worker).items
    assert row.url == f"/desk/cases/{found.reference}/"
    assert row.title.startswith("3号楼北侧")
    powerless = Actor("person", worker.account, "worker")
    (bare,) = queries.list_notices(powerless).items
    assert (bare.title, bare.url) == ("", "")
    assert bare.reference == found.reference


def test_no_words_of_the_reporter_stand_in_a_notice(world: World, noon: Any) -> None:
    report(email=EMAIL, name="李小明", phone=PHONE)
    confirm_addresses()
    hear()
    kept = str(list(Notice.objects.values()))
    for words in ("消防", "李小明", PHONE, EMAIL):
        assert words not in kept


def test_many_facts_cost_no_more_statements_than_one(world: World, noon: Any) -> None:
    counts = []
    for wanted in (1, 3):
        for _one in range(wanted):
            report(email=EMAIL)
            confirm_addresses()
        numbers = list(FactRecord.objects.order_by("pk").values_list("pk", flat=True))
        facts = [f for n in numbers if n not in HEARD and (f := queries.fact_of(n))]
        HEARD.update(dict.fromkeys(numbers, ""))
        tell_of_cases(actor=SYSTEM, facts=[])
        forget_all()
        with CaptureQueriesContext(connection) as caught:
            tell_of_cases(actor=SYSTEM, facts=[replace(f, xid=str(f.case)) for f in facts])
        counts.append(len([one for one in caught if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1]
    assert Notice.objects.filter(template="matter.received").count() == 4
