"""Forms sent by htmx get the part of the page that changed; a refusal names field and mend."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongzhi.matters.models import Matter
from gongzhi.matters.tests.support import picture, report
from gongzhi.matters.tests.test_pages_matters import desk, text
from gongzhi.procedures.tests.support import World

HTMX = {"HX-Request": "true"}


def _item(client: Any, tab: str = "pool") -> str:
    page = text(client.get(reverse("matters:inbox"), {"tab": tab}))
    return page.partition('name="case" value="')[2].partition('"')[0]


def _is_part(answer: Any, part: str) -> str:
    page = text(answer)
    assert "<html" not in page
    assert f'id="{part}"' in page
    assert "innerHTML:#messages" in page
    return page


def test_a_move_answers_with_the_part_that_changed(world: World) -> None:
    found = report()
    url = reverse("procedures:move", args=[found.reference, "pass_up"])
    client = desk(world, "grid_worker")
    done = client.post(url, {"pass_reason": "网格解决不了"}, headers=HTMX)
    assert done.status_code == 200
    page = _is_part(done, "aside")
    assert "已办：" in page
    assert 'id="progress" hx-swap-oob="true"' in page
    assert "innerHTML:#nav-count" in page
    assert "data-map" not in page  # what does not change is not sent
    assert Matter.objects.get().case.stage == "community"


def test_a_refused_move_comes_back_open_with_field_and_mend(world: World) -> None:
    found = report()
    url = reverse("procedures:move", args=[found.reference, "answer"])
    photo = SimpleUploadedFile("x.png", picture("PNG"), "image/png")
    sent = {"answer": "只写了一半", "photos": [photo]}
    refused = desk(world, "grid_worker").post(url, sent, headers=HTMX)
    assert refused.status_code == 422
    page = _is_part(refused, "aside")
    move = page[page.index('id="move-answer"') :]
    assert " open" in move.partition(">")[0]
    assert "只写了一半" in move
    assert 'class="field-error"' in move
    assert "hx-preserve" in move  # the chosen photos stay in the browser
    assert Matter.objects.get().case.stage == "grid"


def test_a_bad_photo_is_not_kept_in_the_form(world: World) -> None:
    found = report()
    url = reverse("procedures:move", args=[found.reference, "pass_up"])
    bad = SimpleUploadedFile("x.png", b"no picture", "image/png")
    sent = {"pass_reason": "好", "photos": [bad]}
    page = _is_part(desk(world, "grid_worker").post(url, sent, headers=HTMX), "aside")
    move = page[page.index('id="move-pass_up"') :].partition("</details>")[0]
    assert "不是能打开的照片" in move
    assert "hx-preserve" not in move


def test_a_move_made_meanwhile_shows_where_the_case_stands_now(world: World) -> None:
    found = report()
    client = desk(world, "grid_worker")
    url = reverse("procedures:move", args=[found.reference, "pass_up"])
    sent = {"pass_reason": "网格解决不了", "revision": "1"}
    assert client.post(url, sent, headers=HTMX).status_code == 200
    again = client.post(url, sent, headers=HTMX)
    page = _is_part(again, "aside")
    assert "alert-error" in page or "form-errors" in page
    assert "community" in Matter.objects.get().case.stage


def test_who_may_not_see_a_case_is_told_so_in_a_part(world: World) -> None:
    found = report()
    url = reverse("procedures:move", args=[found.reference, "pass_up"])
    refused = desk(world, "other_secretary").post(url, {}, headers=HTMX)
    assert refused.status_code == 404
    page = text(refused)
    assert "<html" not in page
    assert "alert-error" in page


def test_claiming_on_the_case_page_changes_the_button(world: World) -> None:
    found = report()
    client = desk(world, "grid_worker")
    item = _item(client)
    sent = {"reference": found.reference, "next": "/"}
    claimed = client.post(reverse("procedures:item", args=[item, "claim"]), sent, headers=HTMX)
    page = _is_part(claimed, "aside")
    assert reverse("procedures:item", args=[item, "release"]) in page
    assert f'id="item-{item}"' in page
    plain = client.post(
        reverse("procedures:item", args=[item, "release"]),
        {"next": reverse("procedures:case", args=[found.reference])},
    )
    assert plain.url == reverse("procedures:case", args=[found.reference])


def test_a_claim_that_came_too_late_says_so(world: World) -> None:
    found = report()
    client = desk(world, "grid_worker")
    item = _item(client)
    desk(world, "grid_worker").post(reverse("procedures:item", args=[item, "claim"]))
    url = reverse("procedures:item", args=[item, "release"])
    other = desk(world, "community_secretary")
    page = _is_part(other.post(url, {"reference": found.reference}, headers=HTMX), "aside")
    assert "alert-error" in page


def test_the_inbox_stays_on_its_tab(world: World) -> None:
    report()
    client = desk(world, "grid_worker")
    sent = {"move": "claim", "case": [_item(client)], "tab": "pool"}
    plain = client.post(reverse("matters:bulk"), {**sent, "case": ["0"]})
    assert plain.url == f"{reverse('matters:inbox')}?tab=pool"
    done = client.post(reverse("matters:bulk"), sent, headers=HTMX)
    assert done.status_code == 200
    page = _is_part(done, "main")
    assert "data-row " not in page
    assert "已办 1 件" in page
    assert "?tab=pool" in page


@pytest.mark.parametrize("tab", ["pool", "none", "\x00", "'"])
def test_a_bulk_action_on_nothing_says_what_is_wrong(world: World, tab: str) -> None:
    client = desk(world, "grid_worker")
    sent = {"move": "claim", "case": ["9" * 30], "tab": tab}
    page = _is_part(client.post(reverse("matters:bulk"), sent, headers=HTMX), "main")
    assert "alert-error" in page


def test_a_case_that_leaves_ones_sight_leads_to_the_inbox(world: World) -> None:
    found = report()
    sent = {"reference": found.reference}
    away = desk(world, "other_secretary").post(
        reverse("procedures:item", args=[1, "claim"]), sent, headers=HTMX
    )
    assert away["HX-Redirect"] == reverse("matters:inbox")
