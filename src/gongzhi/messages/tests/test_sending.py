"""E-mails to a real server: once, again when it was away, never when nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from gongzhi.kernel import clock
from gongzhi.kernel.actor import SYSTEM, Actor, PostHeld
from gongzhi.kernel.errors import NotAllowed
from gongzhi.messages import actions, mailing, queries
from gongzhi.messages.choices import LEASE_MINUTES, RETRY_MINUTES
from gongzhi.messages.errors import LetterUnknown
from gongzhi.messages.models import Delivery
from gongzhi.messages.tests.support import (
    EMAIL,
    LINK,
    MORNING,
    NIGHT,
    NOON,
    MailServer,
    mail_server,
    person,
    resident,
    send_all,
    states,
    tell,
)

pytestmark = pytest.mark.django_db
OPERATOR = Actor(
    "person", 1, "管理员", (PostHeld(1, "x", "3", None, frozenset({"system.manage"})),)
)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as served:
        yield served


def _tell_resident(**more: Any) -> None:
    resident()
    tell(template="matter.step", step="step:1:1", **more)


@pytest.mark.requirement("003-15")
def test_a_step_reaches_the_resident_once_with_the_link_and_the_way_to_stop(
    server: MailServer,
) -> None:
    with clock.travel_to(NOON):
        _tell_resident()
        assert send_all() == 1
        assert send_all() == 0
    assert states() == ["sent"]
    assert Delivery.objects.get().sent_at == NOON
    (got,) = server.mails
    text = got.get_content()
    assert got["To"] == EMAIL
    assert "JQ-2603-00001-7" in got["Subject"]
    assert f"http://127.0.0.1:8000{LINK}" in text
    assert got["List-Unsubscribe"].strip(" <>") in text
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Auto-Submitted"] == "auto-generated"


def test_the_same_notice_always_has_the_same_message_id(server: MailServer) -> None:
    _tell_resident()
    first = queries.mail_for(Delivery.objects.get().pk)
    second = queries.mail_for(Delivery.objects.get().pk)
    assert first is not None
    assert first == second
    assert first.headers["Message-ID"].endswith("@127.0.0.1>")


@pytest.mark.requirement("003-15")
def test_a_server_that_is_away_is_tried_again_with_growing_waits_then_a_person_is_asked(
    settings: Any, server: MailServer
) -> None:
    settings.EMAIL_PORT = 1  # nobody listens there
    moment = NOON
    with clock.travel_to(moment):
        resident()
        tell(template="matter.received", step="step:1:1")
    for wait in RETRY_MINUTES:
        with clock.travel_to(moment):
            assert send_all() == 1
            assert states() == ["failed"]
            assert Delivery.objects.get().next_try == moment + timedelta(minutes=wait)
        moment += timedelta(minutes=wait)
    with clock.travel_to(moment):
        assert send_all() == 1
        assert states() == ["dead"]
        (dead,) = queries.dead_mails(OPERATOR).items
        assert dead.to == "l***@example.com"
        assert dead.tries == len(RETRY_MINUTES) + 1
        assert "Refused" in dead.error
        settings.EMAIL_PORT = server.port
        actions.retry_mail(actor=OPERATOR, delivery=dead.id)
        assert send_all() == 1
    assert states() == ["sent"]
    assert len(server.mails) == 1
    assert queries.dead_mails(OPERATOR).items == ()


@pytest.mark.parametrize(
    ("command", "answer", "state"),
    [
        ("RCPT", "550 no such user li.xiaoming@example.com", "dead"),
        ("RCPT", "451 come back later", "failed"),
        ("MAIL", "550 who are you", "failed"),
        ("DATA", "554 not today", "dead"),
        ("DATA", "452 full", "failed"),
        (".", "554 not this", "dead"),
        (".", "451 not now", "failed"),
        ("MAIL", "hang up", "failed"),
        ("RCPT", "hang up", "failed"),
    ],
)
def test_what_the_server_says_decides(
    server: MailServer, command: str, answer: str, state: str
) -> None:
    server.answers[command] = answer
    with clock.travel_to(NOON):
        _tell_resident()
        assert send_all() == 1
    assert states() == [state]
    kept = Delivery.objects.get()
    assert kept.trouble == ("refused" if state == "dead" else "unreached")
    assert "li.xiaoming" not in kept.last_error


def test_when_nobody_knows_whether_it_went_a_person_decides(server: MailServer) -> None:
    """The line breaks after the whole text: the server may have taken it, so it stays unsent."""
    server.answers["."] = "hang up"
    with clock.travel_to(NOON):
        _tell_resident()
        assert send_all() == 1
    assert states() == ["dead"]
    assert len(server.heard) == 1
    (dead,) = queries.dead_mails(OPERATOR).items
    assert "可能已经送到" in dead.trouble


def test_an_answer_to_good_bye_changes_nothing(server: MailServer) -> None:
    server.answers["QUIT"] = "hang up"
    with clock.travel_to(NOON):
        _tell_resident()
        send_all()
    assert states() == ["sent"]


def test_a_worker_killed_while_sending_leaves_a_letter_for_a_person(server: MailServer) -> None:
    with clock.travel_to(NOON):
        _tell_resident()
        claim = actions.claim_next(actor=SYSTEM)
        assert claim is not None
        assert actions.give_up_interrupted(actor=SYSTEM) == 0
        assert send_all() == 0
    with clock.travel_to(NOON + timedelta(minutes=LEASE_MINUTES, seconds=1)):
        assert actions.give_up_interrupted(actor=SYSTEM) == 1
        assert send_all() == 0
        assert states() == ["dead"]
        assert server.heard == []


def test_a_worker_thought_dead_that_did_send_is_believed(server: MailServer) -> None:
    from gongzhi.messages.actions.sending import mark_sent

    with clock.travel_to(NOON):
        _tell_resident()
        claim = actions.claim_next(actor=SYSTEM)
        assert claim is not None
    with clock.travel_to(NOON + timedelta(hours=1)):
        actions.give_up_interrupted(actor=SYSTEM)
        mark_sent(actor=SYSTEM, claim=claim)
        assert states() == ["sent"]


def test_a_late_worker_does_not_mark_a_newer_claim(server: MailServer) -> None:
    from gongzhi.messages.actions.sending import mark_sent

    with clock.travel_to(NOON):
        _tell_resident()
        late = actions.claim_next(actor=SYSTEM)
        assert late is not None
    with clock.travel_to(NOON + timedelta(hours=1)):
        actions.give_up_interrupted(actor=SYSTEM)
        actions.retry_mail(actor=OPERATOR, delivery=late.delivery)
        assert actions.claim_next(actor=SYSTEM) is not None
        mark_sent(actor=SYSTEM, claim=late)
        assert states() == ["sending"]


def test_quiet_hours_hold_what_waited_since_the_day_and_let_the_urgent_go(
    server: MailServer,
) -> None:
    with clock.travel_to(NOON):
        _tell_resident()
    with clock.travel_to(NIGHT):
        assert send_all() == 0
        tell(template="matter.received", step="step:2:1")
        assert send_all() == 1
    with clock.travel_to(MORNING):
        assert send_all() == 1
    assert len(server.mails) == 2


def test_nothing_is_sent_to_those_who_are_gone_or_have_read_it(server: MailServer) -> None:
    with clock.travel_to(NOON):
        reader = person("reader", email="a@example.com", kinds=("deadline",))
        changed = person("changed", email="b@example.com", kinds=("deadline",))
        gone = person("gone", email="c@example.com", kinds=("deadline",))
        for one in (reader, changed, gone):
            tell(one, template="case.overdue")
        actions.mark_all_read(actor=reader)
        actions.set_own_address(actor=changed, kinds=())
        actions.set_own_address(actor=gone, remove=True)
        assert send_all() == 3
    assert states() == ["dropped"] * 3
    assert server.heard == []


def test_staff_get_a_link_to_their_choice_and_no_personal_words(server: MailServer) -> None:
    with clock.travel_to(NOON):
        asked = person("asked", email="a@example.com", kinds=("deadline",))
        tell(asked, template="case.overdue")
        send_all()
    text = server.mails[0].get_content()
    assert "/desk/notices/mail/" in text
    assert server.mails[0]["List-Unsubscribe"] is None


def test_an_english_reader_gets_an_english_mail(server: MailServer) -> None:
    with clock.travel_to(NOON):
        resident(language="en")
        tell(template="matter.received", step="step:1:1", values={"owner": {"en": "Grid worker"}})
        send_all()
    got = server.mails[0]
    assert got["Subject"] == "Received, code JQ-2603-00001-7"
    assert "It is now with Grid worker." in got.get_content()


def test_without_a_server_mails_are_put_into_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "gongzhi.messages.mailing.FolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    with clock.travel_to(NOON):
        _tell_resident()
        send_all()
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert f"To: {EMAIL}".encode() in file.read_bytes()


def test_a_mail_that_cannot_be_written_at_all_is_dead_at_once(settings: Any) -> None:
    message = mail.EmailMessage("a\nb", "x", "a@example.com", ["b@example.com"])
    with pytest.raises(mailing.NotSent) as caught:
        mailing.send(message)
    assert caught.value.again is False


def test_only_the_operator_looks_after_letters(server: MailServer) -> None:
    server.answers["RCPT"] = "550 no"
    with clock.travel_to(NOON):
        _tell_resident()
        send_all()
    stranger = person("stranger")
    number = Delivery.objects.get().pk
    for call in (
        lambda: queries.dead_mails(stranger),
        lambda: queries.log_letters(stranger),
        lambda: queries.figures(stranger),
        lambda: actions.retry_mail(actor=stranger, delivery=number),
        lambda: actions.settle_mail(actor=stranger, delivery=number),
        lambda: actions.retry_fact(actor=stranger, letter=1),
        lambda: actions.settle_fact(actor=stranger, letter=1),
    ):
        with pytest.raises(NotAllowed):
            call()
    actions.settle_mail(actor=OPERATOR, delivery=number)
    for again in (actions.settle_mail, actions.retry_mail):
        with pytest.raises(LetterUnknown):
            again(actor=OPERATOR, delivery=number)


@pytest.mark.requirement("003-15")
def test_the_share_delivered_is_counted_from_the_records(server: MailServer) -> None:
    with clock.travel_to(NOON):
        reader = person()
        tell(reader, step="fact:1")
        tell(reader, step="fact:2")
        resident()
        tell(template="matter.step", step="step:1:1")
        send_all()
        assert queries.figures(OPERATOR).rate == 100
        server.answers["RCPT"] = "550 no"
        tell(template="matter.step", step="step:2:1")
        send_all()
        tell(template="matter.step", step="step:3:1")
        actions.mark_read(actor=reader, notice=queries.list_notices(reader).items[0].id)
        found = queries.figures(OPERATOR)
    assert (found.told, found.in_desk, found.read) == (5, 2, 1)
    assert (found.mails, found.sent, found.dead, found.waiting) == (3, 1, 1, 1)
    assert found.rate == 50
