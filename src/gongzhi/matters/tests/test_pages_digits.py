"""Without the link: the code and the phone's last four digits tell the steps, and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS, REPORTER, SYSTEM
from gongzhi.matters import actions, queries
from gongzhi.matters.actions import following
from gongzhi.matters.errors import DigitsWrong
from gongzhi.matters.models import Reporter
from gongzhi.matters.tests.support import PHONE, WORDS, picture, report
from gongzhi.people.actions import sweep_tries
from gongzhi.people.models import TryGuard
from gongzhi.procedures.tests.support import World

TAIL = PHONE[-4:]


def ask(reference: str, digits: str, client: Any = None) -> str:
    """Send the form and return the page."""
    sent = {"reference": reference, "digits": digits}
    page = (client or Client()).post(reverse("matters:follow"), sent)
    assert page.status_code == 200
    return str(page.content.decode())


def refusal(page: str) -> str:
    """Return what the page says is wrong, '' for nothing."""
    _before, found, after = page.partition("form-errors")
    return after.partition("</div>")[0] if found else ""


def test_both_right_show_the_steps_but_no_words_and_no_photos(world: World) -> None:
    found = report(name="李秀英", phone=PHONE, photos=(picture(),))
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=found.reference,
        move="answer",
        data={"result": "solved", "answer": "已请3号楼王某挪车"},
    )
    page = ask(found.reference.lower().replace("-", " "), TAIL)
    assert 'class="timeline"' in page
    assert "已登记" in page
    for hidden in (WORDS, "王某", "李", PHONE, found.secret, "/photos/", "没解决</button>"):
        assert hidden not in page, hidden
    told = queries.public_progress(found.reference, TAIL)
    assert told.status.reference == found.reference
    assert all(step.said == () for step in told.timeline)


def test_unknown_wrong_and_anonymous_are_answered_alike(world: World) -> None:
    known, silent = report(phone=PHONE), report(anonymous=True, phone=PHONE)
    unknown = "JQ-2601-99999-"
    unknown += next(d for d in "0123456789" if _is_reference(unknown + d))
    answers = {
        refusal(ask(reference, digits))
        for reference, digits in (
            (known.reference, "0000"),
            (silent.reference, TAIL),
            (unknown, TAIL),
        )
    }
    assert len(answers) == 1
    assert "对不上" in answers.pop()
    for reference, digits in ((known.reference, "0000"), (silent.reference, TAIL), (unknown, TAIL)):
        with pytest.raises(DigitsWrong):
            queries.public_progress(reference, digits)


def _is_reference(text: str) -> bool:
    from gongzhi.kernel import references

    try:
        return bool(references.check(text))
    except references.InvalidReference:
        return False


def test_guessing_is_stopped_before_the_digits_are_looked_at(world: World) -> None:
    found = report(phone=PHONE)
    for _try in range(following.PAIR.most):
        assert "对不上" in ask(found.reference, "0000")
    assert "试的次数太多" in ask(found.reference, TAIL)
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert 'class="timeline"' in ask(found.reference, TAIL, elsewhere)


def test_guessing_from_many_addresses_is_stopped_too(world: World) -> None:
    found = report(phone=PHONE)
    named = {"reference": found.reference}
    for number in range(following.REFERENCE.most):
        counted = actions.count_follow_try(actor=REPORTER, address=f"a{number}", **named)
        assert counted is None
    until = actions.count_follow_try(actor=REPORTER, address="b", **named)
    assert until is not None
    assert until > clock.now() + timedelta(hours=23)
    assert actions.count_follow_try(actor=REPORTER, reference="x", address="b") is None


def test_the_link_is_never_locked_by_guesses(world: World) -> None:
    found = report(phone=PHONE)
    for _try in range(following.PAIR.most + 1):
        ask(found.reference, "0000")
    link = reverse("matters:follow_one", args=[found.reference, found.secret])
    assert Client().get(link).status_code == 200
    assert found.reference in ask(found.reference, "")


def test_counts_are_forgotten_after_success_and_swept_when_old(world: World) -> None:
    found = report(phone=PHONE)
    ask(found.reference, "0000")
    ask(found.reference, TAIL)
    assert TryGuard.objects.count() == 1  # the address's
    assert sweep_tries(actor=SYSTEM) == 0
    with clock.travel_to(clock.now() + timedelta(days=2)):
        assert sweep_tries(actor=SYSTEM) == 1


def test_the_same_phone_leaves_no_trace_that_links_two_matters(world: World) -> None:
    report(phone=PHONE)
    report(phone=PHONE)
    first, second = Reporter.objects.order_by("pk")
    assert first.tail_index
    assert bytes(first.tail_index) != bytes(second.tail_index or b"")
    assert TAIL.encode() not in bytes(first.tail_index)


def test_the_digits_go_with_the_reporter(world: World) -> None:
    found = report(phone=PHONE)
    actions.set_reporter_terms(actor=SYSTEM, closed=[found.case], reopened=[])
    with clock.travel_to(clock.now() + timedelta(days=400)):
        actions.erase_expired_reporters(actor=SYSTEM)
    assert not Reporter.objects.exists()
    with pytest.raises(DigitsWrong):
        queries.public_progress(found.reference, TAIL)


@pytest.mark.parametrize("digits", ["12", "abcd", "12345", "\x00\x00\x00\x00", "۱۲۳۴"])
def test_what_is_no_four_digits_is_refused_at_the_field(world: World, digits: str) -> None:
    found = report(actor=ANONYMOUS, phone=PHONE)
    page = ask(found.reference, digits)
    assert 'class="timeline"' not in page
    assert "field-error" in page or "对不上" in page
