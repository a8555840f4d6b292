"""The reporter hears of every public step once, until he stops it or his term is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, REPORTER
from gongzhi.matters import actions
from gongzhi.matters.jobs import erase_expired_reporters
from gongzhi.matters.retention import reporter_days
from gongzhi.matters.tests.notified import EMAIL, HEARD, confirm_addresses, deliver, hear, send
from gongzhi.matters.tests.support import GRID, PHONE, Caller, report
from gongzhi.messages import actions as notices
from gongzhi.messages.errors import StopLinkWrong
from gongzhi.messages.models import Address, Delivery, Notice
from gongzhi.procedures import queries as procedures
from gongzhi.procedures.actions import (
    ask_pause,
    cancel_case,
    claim_item,
    reopen_case,
)
from gongzhi.procedures.tests.support import MOMENT, World, make


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    HEARD.clear()


@pytest.fixture
def noon(world: World) -> Any:
    with clock.travel_to(MOMENT):
        yield MOMENT


# --- the reporter -----------------------------------------------------------------------------
@pytest.mark.requirement("003-15")
def test_the_reporter_hears_of_every_public_step_once(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    confirm_addresses()
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
    assert len(set(messages)) == len(messages) == 6


def _item(case: int) -> int:
    return procedures.case_state(case).holdings[0].id


def test_reading_the_log_again_tells_nothing_twice(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    confirm_addresses()
    assert len(send()) == 1
    make(world, found.case, "pass_up", pass_reason="管不了")
    assert len(send()) == 1
    before = Notice.objects.count()
    deliver(sorted(HEARD))
    assert send() == []
    assert Notice.objects.count() == before


def test_cancelling_is_told_and_inner_steps_are_not(world: World, noon: Any) -> None:
    found = report(email=EMAIL)
    confirm_addresses()
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
    confirm_addresses()
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
    confirm_addresses()
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
    confirm_addresses()
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
        confirm_addresses()
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
        confirm_addresses()
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
        confirm_addresses()
        (received,) = send()
    assert sent["Location"].removeprefix("/report/sent") in received.body
