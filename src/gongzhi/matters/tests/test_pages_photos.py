"""Photos on pages: with a move or not at all, and gone with a report that was never sent."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongzhi.facts.queries import timeline
from gongzhi.matters import actions, jobs
from gongzhi.matters.errors import PhotoRefused, TooManyPhotos
from gongzhi.matters.models import Matter, Photo
from gongzhi.matters.tests.support import COMMUNITY, GRID, WORDS, picture, report, row_counts
from gongzhi.matters.tests.test_pages_matters import desk, text, visitor
from gongzhi.procedures.tests.support import World

REASON = {"pass_reason": "网格解决不了"}


def _files(settings: Any, folder: str) -> list[Path]:
    return sorted((Path(settings.MEDIA_ROOT) / folder).rglob("*.jpg"))


# --- moves ---------------------------------------------------------------------------------------
def test_a_refused_move_leaves_no_photo_behind(world: World) -> None:
    found = report()
    before = row_counts()
    sent = {
        **REASON,
        "revision": "99",
        "photos": [SimpleUploadedFile("x.png", picture("PNG"), "image/png")],
    }
    url = reverse("procedures:move", args=[found.reference, "pass_up"])
    refused = desk(world, "grid_worker").post(url, sent)
    assert "form-errors" in text(refused)
    assert row_counts() == before
    assert not Photo.objects.exists()


def test_one_bad_file_among_good_ones_stops_the_whole_move(world: World) -> None:
    found = report()
    before = row_counts()
    photos = {"photos": [picture(), b"no picture"]}
    with pytest.raises(PhotoRefused) as caught:
        actions.move_matter(
            actor=world.staff["grid_worker"],
            reference=found.reference,
            move="pass_up",
            data=REASON,
            photos=photos,
        )
    assert caught.value.problems[0].field == "photos"
    assert row_counts() == before


def test_photos_go_with_the_move_and_are_told_once(world: World) -> None:
    found = report()
    photos = {"photos": [picture(), picture(), picture(colour="blue")]}
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=found.reference,
        move="pass_up",
        data=REASON,
        photos=photos,
    )
    assert Photo.objects.filter(origin="staff", stage="grid").count() == 2
    kinds = [fact.kind for fact in timeline(found.case)]
    assert kinds.count("matters.photo_attached") == 2
    assert Matter.objects.get().case.stage == "community"


def test_more_photos_than_a_stage_may_have_are_refused_together(world: World) -> None:
    found = report()
    many = [picture(colour=f"#0000{number:02x}") for number in range(0, 200, 20)]
    with pytest.raises(TooManyPhotos):
        actions.move_matter(
            actor=world.staff["grid_worker"],
            reference=found.reference,
            move="pass_up",
            data=REASON,
            photos={"photos": many},
        )
    assert not Photo.objects.exists()


# --- drafts --------------------------------------------------------------------------------------
def _begin(client: Client) -> None:
    photo = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")
    client.post(reverse("matters:report"), {"words": WORDS, "photos": [photo]})


def _age(files: list[Path]) -> None:
    past = time.time() - 25 * 3600
    for file in files:
        os.utime(file, (past, past))


def test_photos_of_an_abandoned_report_are_deleted_by_the_job(world: World, settings: Any) -> None:
    jobs.delete_abandoned_drafts(timestamp=0)
    _begin(visitor())
    drafted = _files(settings, "drafts")
    assert len(drafted) == 2
    jobs.delete_abandoned_drafts(timestamp=0)
    assert _files(settings, "drafts") == drafted
    _age(drafted)
    jobs.delete_abandoned_drafts(timestamp=0)
    assert _files(settings, "drafts") == []


def test_a_photo_chosen_again_gets_a_new_day(world: World, settings: Any) -> None:
    _begin(visitor())
    _age(_files(settings, "drafts"))
    _begin(visitor())
    jobs.delete_abandoned_drafts(timestamp=0)
    assert len(_files(settings, "drafts")) == 2


def test_photos_of_matters_are_never_swept(world: World, settings: Any) -> None:
    report(photos=(picture(),))
    kept = _files(settings, "matters")
    _age(kept)
    jobs.delete_abandoned_drafts(timestamp=0)
    assert _files(settings, "matters") == kept


def test_a_report_taken_up_again_says_how_many_photos_are_left(world: World, settings: Any) -> None:
    client = visitor()
    _begin(client)
    assert "已有 1 张照片" in text(client.get(reverse("matters:report")))
    _age(_files(settings, "drafts"))
    jobs.delete_abandoned_drafts(timestamp=0)
    assert "张照片，会一起送出" not in text(client.get(reverse("matters:report")))
    client.post(reverse("matters:report_where"), {"area": ["320602001", COMMUNITY, GRID]})
    page = text(client.get(reverse("matters:report_contact")))
    key = re.search(r'name="key" value="([0-9a-f]{64})"', page)
    assert key
    assert client.post(reverse("matters:report_contact"), {"key": key[1]}).status_code == 302
    assert not Photo.objects.exists()


# --- what happened -------------------------------------------------------------------------------
def test_what_happened_in_one_moment_reads_in_the_order_of_the_log(world: World) -> None:
    found = report()
    page = text(desk(world, "grid_worker").get(reverse("procedures:case", args=[found.reference])))
    told = page[page.index('class="timeline"') :]
    link = reverse("matters:follow_one", args=[found.reference, found.secret])
    public = text(visitor().get(link))
    steps = re.findall(r'<span class="what">(.*?)</span>', told)
    assert len(steps) == 2
    assert "已登记" in steps[-1]
    assert "已登记" in re.findall(r'<span class="what">(.*?)</span>', public)[-1]
