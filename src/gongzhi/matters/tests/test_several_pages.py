"""Pages of one case for several: offered, followed, merged, split; one reply to all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongzhi.kernel.actor import ANONYMOUS, REPORTER
from gongzhi.matters import actions, queries
from gongzhi.matters.choices import MOST_FOLLOWERS_PHOTOS
from gongzhi.matters.errors import MatterInvalid, PhotoRefused, TooManyPhotos
from gongzhi.matters.models import CoReporter, Matter, Photo
from gongzhi.matters.tests.support import (
    GRID,
    PHONE,
    Caller,
    is_problem,
    picture,
    report,
    row_counts,
)
from gongzhi.matters.tests.test_pages_matters import desk, text, visitor
from gongzhi.procedures.tests.support import World

LAMP = "3号楼前的路灯不亮了，晚上看不见"
OTHERS = (
    "路灯坏了，晚上很黑",
    "门口的路灯不亮",
    "3号楼门前路灯坏了好几天",
    "路灯不亮，老人晚上出门看不见",
    "路灯一直不亮没人修",
)


def told(words: str, follow: bool, **contact: str) -> str:
    """Report as a resident does; return the address of the last page."""
    client = visitor()
    client.post(reverse("matters:report"), {"words": words})
    area = {"area": ["320602001", "320602001001", GRID]}
    between = client.post(reverse("matters:report_where"), area)
    assert between.url == reverse("matters:report_similar")
    page = text(client.get(between.url))
    assert LAMP not in page
    found = re.search(r'name="follow" value="([^"]+)"', page)
    assert found
    choice = {"follow": found[1]} if follow else {"other": "1"}
    last = client.post(between.url, choice)
    assert last.url == reverse("matters:report_contact")
    page = text(client.get(last.url))
    assert ("您将跟进" in page) is follow
    key = re.search(r'name="key" value="([0-9a-f]{64})"', page)
    assert key
    sent = client.post(last.url, {"key": key[1], **contact})
    assert "/report/sent/" in sent.url
    assert sent.url == client.post(last.url, {"key": key[1], **contact}).url
    return str(sent.url)


def test_six_residents_one_lamp_one_reply(world: World) -> None:
    """One reports, three follow, two insist on an own report and are merged; all read one reply."""
    first = report(words=LAMP, category="lighting-street", name="李秀英", phone=PHONE)
    followers = [told(words, True, phone=f"1390000000{n}") for n, words in enumerate(OTHERS[:3])]
    insisting = [told(words, False) for words in OTHERS[3:]]
    assert (Matter.objects.count(), CoReporter.objects.count()) == (3, 3)
    worker = desk(world, "grid_worker")
    for sent in insisting:
        reference = sent.split("/")[3]
        page = text(worker.get(reverse("matters:several", args=[reference])))
        assert "可能重复" in page
        assert first.reference in page
        merged = worker.post(reverse("matters:merge", args=[reference]), {"main": first.reference})
        assert merged.url == reverse("procedures:case", args=[first.reference])
    page = text(worker.get(reverse("matters:several", args=[first.reference])))
    assert "反映人 6 位" in page
    actions.move_matter(
        actor=world.staff["grid_worker"],
        reference=first.reference,
        move="answer",
        data={"result": "solved", "answer": "灯泡已换好"},
    )
    for sent in (*followers, *insisting):
        page = text(visitor().get(sent.replace("/report/sent/", "/follow/")))
        assert "灯泡已换好" in page
        assert LAMP not in page
        assert "共有 6 人反映" in page or "已并在一起办理" in page
    assert "灯泡已换好" in str(queries.public_view(first.reference, first.secret).timeline)
    done = actions.give_verdict(
        actor=REPORTER,
        reference=first.reference,
        secret=first.secret,
        solved=True,
        satisfaction="satisfied",
    )
    assert done.outcome_kind == "solved"
    thanked = visitor().post(
        followers[0].replace("/report/sent/", "/follow/") + "verdict/", {"solved": "1"}
    )
    assert thanked.status_code == 302


def test_only_what_was_offered_can_be_followed(world: World) -> None:
    hidden = report(words="下水道堵了污水外溢", area="320602002001")
    report(words=LAMP)
    client = visitor()
    client.post(reverse("matters:report"), {"words": LAMP})
    client.post(reverse("matters:report_where"), {"area": ["320602001", "320602001001", GRID]})
    client.get(reverse("matters:report_similar"))
    client.post(reverse("matters:report_similar"), {"follow": hidden.reference})
    assert "您将跟进" not in text(client.get(reverse("matters:report_contact")))


def test_the_page_between_leads_back_and_is_safe_to_load_again(world: World) -> None:
    client = visitor()
    page = reverse("matters:report_similar")
    assert client.get(page).url == reverse("matters:report")
    client.post(reverse("matters:report"), {"words": LAMP})
    assert client.get(page).url == reverse("matters:report_where")


def test_taking_apart_and_splitting_by_page(world: World) -> None:
    main, duplicate = report(words=LAMP), report(words=LAMP)
    worker = desk(world, "grid_worker")
    merge = reverse("matters:merge", args=[duplicate.reference])
    worker.post(merge, {"main": main.reference})
    page = text(worker.get(reverse("matters:several", args=[duplicate.reference])))
    assert "已并入" in page
    again = worker.post(merge, {"main": main.reference}, follow=True)
    assert "已经并入别的事项" in text(again)
    separate = worker.post(reverse("matters:separate", args=[duplicate.reference]), follow=True)
    assert "已拆回" in text(separate)
    address = reverse("matters:parts", args=[main.reference])
    assert LAMP in text(worker.get(address))
    assert "field-error" in text(worker.post(address, {}))
    key = re.search(r'name="key" value="([0-9a-f]{64})"', text(worker.get(address)))
    assert key
    given = {"key": key[1], "words_1": "垃圾没人清", "words_2": ""}
    for _twice in range(2):  # pressed twice, it is split once
        assert "已拆出" in text(worker.post(address, given, follow=True))
    assert Matter.objects.filter(whole=main.matter).count() == 1


@pytest.mark.parametrize("who", ["other_secretary"])
def test_other_places_read_and_merge_nothing(world: World, who: str) -> None:
    one, two = report(words=LAMP), report(words=LAMP)
    other = desk(world, who)
    for name in ("several", "parts"):
        assert other.get(reverse(f"matters:{name}", args=[one.reference])).status_code == 404
    for name in ("merge", "separate"):
        address = reverse(f"matters:{name}", args=[one.reference])
        assert other.post(address, {"main": two.reference}).status_code == 404
    assert not Matter.objects.exclude(main=None).exists()


def test_the_clerk_is_shown_what_is_alike_within_sight(world: World) -> None:
    found = report(words=LAMP)
    given: dict[str, Any] = {"words": "路灯不亮", "area": ["320602001", GRID]}
    page = text(desk(world, "street_officer").post(reverse("matters:alike"), given))
    assert found.reference in page
    page = text(desk(world, "other_secretary").post(reverse("matters:alike"), given))
    assert found.reference not in page


def test_the_same_by_the_interface(world: World) -> None:
    main, duplicate = report(words=LAMP), report(words=LAMP)
    worker = Caller(world.staff["grid_worker"])
    alike = worker.post("/alike", {"words": "路灯不亮", "area": GRID}).json()
    assert {one["reference"] for one in alike} == {main.reference, duplicate.reference}
    state = worker.post(f"/matters/{duplicate.reference}/merge", {"main": main.reference})
    assert state.json()["reference"] == main.reference
    apart = worker.post(f"/matters/{duplicate.reference}/split-off", {})
    assert apart.json()["status"] == "open"
    is_problem(worker.post(f"/matters/{duplicate.reference}/split-off", {}), 409)
    parts = worker.post(f"/matters/{main.reference}/parts", {"parts": [{"words": "垃圾"}]})
    assert parts.status_code == 201
    clerk = Caller(world.staff["community_worker"])
    joined = clerk.post(f"/matters/{main.reference}/followers", {"phone": PHONE})
    assert joined.status_code == 201
    assert queries.public_view(main.reference, joined.json()["secret"]).following


def test_what_following_leaves_behind_is_said_before_it_is_chosen(world: World) -> None:
    first = report(words=LAMP)
    client, said = visitor(), "您选的照片会一起交给办理人员"
    client.post(reverse("matters:report"), {"words": LAMP})
    client.post(reverse("matters:report_where"), {"area": ["320602001", "320602001001", GRID]})
    assert said not in text(client.get(reverse("matters:report_similar")))
    photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    client.post(reverse("matters:report"), {"words": LAMP, "photos": photo})
    page = text(client.get(reverse("matters:report_similar")))
    assert said in page
    found = re.search(r'name="follow" value="([^"]+)"', page)
    assert found
    client.post(reverse("matters:report_similar"), {"follow": found[1]})
    last = text(client.get(reverse("matters:report_contact")))
    assert "<dt>照片</dt>" in last
    assert "<dt>在哪里</dt>" not in last
    key = re.search(r'name="key" value="([0-9a-f]{64})"', last)
    assert key
    for _time in range(2):  # a second press of the button sends nothing again
        assert client.post(reverse("matters:report_contact"), {"key": key[1]}).status_code == 302
    kept = Photo.objects.get()
    assert (kept.matter_id, kept.origin) == (first.matter, "follower")


def test_photos_of_those_who_follow_are_for_those_who_handle_the_matter(world: World) -> None:
    first = report(words=LAMP)
    given = actions.Contact(words=LAMP, photos=(picture(), picture(colour="blue")))
    joined = actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=given)
    page = text(desk(world, "grid_worker").get(reverse("procedures:case", args=[first.reference])))
    assert "跟进的人附的照片" in page
    photo = Photo.objects.order_by("pk")[0].pk
    assert f"/{photo}/small" in page
    for secret in (first.secret, joined.secret):
        path = reverse("matters:follow_photo", args=[first.reference, secret, photo, "small"])
        assert visitor().get(path).status_code == 404
    assert queries.public_view(first.reference, first.secret).photos == ()


def test_a_bad_photo_follows_nothing_and_the_many_that_follow_have_a_bound(world: World) -> None:
    first = report(words=LAMP)
    before = row_counts()
    for photos, refusal in (
        ((picture(), b"no picture"), PhotoRefused),
        ((picture(),) * 10, MatterInvalid),
    ):
        given = actions.Contact(photos=photos)
        with pytest.raises(refusal):
            actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=given)
    assert row_counts() == before
    assert CoReporter.objects.count() == 0
    shades = [picture(size=(8 + n, 8)) for n in range(MOST_FOLLOWERS_PHOTOS)]
    for start in range(0, MOST_FOLLOWERS_PHOTOS, 9):
        given = actions.Contact(photos=tuple(shades[start : start + 9]))
        actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=given)
    one_more = actions.Contact(photos=(picture(size=(4, 4)),))
    with pytest.raises(TooManyPhotos):
        actions.follow_matter(actor=ANONYMOUS, reference=first.reference, contact=one_more)
