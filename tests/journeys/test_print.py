"""Cases and lists on paper: what one presses stays away, who printed and what is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

_A4 = (595, 842)  # points


@pytest.fixture
def page(chongchuan: Site, visit: Opener) -> Page:
    """A page of the community's secretary, as it is printed."""
    opened = visit(chongchuan).new_page()
    chongchuan.sign_in(opened, "社区书记")
    opened.emulate_media(media="print")
    return opened


def _sheets(page: Page) -> list[tuple[int, int]]:
    """Return width and height of every sheet in points."""
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return [(round(float(wide)), round(float(high))) for wide, high in boxes]


def test_a_case_is_printed_with_state_and_story_and_no_buttons(page: Page) -> None:
    page.goto("/desk/matters/")
    page.locator("[data-row] a").first.click()
    expect(page.locator(".print-head")).to_contain_text("打印人")
    for hidden in (".topbar", ".desk-nav", "#next", "details.move", ".map-frame", "[data-copy]"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    standing = page.locator("section:has(> #standing)").bounding_box()
    story = page.locator("#progress").bounding_box()
    assert standing is not None
    assert story is not None
    assert standing["y"] < story["y"]
    sheets = _sheets(page)
    assert 1 <= len(sheets) <= 3
    assert sheets[0] == _A4


def test_a_list_is_printed_on_its_side_and_says_what_it_is(page: Page) -> None:
    page.goto("/desk/matters/?status=open&text=路灯")
    told = page.locator("p.print-only")
    expect(told).to_contain_text("办理中")
    expect(told).to_contain_text("路灯")
    expect(told).to_contain_text("先到期的在前")
    expect(page.locator(".chips").first).to_be_hidden()
    # The table begins on the first sheet, below what it is.
    assert _sheets(page)[0] == (_A4[1], _A4[0])
    head = page.locator("table.list thead").bounding_box()
    assert head is not None
    assert head["y"] < 300
