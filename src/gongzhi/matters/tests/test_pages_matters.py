"""The pages of matters: a resident reports, follows and judges; staff find, open and move."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.matters.models import Matter, Photo, ReporterReveal
from gongzhi.matters.tests import support
from gongzhi.matters.tests.support import GRID, OTHER_COMMUNITY, PHONE, WORDS, report
from gongzhi.people.models import Account
from gongzhi.procedures.tests.support import World


def visitor() -> Any:
    """Return the browser of somebody who is not signed in."""
    return Client()


def desk(world: World, who: str) -> Any:
    """Return a browser in which this member of staff is signed in with the second factor."""
    client = visitor()
    client.force_login(Account.objects.get(pk=world.staff[who].account or 0))
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def text(answer: Any) -> str:
    """Return the page as text."""
    return str(answer.content.decode())


def send(client: Any, **contact: str) -> Any:
    """Play the three steps and return the last answer."""
    photo = SimpleUploadedFile("x.jpg", support.picture(), "image/jpeg")
    first = client.post(reverse("matters:report"), {"words": WORDS, "photos": [photo]})
    assert first.url == reverse("matters:report_where")
    second = client.post(first.url, {"area": ["320602001", "320602001001", GRID]})
    assert second.url == reverse("matters:report_contact")
    page = text(client.get(second.url))
    key = re.search(r'name="key" value="([0-9a-f]{64})"', page)
    assert key
    assert WORDS in page
    return client.post(second.url, {"key": key[1], **contact})


# --- residents ---------------------------------------------------------------------------------
def test_a_resident_reports_in_three_steps_and_keeps_the_link(world: World) -> None:
    client = visitor()
    sent = send(client, name="李秀英", phone=PHONE)
    page = text(client.get(sent.url))
    matter = Matter.objects.get()
    assert matter.case.reference in page
    assert "data:image/svg" in page
    assert "/follow/" in page
    assert Photo.objects.filter(matter=matter).count() == 1
    assert matter.category == ""  # what was suggested was shown, and not chosen


def test_pressing_the_last_button_twice_reports_once(world: World) -> None:
    client = visitor()
    first = send(client)
    key = client.session["report_sent"][0]
    again = client.post(reverse("matters:report_contact"), {"key": key})
    assert again.url == first.url
    assert Matter.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(world: World) -> None:
    client = visitor()
    fake = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", "image/jpeg")
    page = text(client.post(reverse("matters:report"), {"words": WORDS, "photos": [fake]}))
    assert WORDS in page
    assert "field-error" in page
    client.post(reverse("matters:report"), {"words": WORDS})
    client.post(reverse("matters:report_where"), {"skip": "1", "place_text": "北门"})
    page = text(client.post(reverse("matters:report_contact"), {"name": "李", "phone": "12"}))
    assert "12" in page
    assert "field-error" in page
    assert not Matter.objects.exists()


def test_without_scripts_the_choice_comes_back_one_level_deeper(world: World) -> None:
    client = visitor()
    client.post(reverse("matters:report"), {"words": WORDS})
    page = text(client.post(reverse("matters:report_where"), {"area": "320602001"}))
    assert "一社区" in page
    page = text(
        client.post(
            reverse("matters:report_where"),
            {"area": ["320602001", "320602001001"], "deeper": "1"},
        )
    )
    assert "一网格" in page


def test_a_later_step_leads_back_to_what_is_missing(world: World) -> None:
    client = visitor()
    assert client.get(reverse("matters:report_where")).url == reverse("matters:report")
    assert client.get(reverse("matters:report_contact")).url == reverse("matters:report")


def test_the_code_alone_tells_no_words(world: World) -> None:
    found = report(phone=PHONE)
    page = text(visitor().post(reverse("matters:follow"), {"reference": found.reference.lower()}))
    assert found.reference in page
    assert WORDS not in page
    assert PHONE[-4:] not in page
    wrong = text(visitor().post(reverse("matters:follow"), {"reference": "JQ-2611-00001-0"}))
    assert "field-error" in wrong or "form-errors" in wrong


def test_a_wrong_secret_opens_nothing(world: World) -> None:
    found = report()
    url = reverse("matters:follow_one", args=[found.reference, "x" * 43])
    assert visitor().get(url).status_code == 404
    assert visitor().get(reverse("matters:follow_one", args=["nothing", "x"])).status_code == 404


@pytest.mark.parametrize(("solved", "status"), [("1", "closed"), ("0", "open")])
def test_the_reporter_judges_with_two_buttons(world: World, solved: str, status: str) -> None:
    found = report()
    answer(world, found.reference)
    link = reverse("matters:follow_one", args=[found.reference, found.secret])
    client = visitor()
    assert "没解决" in text(client.get(link))
    given = client.post(f"{link}verdict/", {"solved": solved, "words": "谢谢"})
    assert given.url == link
    matter = Matter.objects.select_related("case").get()
    assert matter.case.status == status
    assert matter.satisfaction == ("satisfied" if solved == "1" else "dissatisfied")
    again = client.post(f"{link}verdict/", {"solved": solved})
    assert again.status_code == 200
    assert "form-errors" in text(again)


def test_photos_are_served_to_the_link_and_to_those_in_reach_only(world: World) -> None:
    found = report(photos=(support.picture(),))
    photo = Photo.objects.get().pk
    link = reverse("matters:follow_photo", args=[found.reference, found.secret, photo, "small"])
    served = visitor().get(link)
    assert served["Content-Type"] == "image/jpeg"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert b"Exif" not in served.content
    other = reverse("matters:follow_photo", args=[found.reference, "x" * 43, photo, "small"])
    assert visitor().get(other).status_code == 404
    mine = reverse("matters:photo", args=[found.reference, photo, "large"])
    assert desk(world, "grid_worker").get(mine).status_code == 200
    assert desk(world, "other_secretary").get(mine).status_code == 404


# --- the desk ----------------------------------------------------------------------------------
def answer(world: World, reference: str) -> None:
    """Let the grid worker answer through the page."""
    done = desk(world, "grid_worker").post(
        reverse("procedures:move", args=[reference, "answer"]),
        {"result": "solved", "answer": "已划线"},
    )
    assert done.status_code == 302, text(done)


def test_the_inbox_shows_what_is_due_and_whose(world: World) -> None:
    found = report()
    page = text(desk(world, "grid_worker").get(reverse("matters:inbox")))
    assert reverse("procedures:case", args=[found.reference]) in page
    assert "data-row" in page
    empty = text(desk(world, "other_secretary").get(reverse("matters:inbox")))
    assert found.reference not in empty
    assert "现在没有要办的" in empty


def test_an_item_is_claimed_and_given_back(world: World) -> None:
    report()
    client = desk(world, "grid_worker")
    page = text(client.get(reverse("matters:inbox"), {"tab": "pool"}))
    item = re.search(r'name="case" value="(\d+)"', page)
    assert item
    client.post(reverse("matters:bulk"), {"move": "claim", "case": [item[1]]})
    assert "data-row" not in text(client.get(reverse("matters:inbox"), {"tab": "pool"}))
    url = reverse("procedures:item", args=[item[1], "release"])
    given = client.post(url, {"next": "//evil.example"})
    assert given.url == reverse("matters:inbox")


def test_the_case_page_offers_only_legal_moves(world: World) -> None:
    found = report(name="李秀英", phone=PHONE)
    url = reverse("procedures:case", args=[found.reference])
    page = text(desk(world, "grid_worker").get(url))
    assert reverse("procedures:move", args=[found.reference, "pass_up"]) in page
    assert reverse("procedures:move", args=[found.reference, "dispatch"]) not in page
    assert "李**" in page
    assert PHONE not in page
    assert desk(world, "other_secretary").get(url).status_code == 404
    assert visitor().get(url).status_code == 302


def test_a_move_that_cannot_be_made_keeps_what_was_typed(world: World) -> None:
    found = report()
    client = desk(world, "grid_worker")
    url = reverse("procedures:move", args=[found.reference, "answer"])
    page = text(client.post(url, {"answer": "只写了一半"}))
    assert "只写了一半" in page
    assert "field-error" in page
    stale = text(client.post(url, {"answer": "好", "result": "solved", "revision": "99"}))
    assert "内容已被他人更新" in stale or "form-errors" in stale
    assert Matter.objects.get().case.stage == "grid"


def test_a_move_takes_photos_along(world: World) -> None:
    found = report()
    photo = SimpleUploadedFile("x.png", support.picture("PNG"), "image/png")
    client = desk(world, "grid_worker")
    done = client.post(
        reverse("procedures:move", args=[found.reference, "pass_up"]),
        {"pass_reason": "网格解决不了", "photos": [photo]},
    )
    assert done.status_code == 302, text(done)
    assert Matter.objects.get().case.stage == "community"
    assert Photo.objects.get().origin == "staff"


def test_the_reporter_is_revealed_for_a_recorded_reason(world: World) -> None:
    found = report(name="李秀英", phone=PHONE)
    client = desk(world, "community_secretary")
    url = reverse("procedures:step", args=[found.reference, "reveal"])
    assert PHONE not in text(client.post(url, {"reason": "other"}))
    shown = client.post(url, {"reason": "contact"})
    assert PHONE in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert ReporterReveal.objects.get().by == world.staff["community_secretary"].account


def test_a_case_is_cancelled_and_opened_again_by_the_named_role(world: World) -> None:
    found = report()
    client = desk(world, "community_secretary")
    url = reverse("procedures:step", args=[found.reference, "cancel"])
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "本人撤回"}).status_code == 302
    assert Matter.objects.get().case.status == "closed"
    url = reverse("procedures:step", args=[found.reference, "reopen"])
    client.post(url, {"stage": "community", "reason": "又发生了"})
    assert Matter.objects.get().case.stage == "community"


def test_staff_enter_a_report_for_somebody(world: World) -> None:
    client = desk(world, "community_worker")
    assert client.get(reverse("matters:new")).status_code == 200
    sent = client.post(
        reverse("matters:new"),
        {
            "channel": "phone",
            "words": WORDS,
            "area": ["320602001", "320602001001"],
            "phone": PHONE,
            "key": "a" * 64,
        },
    )
    assert sent.status_code == 302, text(sent)
    assert Matter.objects.get().channel == "phone"


def test_the_list_is_scoped_filtered_and_exported(world: World) -> None:
    mine, other = report(), report(area=OTHER_COMMUNITY, words="别处的事")
    client = desk(world, "community_secretary")
    page = text(client.get(reverse("matters:list")))
    assert mine.reference in page
    assert other.reference not in page
    assert mine.reference not in text(client.get(reverse("matters:list"), {"status": "closed"}))
    assert mine.reference in text(client.get(reverse("matters:list"), {"text": "消防"}))
    assert client.get(reverse("matters:list"), {"area": "abc"}).status_code == 422
    csv = b"".join(client.get(reverse("matters:export", args=["csv"]))).decode("utf-8-sig")
    assert mine.reference in csv
    assert other.reference not in csv
    assert PHONE not in csv
    sheet = b"".join(client.get(reverse("matters:export", args=["xlsx"])))
    assert sheet.startswith(b"PK")
    assert (
        desk(world, "grid_worker").get(reverse("matters:export", args=["csv"])).status_code == 403
    )


def test_points_are_scoped(world: World) -> None:
    found = report(area="", lon=support.POINT[0], lat=support.POINT[1])
    url = reverse("matters:points")
    assert found.reference in text(desk(world, "grid_worker").get(url))
    assert found.reference not in text(desk(world, "other_secretary").get(url))


@pytest.mark.parametrize("name", ["list", "inbox"])
def test_lists_take_as_many_statements_for_three_rows_as_for_one(world: World, name: str) -> None:
    client = desk(world, "grid_worker")
    report()
    client.get(reverse(f"matters:{name}"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(f"matters:{name}"))
    report(words="第二件事")
    report(words="第三件事")
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(f"matters:{name}"))
    assert len(three) == len(one)


# --- what should not be sent -------------------------------------------------------------------
HOSTILE = (
    {"cursor": "xx"},
    {"cursor": "WyJhYmMiLDFd"},
    {"cursor": "WzFd"},
    {"tab": "\x00"},
    {"status": "\x00"},
    {"text": "\x00"},
    {"text": "字" * 500},
    {"area": "9" * 300},
    {"category": "\x00"},
    {"stage": "' OR 1=1"},
    {"light": "x"},
    {"channel": "x"},
)


@pytest.mark.parametrize("query", HOSTILE, ids=str)
@pytest.mark.parametrize("name", ["inbox", "list", "points"])
def test_addresses_that_name_nothing_are_answered_not_failed(
    world: World, name: str, query: dict[str, str]
) -> None:
    report()
    assert desk(world, "grid_worker").get(reverse(f"matters:{name}"), query).status_code < 500


def test_forms_that_were_tampered_with_are_refused(world: World) -> None:
    found = report()
    client = desk(world, "grid_worker")
    for key, data in (
        ("answer", {"result": "nothing", "answer": "\x00", "revision": "9" * 40}),
        ("no-such-move", {}),
        ("dispatch", {"lead_organisation": "1"}),
        ("verdict_solved", {"satisfaction": "satisfied"}),
    ):
        done = client.post(reverse("procedures:move", args=[found.reference, key]), data)
        assert done.status_code < 500
    for step in ("locate", "classify", "pause", "cancel", "reopen", "resume", "object", "none"):
        url = reverse("procedures:step", args=[found.reference, step])
        assert client.post(url, {"area": "\x00", "reason": "好"}).status_code < 500
    client.post(reverse("matters:bulk"), {"move": "claim", "case": ["9" * 5000, "x", "٣", "0"]})
    where = {"lon": "nan", "lat": "1e400", "area": ["\x00", "3" * 50]}
    resident = visitor()
    resident.post(reverse("matters:report"), {"words": WORDS})
    assert resident.post(reverse("matters:report_where"), where).status_code == 200
    outside = resident.post(reverse("matters:report_where"), {"lon": "1", "lat": "2"})
    assert "不在本区范围内" in text(outside)
    assert Matter.objects.get().case.stage == "grid"
