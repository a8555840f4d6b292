"""What the reporter is asked reaches that reporter alone, and the answer who carries the matter."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.matters import actions
from gongzhi.matters.actions import Contact
from gongzhi.matters.tests.notified import EMAIL, HEARD, confirm_addresses, send, told
from gongzhi.matters.tests.support import report
from gongzhi.procedures.actions import Asked, NewQuestion, ask_outside
from gongzhi.procedures.models import Question
from gongzhi.procedures.tests.support import MOMENT, World

WORDS = "您说的那根灯杆上写着哪一个编号"


@pytest.fixture(autouse=True)
def _noon() -> Any:
    HEARD.clear()
    with clock.travel_to(MOMENT):
        yield


def ask(world: World, case: int, **more: Any) -> Asked:
    """Let the grid worker ask the reporter."""
    asked = NewQuestion(words=WORDS, key=secrets.token_hex(16), **({"to_reporter": True} | more))
    return ask_outside(actor=world.staff["grid_worker"], case=case, asked=asked)


def test_the_reporter_gets_the_link_by_mail_and_nobody_who_follows_does(world: World) -> None:
    found = report(email=EMAIL)
    confirm_addresses()
    follower = actions.follow_matter(
        actor=ANONYMOUS, reference=found.reference, contact=Contact(phone="13900001111")
    )
    actions.leave_mail(
        actor=ANONYMOUS,
        reference=found.reference,
        secret=follower.secret,
        email="neighbour@example.com",
    )
    confirm_addresses()
    send()
    asked = ask(world, found.case)
    (letter,) = send()
    assert letter.to == [EMAIL]
    path = reverse("procedures:question", args=[asked.secret])
    assert f"{path}\n" in letter.body
    assert "3月11日" in letter.body
    assert WORDS not in letter.body  # words of a record stay in it
    ask(world, found.case, to_reporter=False, named="光明物业")
    assert send() == []


def test_it_stands_on_the_page_of_the_reporter_and_not_on_that_of_a_follower(world: World) -> None:
    found = report()
    follower = actions.follow_matter(
        actor=ANONYMOUS, reference=found.reference, contact=Contact(phone="13900001111")
    )
    asked = ask(world, found.case)
    own = _page(reverse("matters:follow_one", args=[found.reference, found.secret]))
    path = reverse("procedures:question", args=[asked.secret])
    assert WORDS in own
    assert path in own
    others = _page(reverse("matters:follow_one", args=[follower.reference, follower.secret]))
    assert WORDS not in others
    Client().post(path, {"words": "LD-204"})
    assert WORDS not in _page(reverse("matters:follow_one", args=[found.reference, found.secret]))
    assert Question.objects.get().answer == "LD-204"


def test_the_answer_is_told_to_who_carries_the_matter(world: World) -> None:
    found = report()
    asked = ask(world, found.case)
    Client().post(reverse("procedures:question", args=[asked.secret]), {"words": "LD-204"})
    assert "case.question_answered" in told(world.staff["grid_worker"])
    assert "case.question_answered" not in told(world.staff["street_officer"])


def _page(where: str) -> str:
    return str(Client().get(where).content.decode())
