"""A resident's address is confirmed before anything but the asking goes there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from gongzhi.facts.models import FactRecord
from gongzhi.kernel import clock
from gongzhi.kernel.actor import REPORTER, SYSTEM
from gongzhi.messages import actions, queries, rules
from gongzhi.messages.addresses import confirm_secret, stop_secret
from gongzhi.messages.errors import ConfirmLinkWrong
from gongzhi.messages.models import Address, Delivery, Notice
from gongzhi.messages.tests.support import EMAIL, LINK, NIGHT, NOON, left, send_all, states, tell

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("003-15")]
CODE = "JQ-2603-00001-7"


def _link(letter: Any) -> str:
    (found,) = re.findall(r"http://127.0.0.1:8000(/notices/confirm/\S+)", letter.body)
    return str(found)


def test_the_first_letter_tells_nothing_of_the_matter() -> None:
    with clock.travel_to(NOON):
        left()
        assert send_all() == 1
    (asked,) = mail.outbox
    assert asked.to == [EMAIL]
    assert asked.subject == "请确认您的邮箱"
    assert "3月7日" in asked.body
    for words in (CODE, LINK, "一社区", "notices/stop"):
        assert words not in asked.body + asked.subject + str(asked.extra_headers)


def test_before_it_is_confirmed_nothing_else_goes_and_afterwards_everything_does() -> None:
    with clock.travel_to(NOON):
        left()
        assert tell(template="matter.received", step="step:1") == 0
        send_all()
        client, path = Client(enforce_csrf_checks=True), _link(mail.outbox[0])
        page = client.get(path).content.decode()
        assert "l***@example.com" in page
        assert CODE not in page
        assert EMAIL not in page
        assert Address.objects.get().confirmed_at is None, "opening alone confirms nothing"
        assert Client().post(path).status_code == 302
        assert "邮箱已确认" in client.get(path).content.decode()
        assert tell(template="matter.step", step="step:2") == 1
        send_all()
    _asked, confirmed, step = mail.outbox
    assert CODE in confirmed.subject
    assert f"http://127.0.0.1:8000{LINK}" in confirmed.body
    assert "新进展" in step.subject
    assert Address.objects.get().confirmed_at == NOON
    assert FactRecord.objects.filter(kind="notices.address_confirmed", case_id=1).count() == 1


def test_it_is_confirmed_once_and_asked_once() -> None:
    with clock.travel_to(NOON):
        pk = left().pk
        for _time in range(2):
            actions.confirm_address(actor=REPORTER, address=pk, secret=confirm_secret(pk))
        send_all()
    assert states() == ["dropped", "sent"]
    assert len(mail.outbox) == 1, "who has confirmed already is not asked any more"
    assert FactRecord.objects.filter(kind="notices.address_confirmed").count() == 1


def test_who_leaves_an_address_at_night_is_asked_at_once() -> None:
    with clock.travel_to(NIGHT):
        left()
        assert send_all() == 1


def test_without_the_secret_of_the_letter_nothing_is_confirmed() -> None:
    pk = left().pk
    for secret in ("", "x", stop_secret(pk), confirm_secret(pk + 1)):
        with pytest.raises(ConfirmLinkWrong):
            actions.confirm_address(actor=REPORTER, address=pk, secret=secret)
    assert Client().get(f"/notices/confirm/{pk}/nonsense/").status_code == 404
    assert Client().get(f"/notices/confirm/{2**64}/nonsense/").status_code == 404


def test_unconfirmed_it_expires_with_its_letters_and_the_link_is_dead() -> None:
    term = timedelta(days=rules.rules().confirm_days)
    with clock.travel_to(NOON):
        pk = left().pk
    with clock.travel_to(NOON + term - timedelta(minutes=1)):
        assert actions.erase_expired_addresses(actor=SYSTEM) == 0
    with clock.travel_to(NOON + term):
        assert send_all() == 1
        assert mail.outbox == [], "a letter that was held up asks nobody after the term"
        with pytest.raises(ConfirmLinkWrong):
            actions.confirm_address(actor=REPORTER, address=pk, secret=confirm_secret(pk))
        assert actions.erase_expired_addresses(actor=SYSTEM) == 1
    assert Address.objects.count() == Notice.objects.count() == Delivery.objects.count() == 0


def test_a_confirmed_one_does_not_expire_by_that_term() -> None:
    with clock.travel_to(NOON):
        pk = left().pk
        actions.confirm_address(actor=REPORTER, address=pk, secret=confirm_secret(pk))
    with clock.travel_to(NOON + timedelta(days=99)):
        assert actions.erase_expired_addresses(actor=SYSTEM) == 0
        assert queries.resident_links("case", 1) == {pk: LINK}


def test_an_english_reader_is_asked_in_english() -> None:
    with clock.travel_to(NOON):
        left(language="en")
        send_all()
    (asked,) = mail.outbox
    assert asked.subject == "Please confirm your e-mail address"
    assert asked.body.isascii()


def test_one_address_is_asked_a_few_times_only_whoever_leaves_it() -> None:
    """Nobody's letter-box is filled by reports that name his address."""
    most = rules.rules().confirm_most
    with clock.travel_to(NOON):
        for case in range(1, most + 3):
            left(EMAIL.upper() if case % 2 else EMAIL, case)
        left("other@example.com", 90)
        assert send_all() == most + 1
        first = Address.objects.order_by("pk").first()
        assert first is not None
        actions.confirm_address(actor=REPORTER, address=first.pk, secret=confirm_secret(first.pk))
        left(EMAIL, 91)
    first.refresh_from_db()
    assert first.asked_index is None, "what is confirmed is put together with nothing"
    assert Address.objects.filter(subject_id=91).exists(), "who has answered may be asked again"
    with clock.travel_to(NOON + timedelta(days=rules.rules().confirm_days + 1)):
        left(EMAIL, 92)
    assert Address.objects.filter(subject_id=92).exists()
