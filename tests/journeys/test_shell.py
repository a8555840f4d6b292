"""The shell in a real browser: large print, keyboard, the area chooser with and without scripts."""

from __future__ import annotations

import http.client

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import Site

pytestmark = pytest.mark.journey


@pytest.fixture
def phone_page(chongchuan: Site, visit: Opener) -> Page:
    """The residents' site on a phone."""
    return visit(chongchuan, phone=True).new_page()


def test_large_print_stays_over_pages_without_scripts(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan, phone=True, java_script_enabled=False).new_page()
    page.goto("/help/")
    page.get_by_role("button", name="大字").click()
    expect(page).to_have_url(f"{chongchuan.url}/help/")
    expect(page.locator("html")).to_have_class("large-print")
    page.goto("/")
    expect(page.locator("html")).to_have_class("large-print")
    page.get_by_role("button", name="标准字").click()
    expect(page.locator("html")).not_to_have_class("large-print")


def test_large_print_is_twenty_pixels_and_fits_the_phone(phone_page: Page) -> None:
    phone_page.goto("/")
    phone_page.get_by_role("button", name="大字").click()
    expect(phone_page.locator("html")).to_have_class("large-print")
    size = phone_page.evaluate("getComputedStyle(document.body).fontSize")
    assert size == "20px"
    root = "document.documentElement"
    assert phone_page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    assert_no_violations(phone_page)


def test_what_one_presses_is_large_enough_for_a_finger(phone_page: Page) -> None:
    phone_page.goto("/")
    small = phone_page.evaluate(
        """() => [...document.querySelectorAll('a, button')]
            .filter(one => one.offsetParent && !one.closest('.skip-link, p'))
            .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44)
            .map(([text, box]) => `${text} ${box.height}`)"""
    )
    assert small == []


def test_choosing_a_street_opens_its_communities(phone_page: Page) -> None:
    phone_page.goto("/my-grid/")
    chooser = phone_page.locator("[data-area-chooser]")
    expect(chooser.locator("select")).to_have_count(1)
    chooser.locator("select").first.select_option(index=1)
    expect(chooser.locator("select")).to_have_count(2)
    expect(chooser.locator("select").nth(1)).to_be_focused()
    chooser.locator("select").nth(1).select_option(index=1)
    expect(chooser.locator("select")).to_have_count(3)
    # Another street closes what was chosen below it.
    chooser.locator("select").first.select_option(index=2)
    expect(chooser.locator("select")).to_have_count(2)


def test_the_chooser_works_without_scripts(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan, phone=True, java_script_enabled=False).new_page()
    page.goto("/my-grid/")
    for count in (1, 2, 3):
        selects = page.locator("[data-area-chooser] select")
        expect(selects).to_have_count(count)
        selects.nth(count - 1).select_option(index=1)
        page.locator("form:has([data-area-chooser]) button").last.click()
    expect(page.locator("[data-area-chooser] select")).to_have_count(3)


def test_the_map_says_in_which_grid_a_pressed_place_lies(phone_page: Page) -> None:
    phone_page.goto("/my-grid/")
    phone_page.wait_for_selector("[data-map][data-drawn]")
    box = phone_page.locator("[data-map]").bounding_box()
    assert box is not None
    phone_page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(phone_page.locator("[data-place-name]")).to_contain_text("位置在：")
    assert float(phone_page.locator('input[name="lon"]').input_value()) > 100


def test_the_keyboard_finds_search_help_and_rows(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan).new_page()
    chongchuan.sign_in(page, "社区书记")
    page.goto("/desk/search/?q=社区")
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#desk-search").blur()
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first.locator("a")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1).locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(f"{chongchuan.url}/desk/search/?q=社区")


def test_nothing_is_loaded_from_elsewhere(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in ("/", "/my-grid/", "/help/", "/accounts/login/"):
        page.goto(address, wait_until="networkidle")
    assert asked
    foreign = [url for url in asked if not url.startswith((chongchuan.url, "blob:", "data:"))]
    assert foreign == []


def test_pages_without_maps_are_light(chongchuan: Site, visit: Opener) -> None:
    page = visit(chongchuan, phone=True).new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(answer.request.sizes()["responseBodySize"]))
    page.goto("/", wait_until="networkidle")
    assert 0 < sum(sizes) < 150_000


def test_readers_who_keep_their_connection_hold_nobody_up(chongchuan: Site) -> None:
    host, port = chongchuan.url.removeprefix("http://").split(":")
    kept = []
    try:
        for _reader in range(300):
            line = http.client.HTTPConnection(host, int(port), timeout=15)
            kept.append(line)
            line.request("GET", "/health")
            answer = line.getresponse()
            answer.read()
            # Still open: the next one comes beside it, not after it.
            assert (answer.status, answer.will_close) == (200, False)
    finally:
        for line in kept:
            line.close()
