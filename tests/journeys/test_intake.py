"""Taking in, in the browser: a clerk's keyboard, a sheet with three bad rows, six for one lamp."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

LAMP = "凤凰亭旁边的路灯坏了，晚上一片黑"
OTHERS = (
    "凤凰亭的路灯不亮，晚上看不见",
    "路灯坏了好几天，凤凰亭那边很黑",
    "凤凰亭路灯不亮没人修",
    "凤凰亭旁路灯坏了老人摔跤",
    "凤凰亭边上的路灯一直坏着",
)
SHEET = """工单编号,诉求内容,诉求类别,所属社区,联系电话,受理时间
JOURNEY-1,小区路灯不亮,路灯不亮,,19900000001,2026-02-01 09:30
JOURNEY-2,垃圾没人清运,市容,,,
JOURNEY-3,,,,,
JOURNEY-4,井盖坏了,,没有这个社区,,昨天
JOURNEY-5,占道经营,,,19900000002转8,
"""


def type_in(page: Page, words: str) -> None:
    """Type where the focus is."""
    page.keyboard.insert_text(words)


def focused(page: Page, name: str) -> None:
    """Check that the focus is in the field of this name."""
    expect(page.locator(f'main [name="{name}"]:focus')).to_have_count(1)


def test_a_clerk_needs_the_keyboard_only(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan).new_page()
    chongchuan.sign_in(page, "指挥中心")
    page.goto("/desk/matters/new/")
    focused(page, "words")
    page.keyboard.type("东门口流动摊占道，早晚高峰走不过去")
    expect(page.locator('#alike [name="suggested"]').first).to_be_attached()
    assert_no_violations(page)
    page.keyboard.press("Tab")
    focused(page, "suggested")
    page.keyboard.press("Space")
    expect(page.locator('#alike [name="suggested"]:checked')).to_have_count(1)
    while page.evaluate("document.activeElement.name") != "place_text":
        page.keyboard.press("Tab")
    type_in(page, "东门菜场外")
    page.keyboard.press("Tab")
    focused(page, "area")
    for level in (2, 3):  # each choice leads on to the next list
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-area-chooser] select")).to_have_count(level)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=**")
    first = re.search(r"[A-Z]{2}-\d{4}-\d{5,}-\d", page.locator("#entered").inner_text())
    assert first
    focused(page, "words")
    assert_no_violations(page)
    # The next one: Enter in a line of its own sends as well, and never the button of another part.
    page.keyboard.type("三号楼西边窨井冒水")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "place_text":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "done=" in url and first[0] not in url)
    focused(page, "words")


@pytest.mark.requirement("003-07")
def test_a_sheet_with_three_bad_rows(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan).new_page()
    chongchuan.sign_in(page, "指挥中心")
    page.goto("/desk/matters/import/")
    file: FilePayload = {
        "name": "12345.csv",
        "mimeType": "text/csv",
        "buffer": SHEET.encode("gb18030"),
    }
    page.set_input_files("input[type=file]", files=[file])
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="2 行可以导入，3 行有错")).to_be_visible()
    assert_no_violations(page)
    row = page.locator("details.move", has_text="JOURNEY-5")
    expect(row.locator("input[type=text]")).to_have_value("19900000002")
    row.get_by_role("button", name="改好这一行").click()
    page.get_by_role("button", name="确认导入 3 行").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible(timeout=90_000)
    expect(page.locator("#progress")).to_contain_text("导入 3 行；以前导入过 0 行；有错没导入 2 行")
    assert_no_violations(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有错的行").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="看导入的事项").click()
    expect(page.locator("main")).to_contain_text("小区路灯不亮")


def tell(page: Page, words: str) -> None:
    """Report up to the page that follows the place."""
    page.goto("/report/")
    page.locator('[name="words"]').fill(words)
    page.get_by_role("button", name="下一步：在哪里").click()
    selects = page.locator("[data-area-chooser] select")
    for level in range(3):
        expect(selects).to_have_count(level + 1)
        selects.nth(level).select_option(index=1)
    page.get_by_role("button", name="下一步：怎么联系您").click()


def send(page: Page) -> str:
    """Send the report, and return the reporter's link."""
    page.get_by_role("button", name="送出").click()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    return page.get_by_role("link", name="查看进度").get_attribute("href") or ""


def test_six_residents_one_lamp_one_reply(chongchuan: Site, visit: Opener) -> None:
    """One reports, four follow, one insists and is merged; all six read one reply."""
    page = visit(chongchuan, phone=True).new_page()
    tell(page, LAMP)
    if "similar" in page.url:
        page.get_by_role("button", name="都不是，继续反映").click()
    links = [send(page)]
    reference = links[0].split("/")[2]
    for words in OTHERS[:4]:
        tell(page, words)
        expect(page.get_by_role("heading", name="附近有人反映过")).to_be_visible()
        assert LAMP not in page.content()
        assert_no_violations(page)
        page.locator(f'button[name="follow"][value="{reference}"]').click()
        links.append(send(page))
    tell(page, OTHERS[4])
    page.get_by_role("button", name="都不是，继续反映").click()
    links.append(send(page))
    own = links[-1].split("/")[2]
    worker = visit(chongchuan).new_page()
    chongchuan.sign_in(worker, "网格员")
    worker.goto(f"/desk/matters/{own}/")
    worker.get_by_role("button", name=f"把这件并入 {reference}").click()
    expect(worker.locator("#several")).to_contain_text("反映人 6 位")
    assert_no_violations(worker)
    unfolded = worker.locator('details.move:has(form[action$="/moves/answer/"])')
    unfolded.locator("summary").click()
    unfolded.locator('[name="result"][value="solved"]').check()
    unfolded.locator('[name="answer"]').fill("灯泡已经换好")
    unfolded.locator("button[type=submit]").click()
    expect(worker.locator("#messages")).to_contain_text("已办")
    for link in links:
        page.goto(link)
        expect(page.locator("main")).to_contain_text("灯泡已经换好")
    assert_no_violations(page)
    page.get_by_role("button", name="解决了").click()
    expect(page.locator("main")).to_contain_text("已解决")
