"""A clerk takes down one thing after another: code at once, ready for the next, nothing twice."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from gongzhi.matters.models import CoReporter, Matter
from gongzhi.matters.tests.support import GRID, PHONE, report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.procedures.tests.support import World

LAMP = "3号楼前的路灯不亮了，晚上看不见"
GIVEN = {"channel": "phone", "words": LAMP, "area": [GRID], "key": "a" * 64}


def page_of(client: Any, answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer.url))


def test_after_entering_the_page_shows_the_code_and_is_ready_for_the_next(world: World) -> None:
    client = desk(world, "community_worker")
    shown = page_of(client, client.post(reverse("matters:new"), GIVEN))
    matter = Matter.objects.get()
    assert matter.case.reference in shown
    assert "/report/sent/" in shown
    assert LAMP not in shown
    assert re.search(r'<textarea[^>]*name="words"[^>]*autofocus', shown)
    assert re.search(r'<option value="phone" selected', shown)
    assert "已登记" not in text(client.get(reverse("matters:new")))


def test_pressed_twice_it_is_entered_once(world: World) -> None:
    client = desk(world, "community_worker")
    first = client.post(reverse("matters:new"), GIVEN)
    assert client.post(reverse("matters:new"), GIVEN).url == first.url
    assert Matter.objects.count() == 1


def test_what_is_on_record_is_added_to_with_the_callers_contact(world: World) -> None:
    found = report(words=LAMP)
    client = desk(world, "community_worker")
    given = {**GIVEN, "follow": found.reference, "phone": PHONE, "name": "王强"}
    shown = page_of(client, client.post(reverse("matters:new"), given))
    assert "已记在这件上" in shown
    assert found.reference in shown
    joined = CoReporter.objects.get()
    assert (joined.channel, joined.words, Matter.objects.count()) == ("phone", LAMP, 1)
    client.post(reverse("matters:new"), given)
    assert CoReporter.objects.count() == 1


def test_kinds_are_offered_with_their_reason_and_taken_when_chosen(world: World) -> None:
    client = desk(world, "community_worker")
    part = text(client.post(reverse("matters:alike"), {"words": "路灯不亮", "area": GRID}))
    assert "提到“路灯" in part
    assert 'name="suggested"' in part
    assert "checked" not in part
    part = text(client.post(reverse("matters:alike"), {"words": "路灯", "category": "parking"}))
    assert 'name="suggested"' not in part
    client.post(reverse("matters:new"), {**GIVEN, "suggested": "lighting-street"})
    assert Matter.objects.latest("pk").category == "lighting-street"
    bad = client.post(reverse("matters:new"), {**GIVEN, "key": "b" * 64, "suggested": "nonsense"})
    assert bad.status_code == 200
    assert "没有这个类别" in text(bad)


def test_odd_places_and_words_break_nothing(world: World) -> None:
    client = desk(world, "community_worker")
    for odd in (
        {"words": "\x00", "lon": "nan", "lat": "inf"},
        {"words": "路" * 5000, "area": "x", "lon": "999", "lat": "1e400"},
        {"area": "3206020010010019999", "category": "\x00"},
        {},
    ):
        assert client.post(reverse("matters:alike"), odd).status_code == 200


def test_a_visit_is_entered_by_the_same_form(world: World) -> None:
    client = desk(world, "grid_worker")
    shown = text(client.get(reverse("matters:new"), {"channel": "visit"}))
    assert re.search(r'<option value="visit" selected', shown)
    client.post(reverse("matters:new"), {**GIVEN, "channel": "visit"})
    assert Matter.objects.get().channel == "visit"


def test_residents_own_ways_are_not_entered_by_staff(world: World) -> None:
    client = desk(world, "community_worker")
    for channel in ("web", "help"):
        answer = client.post(reverse("matters:new"), {**GIVEN, "channel": channel})
        assert "field-error" in text(answer)
    assert not Matter.objects.exists()
