"""How matters end: an anonymous one answered by its link, a false closure brought back and done."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site
from tests.journeys.test_parking import Told, make

pytestmark = pytest.mark.journey


def _reported(page: Page, words: str) -> Told:
    """Report on a phone without a name or a number; return code and secret link."""
    page.goto("/report/")
    page.locator('[name="words"]').fill(words)
    page.get_by_role("button", name="下一步：在哪里").click()
    selects = page.locator("[data-area-chooser] select")
    for level in range(3):
        expect(selects).to_have_count(level + 1)
        selects.nth(level).select_option(index=1)
    page.get_by_role("button", name="下一步：怎么联系您").click()
    if page.url.endswith("/similar/"):
        page.get_by_role("button", name="都不是，继续反映").click()
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    link = page.get_by_role("link", name="查看进度").get_attribute("href") or ""
    reference = re.search(r"[A-Z]{2}-\d{4}-\d{5,}-\d", page.content())
    assert reference is not None
    return Told(reference[0], link)


def _at(site: Site, visit: Opener, who: str, told: Told) -> Page:
    """Sign in as a persona and open the case by its address."""
    page = visit(site).new_page()
    site.sign_in(page, who)
    page.goto(f"/desk/cases/{told.reference}/")
    return page


def _judge(page: Page, told: Told, satisfaction: str, verdict: str) -> None:
    """Say as the reporter, by the secret link, how it came out."""
    page.goto(told.link)
    page.locator(f'[name="satisfaction"][value="{satisfaction}"]').check()
    assert_no_violations(page)
    page.get_by_role("button", name=verdict, exact=True).click()


def test_an_anonymous_report_is_carried_and_answered_all_the_same(
    chongchuan: Site, visit: Opener
) -> None:
    resident = visit(chongchuan, phone=True).new_page()
    told = _reported(resident, "有人在架空层私拉电线给车充电，怕起火。")
    grid = _at(chongchuan, visit, "wangge", told)
    expect(grid.locator(".facts").first).to_contain_text("匿名")
    assert_no_violations(grid)
    make(grid, "answer", result="solved", answer="电线已拆除，已告知车主到充电棚充电。")

    resident.goto(told.link)
    expect(resident.locator("main")).to_contain_text("电线已拆除")
    _judge(resident, told, "very_satisfied", "解决了")
    expect(resident.locator("main")).to_contain_text("已解决")
    secretary = _at(chongchuan, visit, "shequ", told)
    expect(secretary.locator("main")).to_contain_text("匿名")
    expect(secretary.get_by_role("button", name="查看反映人")).to_have_count(0)


def test_what_was_called_done_and_is_not_comes_back_and_is_done(
    chongchuan: Site, visit: Opener
) -> None:
    resident = visit(chongchuan, phone=True).new_page()
    told = _reported(resident, "单元门口的窨井盖碎了，晚上看不见。")
    grid = _at(chongchuan, visit, "wangge", told)
    make(grid, "answer", result="solved", answer="井盖已经换好。")

    _judge(resident, told, "very_dissatisfied", "没解决")
    # A person judges: neither the answer nor the verdict closes it by itself.
    secretary = _at(chongchuan, visit, "shequ", told)
    expect(secretary.locator("main")).to_contain_text("核查")
    make(secretary, "redo_grid", reason="到场看过，井盖没有换，请当天换好并拍照。")

    again = _at(chongchuan, visit, "wangge", told)
    expect(again.locator("main")).to_contain_text("到场看过，井盖没有换")
    make(again, "answer", result="solved", answer="今天上午已换上新井盖。")
    resident.goto(told.link)
    expect(resident.locator("main")).to_contain_text("今天上午已换上新井盖")
    _judge(resident, told, "satisfied", "解决了")
    expect(resident.locator("main")).to_contain_text("已解决")

    secretary.reload()
    for words in ("没解决", "交邻里重办", "解决了"):
        expect(secretary.locator("main")).to_contain_text(words)
