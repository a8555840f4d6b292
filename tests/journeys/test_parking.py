"""A parking complaint goes the whole way: reported on a phone, carried by four levels, judged."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

WORDS = "三号楼北侧消防通道每天晚上七点以后停满了车，救护车进不来，希望划线并安排人管。"


@dataclass(frozen=True, slots=True)
class Told:
    """What the resident keeps after sending."""

    reference: str
    link: str


def report_on_a_phone(page: Page) -> Told:
    """Report in three short steps, place chosen from the lists; return code and secret link."""
    page.goto("/")
    page.get_by_role("link", name="反映问题").first.click()
    page.locator('[name="words"]').fill(WORDS)
    assert_no_violations(page)
    page.get_by_role("button", name="下一步：在哪里").click()
    selects = page.locator("[data-area-chooser] select")
    for level in range(3):
        expect(selects).to_have_count(level + 1)
        selects.nth(level).select_option(index=1)
    page.locator('[name="place_text"]').fill("3号楼北侧")
    assert_no_violations(page)
    page.get_by_role("button", name="下一步：怎么联系您").click()
    if page.url.endswith("/similar/"):
        assert_no_violations(page)
        page.get_by_role("button", name="都不是，继续反映").click()
    page.locator('[name="name"]').fill("李演示")
    page.locator('[name="phone"]').fill("19900000417")
    assert_no_violations(page)
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    assert_no_violations(page)
    link = page.get_by_role("link", name="查看进度").get_attribute("href") or ""
    reference = re.search(r"[A-Z]{2}-\d{4}-\d{5,}-\d", page.content())
    assert reference is not None
    return Told(reference[0], link)


def fill(move: Locator, key: str, value: str) -> None:
    """Answer one field, whatever control it has."""
    field = move.locator(f'[name="{key}"]')
    if field.first.evaluate("one => one.tagName") == "SELECT":
        found = field.locator("option", has_text=value).first.get_attribute("value")
        field.select_option(value=found or value)
    elif field.first.get_attribute("type") in ("radio", "checkbox"):
        move.locator(f'[name="{key}"][value="{value}"]').check()
    else:
        field.fill(value)


def make(page: Page, move: str, **answers: str) -> None:
    """Unfold a move on the case page, answer its form and submit it."""
    unfolded = page.locator(f'details.move:has(form[action$="/moves/{move}/"])')
    unfolded.locator("summary").click()
    for key, value in answers.items():
        fill(unfolded, key, value)
    unfolded.locator("button[type=submit]").click()
    expect(page.locator("#messages")).to_contain_text("已办")


def open_case(site: Site, visit: Opener, who: str, told: Told, *, phone: bool = False) -> Page:
    """Sign in as a persona and open the case out of the inbox."""
    page = visit(site, phone=phone).new_page()
    site.sign_in(page, who)
    assert_no_violations(page)
    line = page.locator(f'[data-row] a[href*="{told.reference}"]')
    expect(line).to_have_count(1)
    line.click()
    expect(page.locator(".words").first).to_contain_text("消防通道")
    assert_no_violations(page)
    return page


def play(site: Site, visit: Opener) -> tuple[Page, Told]:
    """Play the whole way by five personas; return the resident's page at the end."""
    resident = visit(site, phone=True).new_page()
    told = report_on_a_phone(resident)

    grid = open_case(site, visit, "wangge", told, phone=True)
    assert "19900000417" not in grid.content()
    make(grid, "pass_up", pass_reason="占道车辆七辆，已贴提示单，涉及划线，请社区协调。")

    community = open_case(site, visit, "shegong", told)
    make(community, "pass_up", pass_reason="涉及执法，社区无权处理。")

    street = open_case(site, visit, "jiedao", told)
    asked = "请划定禁停线并安排夜间巡查。"
    make(street, "dispatch", lead_organisation="城市管理局", instruction=asked)

    department = open_case(site, visit, "chengguan", told)
    assert "李" not in department.locator(".facts").first.inner_text()
    make(department, "answer", result="solved", answer="已划定消防通道禁停线，夜间有人巡查。")

    resident.goto(told.link)
    expect(resident.locator("main")).to_contain_text("已划定消防通道禁停线")
    assert_no_violations(resident)
    return resident, told


def test_a_parking_complaint_goes_the_whole_way(chongchuan: Site, visit: Opener) -> None:
    resident, told = play(chongchuan, visit)
    resident.locator('[name="satisfaction"][value="satisfied"]').check()
    resident.get_by_role("button", name="解决了").click()
    expect(resident.locator("main")).to_contain_text("已解决")

    desk = visit(chongchuan).new_page()
    chongchuan.sign_in(desk, "shequ")
    desk.goto(f"/desk/cases/{told.reference}/")
    for words in ("上报社区", "上报街道", "派单", "办好答复", "解决了"):
        expect(desk.locator("main")).to_contain_text(words)
    expect(desk.locator("details.move:has(form[action*='/moves/'])")).to_have_count(0)


def test_the_same_in_another_district_with_its_own_level_names(wuda: Site, visit: Opener) -> None:
    resident, told = play(wuda, visit)
    expect(resident.locator("main")).to_contain_text("红色单元")
    resident.locator('[name="satisfaction"][value="dissatisfied"]').check()
    resident.get_by_role("button", name="没解决").click()

    secretary = open_case(wuda, visit, "shequ", told)
    make(secretary, "redo_grid", reason="夜间又有车占道，请网格盯住。")
    expect(secretary.locator("main")).to_contain_text("网格")


def test_by_the_code_alone_nobody_reads_the_words(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan, phone=True).new_page()
    told = report_on_a_phone(page)
    stranger = visit(chongchuan, phone=True).new_page()
    stranger.goto("/follow/")
    stranger.locator('[name="reference"]').fill(told.reference.lower().replace("-", " "))
    stranger.get_by_role("button", name="查").last.click()
    expect(stranger.locator("main")).to_contain_text(told.reference)
    assert "消防通道" not in stranger.content()
    assert_no_violations(stranger)


def test_a_resident_reports_without_scripts(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan, phone=True, java_script_enabled=False).new_page()
    page.goto("/report/")
    page.locator('[name="words"]').fill(WORDS)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_role("button", name="说不清在哪").click()
    if page.url.endswith("/similar/"):
        page.get_by_role("button", name="都不是，继续反映").click()
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
