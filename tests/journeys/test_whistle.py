"""A street whistles for three departments: one comes, one comes late, one does not come at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site
from tests.journeys.test_parking import make, open_case, report_on_a_phone

pytestmark = pytest.mark.journey

SCENE = "小区北门，找网格员周敏"
SECONDS = 25  # a department has to come


def _whistle(street: Page) -> None:
    """Whistle for three departments, to come within seconds."""
    by = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(seconds=SECONDS)
    unfolded = street.locator("#move-whistle")
    unfolded.locator("summary").click()
    unfolded.locator('[name="whistle_kind"][value="joint_enforcement"]').check()
    for name in ("城市管理局", "公安分局", "消防救援大队"):
        unfolded.get_by_label(name).check()
    unfolded.locator('[name="scene"]').fill(SCENE)
    # The control takes seconds too; people see minutes.
    unfolded.locator('[name="arrive_by"]').evaluate(
        "(field, value) => { field.type = 'text'; field.value = value; }",
        by.strftime("%Y-%m-%dT%H:%M:%S"),
    )
    unfolded.locator('[name="whistle_request"]').fill("请到场联合清理消防通道。")
    unfolded.locator("button[type=submit]").click()
    expect(street.locator("#messages")).to_contain_text("已办")


def _part(site: Site, visit: Opener, who: str) -> Page:
    """Sign in as a department's liaison and open its part out of the inbox."""
    page = visit(site).new_page()
    site.sign_in(page, who)
    page.locator("[data-row]", has_text="待报到").first.locator("a").first.click()
    expect(page.locator(".facts").first).to_contain_text(SCENE)
    return page


@pytest.mark.requirement("003-06")
def test_a_whistle_to_three_departments_one_of_them_late(chongchuan: Site, visit: Opener) -> None:
    told = report_on_a_phone(visit(chongchuan, phone=True).new_page())
    grid = open_case(chongchuan, visit, "wangge", told, phone=True)
    make(grid, "pass_up", pass_reason="七辆车占道，劝不动，请社区协调。")
    community = open_case(chongchuan, visit, "shegong", told)
    make(community, "pass_up", pass_reason="涉及执法，社区无权处理。")
    street = open_case(chongchuan, visit, "jiedao", told)
    _whistle(street)
    parts = street.locator(".children li")
    expect(parts).to_have_count(3)
    assert_no_violations(street)

    first = _part(chongchuan, visit, "chengguan")
    assert_no_violations(first)
    make(first, "arrive", arrived="两人，即刻到场")
    make(first, "finish", whistle_result="solved", answer="已清理通道。")
    street.wait_for_timeout(SECONDS * 1000)
    late = _part(chongchuan, visit, "gongan")
    expect(late.locator(".page-head")).to_contain_text("已超期")
    make(late, "arrive", arrived="一人，晚到")
    make(late, "finish", whistle_result="solved", answer="已劝离车辆。")

    street.reload()
    expect(parts.nth(2)).to_contain_text("待报到")
    for number in (0, 1):
        parts.nth(number).locator("a").click()
        make(street, "rate", whistle_rating="good" if number == 0 else "poor")
        street.get_by_role("link", name="三号楼北侧").first.click()
    parts.nth(2).locator("a").click()
    make(street, "absent", reason="电话催了两次没有来。")
    street.get_by_role("link", name="三号楼北侧").first.click()
    make(street, "answer", result="solved", answer="几家部门到场，通道已经清开。")
    assert_no_violations(street)
