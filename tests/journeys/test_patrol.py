"""A grid worker without a network: the page opens, the report waits, and is sent once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey


def _patrolling(site: Site, visit: Opener) -> Page:
    """Sign in as a grid worker on a phone and open the page while there is a network."""
    page = visit(site, phone=True).new_page()
    site.sign_in(page, "wangge")
    page.goto("/desk/patrol/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def _found(page: Page, words: str) -> int:
    """Return how many matters the list finds with these words."""
    page.goto(f"/desk/matters/?status=open&text={words}")
    return page.locator("[data-row]").count()


def test_a_report_written_without_a_network_is_sent_when_it_is_back(
    chongchuan: Site, visit: Opener
) -> None:
    page = _patrolling(chongchuan, visit)
    assert_no_violations(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="随手报")).to_be_visible()
    for words in ("离线甲：东门路灯杆歪了", "离线乙：西门井盖松动"):
        page.locator('[name="words"]').fill(words)
        page.get_by_role("button", name="登记").click()
    queue = page.locator("[data-patrol-queue] li")
    expect(queue).to_have_count(2)
    expect(queue.first).to_contain_text("等待发送")
    assert_no_violations(page)
    page.reload()
    expect(queue).to_have_count(2)
    page.context.set_offline(False)
    sent = page.locator("[data-patrol-sent] li")
    expect(sent).to_have_count(2)
    expect(queue).to_have_count(0)
    assert _found(page, "离线甲") == 1


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(
    chongchuan: Site, visit: Opener
) -> None:
    page = _patrolling(chongchuan, visit)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(0)
        lost[0] = route.fetch().status
        route.abort()

    page.context.route("**/desk/patrol/", lose_the_first)
    page.locator('[name="words"]').fill("丢失的回答：南门垃圾桶翻倒")
    page.get_by_role("button", name="登记").click()
    queue = page.locator("[data-patrol-queue] li")
    expect(queue).to_have_count(1)
    while not lost or not lost[0]:
        page.wait_for_timeout(100)
    page.reload()
    expect(page.locator("[data-patrol-sent] li")).to_have_count(1)
    assert lost == [201]
    assert _found(page, "丢失的回答") == 1


def test_who_signs_out_leaves_no_page_behind(chongchuan: Site, visit: Opener) -> None:
    page = _patrolling(chongchuan, visit)
    kept = "caches.open('gongzhi-patrol-1').then((kept) => kept.keys()).then((all) => all.length)"
    page.wait_for_function(f"{kept}.then((count) => count > 2)")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_load_state()
    assert page.evaluate("caches.has('gongzhi-patrol-1')") is False


def test_a_refusal_of_somebody_else_holds_up_nothing(chongchuan: Site, visit: Opener) -> None:
    page = _patrolling(chongchuan, visit)

    def refuse_the_big_one(route: Route) -> None:
        big = "太大的" in (route.request.post_data or "")
        if big:
            route.fulfill(status=413, content_type="text/html", body="<h1>413</h1>")
        else:
            route.continue_()

    page.context.route("**/desk/patrol/", refuse_the_big_one)
    for words in ("太大的照片：北门围墙裂缝", "后面的一件：北门台阶缺角"):
        page.locator('[name="words"]').fill(words)
        page.get_by_role("button", name="登记").click()
    expect(page.locator("[data-patrol-sent] li")).to_have_count(1)
    expect(page.locator("[data-patrol-queue] li")).to_contain_text("没有被接受")
