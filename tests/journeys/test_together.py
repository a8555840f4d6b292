"""Several matters in one go: chosen by keyboard, passed up together; given away without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey
WORDS = ("一起办甲：西墙角堆了旧木板", "一起办乙：西墙角电线垂下来", "一起办丙：西墙角井盖响")


def _tell(page: Page) -> None:
    """Take down three things as a grid worker."""
    page.goto("/desk/patrol/")
    for number, words in enumerate(WORDS, 1):
        page.locator('[name="words"]').fill(words)
        page.get_by_role("button", name="登记").click()
        expect(page.locator("[data-patrol-sent] li")).to_have_count(number)


def test_three_are_chosen_by_keyboard_and_passed_up_together(
    chongchuan: Site, visit: Opener
) -> None:
    page = visit(chongchuan).new_page()
    chongchuan.sign_in(page, "wangge")
    _tell(page)
    page.goto("/desk/matters/?status=open&text=西墙角")
    expect(page.locator("[data-row]")).to_have_count(3)
    for key in ("j", "x", "j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    assert_no_violations(page)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="一起办 3 件")).to_be_visible()
    page.locator("#move-pass_up summary").click()
    assert_no_violations(page)
    page.locator("#id_pass_up-pass_reason").fill("网格清不走，请社区联系物业")
    page.locator("#move-pass_up").get_by_role("button").click()
    page.wait_for_url("**/desk/matters/**")
    expect(page.locator("#messages")).to_contain_text("已办 3 件")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)
    for number in range(3):
        expect(rows.nth(number)).to_contain_text("社区")


def test_without_scripts_two_are_given_to_a_person(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan, java_script_enabled=False).new_page()
    one = chongchuan.sign_in(page, "wangge")
    page.goto("/desk/?tab=pool")
    boxes = page.locator('[data-row] input[name="case"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator('noscript button[value="together"], p.actions button[value="together"]').click()
    expect(page.get_by_role("heading", name="一起办 2 件")).to_be_visible()
    person = page.locator('select[name="assign-account"] option', has_text=one.name.split("（")[0])
    page.locator('select[name="assign-account"]').select_option(
        person.first.get_attribute("value") or ""
    )
    page.locator('button[value="assign"]').click()
    expect(page.locator("#messages")).to_contain_text("已办 2 件")
