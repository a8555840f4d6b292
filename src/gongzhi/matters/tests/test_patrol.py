"""A grid worker's report on the move: taken in once per key, answered to browser and queue."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongzhi.matters.models import Matter, Photo
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import GRID
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.procedures.tests.support import World

JSON = {"Accept": "application/json"}
GIVEN = {"words": "井盖松了，车一过就响。", "area": GRID, "key": "a1b2c3" * 8}


def send(client: Client, **more: Any) -> Any:
    """Send as the queue does."""
    return client.post(reverse("matters:patrol"), {**GIVEN, **more}, headers=JSON)


@pytest.mark.requirement("003-07")
def test_the_queue_is_answered_once_and_told_when_it_asks_again(world: World) -> None:
    client = desk(world, "grid_worker")
    first, again = send(client), send(client)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["reference"] == again.json()["reference"]
    assert again.json()["again"]
    matter = Matter.objects.get()
    assert (matter.channel, matter.case.area) == ("patrol", GRID)
    assert matter.reported_by == world.staff["grid_worker"].account
    assert first.json()["address"] == f"/desk/cases/{matter.case.reference}/"


def test_what_is_wrong_is_told_in_words_and_nothing_is_written(world: World) -> None:
    refused = send(desk(world, "grid_worker"), words="")
    assert refused.status_code == 422
    assert refused.json()["problem"]
    foreign = send(desk(world, "grid_worker"), area="320602002001")
    assert foreign.status_code == 422
    assert not Matter.objects.exists()


def test_without_scripts_it_is_an_ordinary_form(world: World) -> None:
    client = desk(world, "grid_worker")
    page = text(client.get(reverse("matters:patrol")))
    assert "一网格" in page
    photo = SimpleUploadedFile("x.jpg", support.picture(), "image/jpeg")
    sent = {**GIVEN, "photos": [photo]}
    answer = client.post(reverse("matters:patrol"), sent)
    assert answer.status_code == 302
    assert Photo.objects.count() == 1
    assert answer.url == f"/desk/cases/{Matter.objects.get().case.reference}/"


def test_the_worker_script_is_never_kept_longer_than_asked() -> None:
    answer = Client().get("/desk/worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"


def test_only_who_may_report_is_offered_to(world: World) -> None:
    new = reverse("matters:new")
    assert new in text(desk(world, "grid_worker").get(reverse("matters:inbox")))
    world.staff["liaison"] = world.liaisons[world.departments[0]]
    assert new not in text(desk(world, "liaison").get(reverse("matters:inbox")))
