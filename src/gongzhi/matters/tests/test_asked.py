"""What the reporter is asked reaches that reporter alone, and the answer who carries the matter."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from gongzhi.kernel import clock
from gongzhi.kernel.actor import ANONYMOUS
from gongzhi.matters import actions, queries
from gongzhi.matters.actions import Contact
from gongzhi.matters.errors import MatterUnknown
from gongzhi.matters.models import Photo
from gongzhi.matters.tests.notified import EMAIL, HEARD, confirm_addresses, send, told
from gongzhi.matters.tests.support import picture, report, row_counts
from gongzhi.matters.tests.test_pages_matters import desk
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


def _answer(asked: Asked, *photos: bytes, words: str = "在门口") -> Any:
    files = [SimpleUploadedFile("a.jpg", one, "image/jpeg") for one in photos]
    path = reverse("procedures:question", args=[asked.secret])
    return Client().post(path, {"words": words, "photos": files})


@pytest.mark.parametrize("to_reporter", [True, False])
def test_an_answer_takes_photos_for_those_who_handle_the_matter(
    world: World, to_reporter: bool
) -> None:
    found = report(photos=(picture(colour="blue"),))
    asked = ask(world, found.case, **({} if to_reporter else {"to_reporter": False, "named": "甲"}))
    path = reverse("procedures:question", args=[asked.secret])
    assert 'type="file"' in _page(path)
    assert "form-errors" not in _page(path), "nothing is wrong yet"
    exif = Image.Exif()
    exif[0x010F] = "SecretCam"
    given = picture(exif=exif, colour="red")
    assert b"SecretCam" in given
    assert _answer(asked, given, picture("PNG", colour="green")).status_code == 302
    kept = Photo.objects.filter(origin="answer").order_by("pk")
    assert [one.matter_id for one in kept] == [found.matter] * 2
    case = desk(world, "grid_worker").get(reverse("procedures:case", args=[found.reference]))
    assert "回答提问时附的照片" in case.content.decode()
    assert f"/{kept[0].pk}/small" in case.content.decode()
    arguments = [found.reference, kept[0].pk, "large"]
    shown = desk(world, "grid_worker").get(reverse("matters:photo", args=arguments))
    assert b"SecretCam" not in shown.content
    with pytest.raises(MatterUnknown):
        queries.photo_for(ANONYMOUS, found.reference, kept[0].pk)
    followed = [found.reference, found.secret, kept[0].pk, "large"]
    assert Client().get(reverse("matters:follow_photo", args=followed)).status_code == 404
    assert len(queries.public_view(found.reference, found.secret).photos) == 1


def test_a_refused_answer_keeps_no_photo_and_a_mended_one_is_taken(world: World) -> None:
    found = report()
    asked = ask(world, found.case)
    before = row_counts()
    for photos, words in (
        ((picture(), b"no picture"), "在门口"),
        ((picture(),), ""),
        (tuple(picture(size=(n, 9)) for n in range(1, 11)), "在门口"),
    ):
        refused = _answer(asked, *photos, words=words)
        assert refused.status_code == 422
        assert "form-errors" in refused.content.decode()
    assert row_counts() == before
    assert Question.objects.get().answered_at is None
    assert _answer(asked, picture()).status_code == 302
    assert Photo.objects.get().origin == "answer"
    late = _answer(asked, picture(colour="blue"))
    assert late.status_code == 404
    assert Photo.objects.count() == 1


def _page(where: str) -> str:
    return str(Client().get(where).content.decode())
