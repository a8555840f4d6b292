"""Who hears what: staff of what comes to them, the reporter of every public step, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongzhi.facts.actions import subscriptions
from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.action import BATCHES
from gongzhi.kernel.actor import ANONYMOUS, REPORTER, SYSTEM, Actor
from gongzhi.kernel.held import forget_all
from gongzhi.matters import actions
from gongzhi.matters.actions.notifying import tell_of_cases
from gongzhi.matters.jobs import erase_expired_reporters
from gongzhi.matters.retention import reporter_days
from gongzhi.matters.tests.support import GRID, PHONE, Caller, report
from gongzhi.messages import actions as notices
from gongzhi.messages import queries
from gongzhi.messages.errors import StopLinkWrong
from gongzhi.messages.models import Address, Delivery, Notice
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import (
    ask_pause,
    assign_item,
    cancel_case,
    claim_item,
    fire_timers,
    object_to_dispatch,
    reopen_case,
    rule_objection,
    rule_pause,
)
from gongzhi.procedures.tests.support import MOMENT, World, make

EMAIL = "li.xiaoming@example.com"


_heard: dict[int, str] = {}


def hear() -> None:
    """Let the handlers take what has happened since, as the relay would after the commit.

    A test is one transaction; so what one action did to a case is given a name of its own here.
    """
    fresh = FactRecord.objects.exclude(pk__in=_heard).order_by("pk")
    rows = list(fresh.values_list("pk", "action", "case_id"))
    for number, name, case in rows:
        _heard[number] = f"{rows[0][0]}:{name}:{case}"
    deliver([number for number, _name, _case in rows])


def deliver(numbers: list[int]) -> None:
    """Hand facts to every handler of matters that takes their kind."""
    facts = [replace(fact, xid=_heard[n]) for n in numbers if (fact := queries.fact_of(n))]
    assert len(facts) == len(numbers)
    for handler, kinds in subscriptions().values():
        wanted = [fact for fact in facts if fact.kind in kinds]
        if handler.__module__ == "gongzhi.matters.handlers" and wanted:
            for given in [wanted] if handler in BATCHES else wanted:
                handler(given)


def send() -> list[mail.EmailMessage]:
    """Let what happened be told and sent; return the e-mails that went, oldest first."""
    hear()
    before = len(mail.outbox)
    while notices.send_next(actor=SYSTEM):
        pass
    return list(mail.outbox[before:])


def told(actor: Actor) -> list[str]:
    """Return the templates of the actor's notices, oldest first."""
    hear()
    found = Notice.objects.filter(account=actor.account).order_by("pk")
    return list(found.values_list("template", flat=True))


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    _heard.clear()


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
    assign_item(actor=secretary, item=_item(found.case), account=helper.account or 0)
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
        assert told(helper)[3:] == ["case.overdue"]
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


def test_what_moved_on_meanwhile_is_not_told_as_somebodys(world: World, noon: Any) -> None:
    found = report()
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert told(world.staff["grid_worker"]) == []


def test_staff_are_not_told_old_news_but_reporters_are(world: World) -> None:
    with clock.travel_to(MOMENT):
        report(email=EMAIL)
    with clock.travel_to(MOMENT + timedelta(days=8)):
        assert told(world.staff["grid_worker"]) == []
        assert len(send()) == 1
    assert Notice.objects.get().created_at == MOMENT


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
    hear()
    kept = str(list(Notice.objects.values()))
    for words in ("消防", "李小明", PHONE, EMAIL):
        assert words not in kept


def test_many_facts_cost_no_more_statements_than_one(world: World, noon: Any) -> None:
    counts = []
    for wanted in (1, 3):
        for _one in range(wanted):
            report(email=EMAIL)
        numbers = list(FactRecord.objects.order_by("pk").values_list("pk", flat=True))
        facts = [f for n in numbers if n not in _heard and (f := queries.fact_of(n))]
        _heard.update(dict.fromkeys(numbers, ""))
        tell_of_cases(actor=SYSTEM, facts=[])
        forget_all()
        with CaptureQueriesContext(connection) as caught:
            tell_of_cases(actor=SYSTEM, facts=[replace(f, xid=str(f.case)) for f in facts])
        counts.append(len([one for one in caught if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1]
    assert Notice.objects.filter(account=None).count() == 4


# --- the reporter -----------------------------------------------------------------------------
@pytest.mark.requirement("003-15")
def test_the_reporter_hears_of_every_public_step_once(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    (received,) = send()
    assert received.to == [EMAIL]
    assert received.subject == f"已收到，编号 {found.reference}"
    assert "现在由一网格 网格员办理" in received.body
    assert f"/follow/{found.reference}/{found.secret}/" in received.body
    make(world, found.case, "pass_up", pass_reason="涉及划线，网格管不了")
    (step,) = send()
    assert "上报社区" in step.body
    assert "一社区 社区工作者" in step.body
    assert "涉及划线" not in step.body
    claim_item(actor=world.staff["community_worker"], item=_item(found.case))
    assert send() == []
    make(world, found.case, "answer", result="solved", answer="已划线")
    (asked,) = send()
    assert "请您评价" in asked.subject
    actions.give_verdict(
        actor=REPORTER,
        reference=found.reference,
        secret=found.secret,
        solved=True,
        satisfaction="satisfied",
    )
    (closed,) = send()
    assert "已办结：已解决" in closed.subject
    reopen_case(
        actor=world.staff["community_secretary"], case=found.case, stage="grid", reason="又停满了"
    )
    (again,) = send()
    assert "重新打开" in again.body
    messages = [one.extra_headers["Message-ID"] for one in mail.outbox]
    assert len(set(messages)) == len(messages) == 5


def _item(case: int) -> int:
    return procedures.case_state(case).holdings[0].id


def test_reading_the_log_again_tells_nothing_twice(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    assert len(send()) == 1
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert len(send()) == 1
    before = Notice.objects.count()
    deliver(sorted(_heard))
    assert send() == []
    assert Notice.objects.count() == before


def test_cancelling_is_told_and_inner_steps_are_not(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    send()
    ask_pause(actor=world.staff["grid_worker"], case=found.case, workdays=2, reason="等材料")
    assert send() == []
    cancel_case(actor=world.staff["community_secretary"], case=found.case, reason="本人撤回")
    (told_of,) = send()
    assert "已撤销" in told_of.subject


def test_an_anonymous_report_may_leave_an_address_that_no_staff_sees(
    world: World, noon: Any
) -> None:
    found = report(anonymous=True, name="李小明", phone=PHONE, email=EMAIL)
    assert len(send()) == 1
    from gongzhi.matters.queries import get_matter

    shown = get_matter(world.staff["community_secretary"], found.reference)
    assert shown.reporter.anonymous
    assert EMAIL not in str(shown)
    assert EMAIL.encode() not in bytes(Address.objects.get().sealed)


def test_a_wrong_address_is_refused_with_everything_else_that_is_wrong(world: World) -> None:
    caller = Caller(world.staff["grid_worker"])
    answer = caller.post("/matters", {"words": "路灯", "email": "nobody", "phone": "12"})
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"email", "phone"}
    assert Address.objects.count() == 0


def test_merged_reporters_hear_the_one_answer(world: World, noon: Any) -> None:
    first, second = report(email=EMAIL), report(email="other@example.com")
    send()
    clerk = world.staff["district_clerk"]
    actions.merge_matters(actor=clerk, reference=second.reference, main=first.reference)
    (merged,) = send()
    assert merged.to == ["other@example.com"]
    assert "并在一起办理" in merged.subject
    make(world, first.case, "answer", result="solved", answer="已划线")
    answers = send()
    assert {one.to[0] for one in answers} == {EMAIL, "other@example.com"}
    theirs = next(one for one in answers if one.to == ["other@example.com"])
    assert f"/follow/{second.reference}/{second.secret}/" in theirs.body


# --- stopping and erasing ---------------------------------------------------------------------
def _stop_link(message: mail.EmailMessage) -> str:
    return str(
        message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    )


def test_the_link_of_a_mail_stops_them_without_signing_in(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    (received,) = send()
    link, stranger = _stop_link(received), Client(enforce_csrf_checks=True)
    page = stranger.get(link)
    assert page.status_code == 200
    assert "l***@example.com" in page.content.decode()
    assert EMAIL not in page.content.decode()
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert len(send()) == 1, "looking at the page alone stops nothing"
    # As a mail program posts by itself (RFC 8058): no cookie, no token.
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 302
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert send() == []
    assert FactRecord.objects.filter(kind="notices.mails_stopped").count() == 1
    assert stranger.post(link, {"again": "1"}).status_code == 302
    make(world, found.case, "pass_down", pass_reason="下派")
    assert len(send()) == 1
    wrong = link[:-5] + "xxxx/"
    assert stranger.get(wrong).status_code == stranger.post(wrong).status_code == 404
    with pytest.raises(StopLinkWrong):
        notices.stop_mails(actor=ANONYMOUS, address=10**9, secret="x", stop=True)


@pytest.mark.parametrize("named", [True, False])
def test_the_address_goes_with_the_reporters_term(world: World, named: bool) -> None:
    with clock.travel_to(MOMENT):
        found = report(email=EMAIL, name="李小明" if named else "")
        make(world, found.case, "answer", result="solved", answer="好了")
        make(world, found.case, "verdict_solved")
        (*_before, last) = send()
    end = MOMENT + timedelta(days=reporter_days())
    with clock.travel_to(end - timedelta(days=1)):
        _nightly()
        assert Address.objects.count() == 1
    with clock.travel_to(end):
        _nightly()
        assert Address.objects.count() == Delivery.objects.count() == 0
        assert Notice.objects.filter(account=None).count() == 0
        assert Client().get(_stop_link(last)).status_code == 404
    erased = FactRecord.objects.filter(kind="notices.address_erased", case_id=found.case)
    assert erased.count() == 1


def _nightly() -> None:
    from gongzhi.messages.jobs import erase

    erase_expired_reporters(timestamp=0)
    hear()
    erase(timestamp=0)


def test_an_open_matter_keeps_its_address(world: World) -> None:
    with clock.travel_to(MOMENT):
        found = report(email=EMAIL)
        make(world, found.case, "answer", result="solved", answer="好了")
        make(world, found.case, "verdict_solved")
        hear()
        assert Address.objects.get().keep_until is not None
        reopen_case(
            actor=world.staff["community_secretary"], case=found.case, stage="grid", reason="又"
        )
        hear()
    assert Address.objects.get().keep_until is None


# --- the report's last page -------------------------------------------------------------------
def test_the_last_page_of_a_report_takes_an_address(world: World) -> None:
    visitor = Client()
    visitor.post("/report/", {"words": "路灯不亮，晚上看不见路", "category": ""})
    visitor.post("/report/where/", {"area": GRID})
    page = visitor.get("/report/contact/").content.decode()
    assert "邮箱" in page
    key = page.split('name="key" value="')[1].split('"')[0]
    wrong = visitor.post("/report/contact/", {"key": key, "email": "nobody"})
    assert "name@example.com" in wrong.content.decode()
    with clock.travel_to(MOMENT):
        sent = visitor.post("/report/contact/", {"key": key, "email": EMAIL})
        assert sent.status_code == 302
        (received,) = send()
    assert sent["Location"].removeprefix("/report/sent") in received.body
