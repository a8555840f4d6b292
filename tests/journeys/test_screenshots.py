"""The main pages open, fit their screen, please axe, and can be pictured (`make screenshots`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import assert_no_violations
from tests.journeys.conftest import Opener
from tests.journeys.site import ROOT, Site

PICTURES = ROOT / "var" / "screenshots"


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as one reader sees it. `persona` is a user name or words of a post."""

    name: str
    path: str
    persona: str = ""
    phone: bool = False
    large: bool = False
    english: bool = False


PAGES = (
    Picture("home-phone", "/", phone=True),
    Picture("home-large-print", "/", phone=True, large=True),
    Picture("home-desktop", "/"),
    Picture("help-phone", "/help/", phone=True),
    Picture("privacy-phone", "/privacy/", phone=True),
    Picture("report-phone", "/report/", phone=True),
    Picture("follow-phone", "/follow/", phone=True),
    Picture("my-grid-phone", "/my-grid/", phone=True),
    Picture("sign-in-desktop", "/accounts/login/"),
    Picture("not-found-phone", "/no/such/page/", phone=True),
    Picture("inbox-desktop", "/desk/", "社区书记"),
    Picture("inbox-phone", "/desk/", "网格员", phone=True),
    Picture("inbox-large-print", "/desk/", "社区书记", large=True),
    Picture("matters-desktop", "/desk/matters/", "社区书记"),
    Picture("matters-phone", "/desk/matters/", "社区书记", phone=True),
    Picture("map-desktop", "/desk/map/", "社区书记"),
    Picture("map-phone", "/desk/map/", "社区书记", phone=True),
    Picture("search-desktop", "/desk/search/?q=社区", "社区书记"),
    Picture("people-desktop", "/desk/people/", "安全"),
    Picture("posts-desktop", "/desk/posts/", "安全"),
    Picture("organisations-desktop", "/desk/organisations/", "社区书记"),
    Picture("areas-desktop", "/desk/areas/", "系统"),
    Picture("procedures-desktop", "/desk/procedures/", "系统"),
    Picture("notices-desktop", "/desk/notices/", "社区书记"),
    Picture("notices-phone", "/desk/notices/", "网格员", phone=True),
    Picture("notices-mail-phone", "/desk/notices/mail/", "社区书记", phone=True),
    Picture("letters-desktop", "/desk/notices/letters/", "系统"),
    Picture("account-desktop", "/desk/account/", "社区书记"),
    Picture("settings-desktop", "/desk/settings/", "系统"),
    Picture("settings-phone", "/desk/settings/", "系统", phone=True),
    Picture("calendar-desktop", "/desk/settings/calendar/", "系统"),
    Picture("categories-phone", "/desk/settings/categories/", "系统", phone=True),
    Picture("webhooks-desktop", "/desk/webhooks/", "系统"),
    Picture("webhook-new-phone", "/desk/webhooks/new/", "系统", phone=True),
    Picture("components-desktop", "/desk/components/", "系统"),
    Picture("components-phone", "/desk/components/", "系统", phone=True),
    Picture("figures-desktop", "/desk/figures/", "指挥中心"),
    Picture("figures-phone", "/desk/figures/", "社区书记", phone=True),
    Picture("figures-english", "/desk/figures/", "指挥中心", english=True),
    Picture("burden-desktop", "/desk/figures/burden/", "指挥中心"),
    Picture("public-figures-phone", "/figures/", phone=True),
    Picture("home-english", "/", phone=True, english=True),
    Picture("follow-english", "/follow/", phone=True, english=True),
    Picture("inbox-english-phone", "/desk/", "社区书记", phone=True, english=True),
    Picture("notices-english-phone", "/desk/notices/", "社区书记", phone=True, english=True),
    Picture("matters-english", "/desk/matters/", "社区书记", english=True),
    Picture("disputes-desktop", "/desk/disputes/", "社区书记"),
    Picture("disputes-phone", "/desk/disputes/", "社区书记", phone=True),
    Picture("dispute-new-phone", "/desk/disputes/new/", "社区书记", phone=True),
    Picture("disputes-english", "/desk/disputes/", "社区书记", english=True),
    Picture("visits-desktop", "/desk/visits/", "社区书记"),
    Picture("visit-new-phone", "/desk/visits/new/", "网格员", phone=True),
    Picture("visit-new-english", "/desk/visits/new/", "网格员", english=True),
)


def _opened(site: Site, visit: Opener, picture: Picture) -> Page:
    context = visit(site, phone=picture.phone)
    page = context.new_page()
    if picture.persona:
        site.sign_in(page, picture.persona)
    if picture.large:  # after signing in, which brings the account's own choice
        context.add_cookies([{"name": "large_print", "value": "1", "url": site.url}])
    if picture.english:
        context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
    answer = page.goto(picture.path)
    assert answer is not None
    assert answer.status == (404 if picture.name.startswith("not-found") else 200)
    if page.locator("[data-map]").count():
        page.wait_for_selector("[data-map][data-drawn], .map-failed")
    return page


def _fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@pytest.mark.journey
@pytest.mark.parametrize("picture", PAGES, ids=lambda picture: str(picture.name))
def test_screenshots(
    request: pytest.FixtureRequest, chongchuan: Site, visit: Opener, picture: Picture
) -> None:
    page = _opened(chongchuan, visit, picture)
    if request.config.getoption("--screenshots", default=False):
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{picture.name}.png", full_page=picture.phone)
    assert _fits(page), "the page scrolls sideways"
    assert_no_violations(page)
