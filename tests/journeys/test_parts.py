"""Moves and claims in place: a part of the page changes, the focus stays, nothing goes twice."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey


def _reported(page: Page, words: str) -> str:
    """Report something at the first grid of the lists; return its reference."""
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
    return page.locator("code").first.inner_text()


@pytest.fixture
def case(chongchuan: Site, visit: Opener) -> Page:
    """The page of a fresh case, as the grid worker who holds it sees it."""
    reference = _reported(visit(chongchuan, phone=True).new_page(), "楼道灯坏了三天没人修。")
    page = visit(chongchuan).new_page()
    chongchuan.sign_in(page, "wangge")
    page.goto(f"/desk/cases/{reference}/")
    # A mark that a whole new page would wipe out.
    page.evaluate("document.body.dataset.same = 'yes'")
    return page


def _picture() -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(into, "PNG")
    return into.getvalue()


def _is_same(page: Page) -> bool:
    return bool(page.evaluate("document.body.dataset.same === 'yes'"))


def test_who_leaves_no_name_is_anonymous_to_staff_too(case: Page) -> None:
    expect(case.locator(".facts").first).to_contain_text("匿名")


def test_a_refusal_stands_in_the_form_and_a_success_in_its_part(case: Page) -> None:
    move = case.locator("#move-pass_up")
    move.locator("summary").click()
    move.locator("button[type=submit]").click()
    expect(case.locator(".form-errors")).to_be_focused()
    expect(move.locator(".field-error")).to_be_visible()
    assert _is_same(case)
    assert_no_violations(case)
    case.locator("#move-pass_up textarea").fill("灯具归物业管，请社区协调。")
    case.locator("#move-pass_up button[type=submit]").click()
    expect(case.locator("#messages")).to_contain_text("已办")
    expect(case.locator("#messages .messages")).to_be_focused()
    expect(case.locator("#progress")).to_contain_text("请社区协调")
    expect(case.locator("#move-pass_up")).to_have_count(0)
    assert _is_same(case)
    assert_no_violations(case)


def test_two_presses_make_one_move(case: Page) -> None:
    sent: list[str] = []
    case.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    move = case.locator("#move-pass_up")
    move.locator("summary").click()
    move.locator("textarea").fill("请社区协调。")
    move.locator("button[type=submit]").dblclick()
    expect(case.locator("#messages")).to_contain_text("已办")
    assert len(sent) == 1


def test_what_was_typed_stays_when_the_network_fails(case: Page) -> None:
    move = case.locator("#move-pass_up")
    move.locator("summary").click()
    move.locator("textarea").fill("请社区协调。")
    case.route("**/moves/**", lambda route: route.abort())
    move.locator("button[type=submit]").click()
    expect(move.locator(".form-result")).to_contain_text("没有办成")
    expect(move.locator("textarea")).to_have_value("请社区协调。")
    case.unroute("**/moves/**")

    def broken(route: Route) -> None:
        route.fulfill(status=500, body="<!doctype html><html><body>x</body></html>")

    case.route("**/moves/**", broken)
    move.locator("button[type=submit]").click()
    expect(move.locator(".form-result")).to_contain_text("没有办成")
    case.unroute("**/moves/**")
    move.locator("button[type=submit]").click()
    expect(case.locator("#messages")).to_contain_text("已办")


def test_chosen_photos_stay_when_an_answer_is_missing(case: Page) -> None:
    move = case.locator("#move-pass_up")
    move.locator("summary").click()
    picture = FilePayload(name="a.png", mimeType="image/png", buffer=_picture())
    files = move.locator("input[type=file]")
    files.set_input_files(picture)
    move.locator("button[type=submit]").click()
    expect(move.locator(".field-error")).to_be_visible()
    assert files.evaluate("one => one.files.length") == 1
    move.locator("textarea").fill("请社区协调。")
    move.locator("button[type=submit]").click()
    expect(case.locator("#messages")).to_contain_text("已办")


def test_the_inbox_is_worked_by_keyboard_in_place(case: Page, chongchuan: Site) -> None:
    case.goto("/desk/?tab=pool")
    case.evaluate("document.body.dataset.same = 'yes'")
    before = case.locator("[data-row]").count()
    assert before
    case.keyboard.press("j")
    case.keyboard.press("x")
    case.keyboard.press("a")
    case.keyboard.press("Enter")
    expect(case.locator("#messages")).to_contain_text("已办 1 件")
    expect(case.locator("[data-row]")).to_have_count(before - 1)
    assert _is_same(case)
    assert case.url.endswith("/desk/?tab=pool")
    assert_no_violations(case)


def test_the_same_works_without_scripts(chongchuan: Site, visit: Opener) -> None:
    reference = _reported(visit(chongchuan, phone=True).new_page(), "楼道灯坏了五天没人修。")
    page = visit(chongchuan, java_script_enabled=False).new_page()
    chongchuan.sign_in(page, "wangge")
    page.goto(f"/desk/cases/{reference}/")
    page.locator("#aside form.actions button").click()
    expect(page.locator("#aside form.actions button")).to_contain_text("退回待认领")
    move = page.locator("#move-pass_up")
    move.locator("summary").click()
    move.locator("button[type=submit]").click()
    expect(page.locator("#move-pass_up .field-error")).to_be_visible()
    page.locator("#move-pass_up textarea").fill("请社区协调。")
    page.locator("#move-pass_up button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("已办")
